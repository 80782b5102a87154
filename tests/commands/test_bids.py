"""bid: a tender's keys made, a bid sealed, and nothing opened before its time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.scoring.sealing import commitment
from ledger.services.tenders import publish_scheme
from tests.api.test_sealed_bids import TENDER, desk
from tests.builders import opened
from tests.unit.scoring.tender import criterion, scheme


def test_keys_and_a_seal_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Private halves and the bid's body stay in files of their owners; the log holds what they hash to."""
    home = tmp_path / "home"
    monkeypatch.setenv("ONECODE_HOME", str(home))
    from datetime import datetime

    far = datetime.fromisoformat("2099-01-01T00:00:00+08:00")
    with opened(home) as ledger:
        publish_scheme(
            desk(ledger, "owner"), scheme(criterion("price", "100", "lowest-price"), id=TENDER, closes_at=far)
        )
    for holder in ("buyer", "auditor"):
        out = tmp_path / f"{holder}.json"
        assert main(["bid", "keys", TENDER, "--holder", holder, "-o", str(out), "--submitter", holder]) == 0
        assert out.stat().st_mode & 0o077 == 0
    body = tmp_path / "bid.json"
    body.write_text('{"price": "123456789"}')
    kept = tmp_path / "kept.json"
    capsys.readouterr()
    assert main(["--json", "bid", "seal", TENDER, str(body), "--supplier", "org-a", "-o", str(kept)]) == 0
    said = json.loads(capsys.readouterr().out)
    told = json.loads(kept.read_text())
    assert commitment(bytes.fromhex(told["nonce"]), told["body"].encode()).hex() == said["commitment"]
    assert b"123456789" not in b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert main(["bid", "release", str(tmp_path / "buyer.json"), "--submitter", "buyer"]) == 1
    assert main(["bid", "opened", TENDER]) == 1

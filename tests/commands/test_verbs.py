"""The command line, as a person types it: exit codes, both languages, and files that survive it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.ports.audit import WantedDeeds
from ledger.services.capture import capture
from ledger.services.deeds import deeds
from ledger.services.worker import settle
from ledger.settings import Settings
from ledger.wiring import open_ledger
from tests.builders import legs


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with three confirmed entries, left closed."""
    home = tmp_path_factory.mktemp("home")
    with open_ledger(Settings(home=home)) as ledger:
        names = {"tenant": "demo", "submitter": "owner"}
        capture(ledger.entries, ledger.clock, ledger.random, **names, records=legs(3))
        newest = settle(ledger.worker())
        assert newest is not None
        assert newest.state == "confirmed"
    return home


def _run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "--json", *words])


def _said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def proof(home: Path) -> Path:
    """The proof of entry 1."""
    path = home / "proof.json"
    assert _run(home, "prove", "1", "-o", str(path)) == 0
    return path


def test_a_proof_holds_against_the_key_on_this_machine(home: Path, proof: Path, capsys: Any) -> None:
    """Exit code 0, and the words say recorded, not true."""
    assert _run(home, "verify", str(proof)) == 0
    assert _said(capsys)["verdict"] == 0
    assert main(["--home", str(home), "verify", str(proof)]) == 0
    assert "true" in capsys.readouterr().out


def test_the_one_file_verifier_is_handed_out(home: Path, proof: Path, tmp_path: Path, capsys: Any) -> None:
    """Written by `verify --export`, run by a Python that has nothing of ours, it knows a proof and a pin of ours."""
    out, pin = tmp_path / "alone" / "verify.py", tmp_path / "pin.txt"
    out.parent.mkdir()
    assert _run(tmp_path / "none", "verify", "--export", str(out)) == 0
    assert _run(tmp_path / "none", "verify") == 2
    assert _run(home, "pin", "-o", str(pin)) == 0
    capsys.readouterr()
    line = [sys.executable, "-I", "-S", str(out), str(proof), "--pinned", str(pin)]
    done = subprocess.run(line, check=False, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Holds: entry 1 is recorded" in done.stdout
    assert "成立：第 1 号条目" in done.stdout


def test_checkpoints_of_two_sizes_are_joined_by_a_file(home: Path, proof: Path, tmp_path: Path, capsys: Any) -> None:
    """`pin --since`: the one-file verifier, which could not tell, now sees that the log only grew."""
    old, grown, joined = tmp_path / "old.txt", tmp_path / "grown", tmp_path / "joined.txt"
    assert _run(home, "pin", "-o", str(old)) == 0
    size = _said(capsys)["size"]
    shutil.copytree(home, grown)
    with open_ledger(Settings(home=grown)) as ledger:
        names = {"tenant": "demo", "submitter": "owner"}
        capture(ledger.entries, ledger.clock, ledger.random, **names, records=legs(3, 900))
        settle(ledger.worker())
    later, pin = tmp_path / "later.json", tmp_path / "pin.txt"
    assert _run(grown, "prove", str(size), "-o", str(later)) == 0
    assert _run(grown, "pin", "-o", str(pin)) == 0
    assert _run(grown, "pin", "--since", str(size), "-o", str(joined)) == 0
    assert _run(grown, "pin", "--since", "10000") == 1
    verifier = str(files("ledger.data") / "court" / "verify.py")
    line = [sys.executable, "-I", "-S", verifier, str(later), "--pinned", str(old)]
    assert subprocess.run(line, check=False, capture_output=True, timeout=60).returncode == 2
    assert subprocess.run([*line, "--consistency", str(joined)], check=False, timeout=60).returncode == 0
    capsys.readouterr()


def test_any_changed_byte_is_caught(home: Path, proof: Path, tmp_path: Path, capsys: Any) -> None:
    """Exit code 1 after any single byte of the file is changed, one bit and another value of each byte in turn."""
    data = proof.read_bytes()
    changed = tmp_path / "changed.json"
    for at in range(0, len(data), 7):
        for other in (data[at] ^ 1, (data[at] + 13) % 256):
            changed.write_bytes(data[:at] + bytes([other]) + data[at + 1 :])
            assert _run(home, "verify", str(changed)) == 1, (at, other)
    capsys.readouterr()


def test_a_longer_or_shorter_file_is_caught(home: Path, proof: Path, tmp_path: Path, capsys: Any) -> None:
    """A byte more or less is a change too."""
    data = proof.read_bytes()
    changed = tmp_path / "changed.json"
    for other in (data[:-1], data + b"\n", b" " + data, b""):
        changed.write_bytes(other)
        assert _run(home, "verify", str(changed)) == 1
    capsys.readouterr()


def test_without_anyone_to_trust_it_cannot_tell(proof: Path, tmp_path: Path, capsys: Any) -> None:
    """Exit code 2 where this machine has no key, the file is not there, or the node does not answer."""
    stranger = tmp_path / "stranger"
    assert _run(stranger, "verify", str(proof)) == 2
    assert _run(stranger, "verify", str(tmp_path / "absent.json")) == 2
    key = str(proof.parent / "note.pub")
    assert _run(stranger, "verify", str(proof), "--key", key, "--rpc", "http://127.0.0.1:9") == 2
    assert _run(stranger, "verify", str(proof), "--key", key) == 0
    capsys.readouterr()
    assert not stranger.exists(), "verifying writes nothing"


def test_a_pin_settles_it(home: Path, proof: Path, tmp_path: Path, capsys: Any) -> None:
    """The verifier's own checkpoint: 0 when it is the same, 1 when the proof is of another log."""
    pin = tmp_path / "pin.txt"
    assert _run(home, "pin", "-o", str(pin)) == 0
    assert _run(tmp_path / "none", "verify", str(proof), "--pinned", str(pin)) == 0
    other = tmp_path / "other"
    with open_ledger(Settings(home=other)) as ledger:
        names = {"tenant": "demo", "submitter": "owner"}
        capture(ledger.entries, ledger.clock, ledger.random, **names, records=legs(3))
        settle(ledger.worker())
    assert _run(other, "pin", "-o", str(pin)) == 0
    assert _run(tmp_path / "none", "verify", str(proof), "--pinned", str(pin)) == 1
    capsys.readouterr()


def test_the_chain_confirms_the_proof(home: Path, proof: Path, capsys: Any) -> None:
    """--rpc asks the contract; the embedded chain is one more chain."""
    assert _run(home, "verify", str(proof), "--rpc", f"embedded:{home / 'chain.sqlite'}") == 0
    capsys.readouterr()


def test_check_and_deploy_can_be_repeated(home: Path, capsys: Any) -> None:
    """check says 0 on a sound ledger; deploy gives the same contract twice."""
    assert _run(home, "check") == 0
    assert _said(capsys) | {"faults": []} == {
        "verdict": 0,
        "entries": 3,
        "checkpoints": 1,
        "first_bad": None,
        "chain_size": 3,
        "faults": [],
    }
    assert _run(home, "deploy") == 0
    first = _said(capsys)
    assert _run(home, "deploy") == 0
    assert _said(capsys) == first


def test_rebuild_gives_the_same_projections(home: Path, capsys: Any) -> None:
    """Projections can be thrown away."""
    assert _run(home, "rebuild") == 0
    assert _said(capsys) == {"entries": 3}


def test_errors_speak_the_readers_language(home: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absent entry is an error with a way out, in Chinese where the reader is Chinese."""
    monkeypatch.setenv("ONECODE_LANG", "zh")
    assert main(["--home", str(home), "prove", "99"]) == 1
    assert "没有条目 99" in capsys.readouterr().err


def test_a_ledger_keeps_its_name(home: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another origin on the same home is refused."""
    monkeypatch.setenv("ONECODE_ORIGIN", "other.example/log")
    assert _run(home, "check") == 1
    assert _said(capsys)["error"]["code"] == "settings.founded-otherwise"


def test_a_readers_key_is_in_the_log_of_deeds(tmp_path: Path, capsys: Any) -> None:
    """Once, in the operator's name; changing the reader issues none."""
    words = ("readers", "--add", "dock", "--place", "https://id.gs1.org/414/9506000134352", "--antennas", "1")
    assert _run(tmp_path, *words) == 0
    assert _said(capsys)["key"].startswith("ocl_")
    assert _run(tmp_path, *words) == 0
    assert _said(capsys)["key"] == ""
    with open_ledger(Settings(home=tmp_path)) as ledger:
        (line,) = deeds(ledger, "demo", WantedDeeds(act="issue_key"), None, 10)
    assert line.principal == "operator"

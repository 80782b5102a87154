"""``ledger consortium``, as two organisations type it: founded, paused, resumed, a key rotated, and all of it shown."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from ledger.__main__ import main
from ledger.commands.consortium import account_of, key_of, proposal_of, roles_of
from ledger.log.checkpoint import VerifierKey
from ledger.services.prove import prove
from tests.builders import captured, leg, opened


def test_from_founding_to_history(tmp_path: Path, capsys: Any) -> None:
    """A pause stops `ledger anchor`, resuming lets it go on, and the log tells who decided what in which block."""
    home = tmp_path / "home"

    def run(*words: str) -> tuple[int, Any]:
        code = main(["--home", str(home), "--json", *words])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    def by(name: str, *words: str) -> Any:
        code, said = run("consortium", "--keystore", str(tmp_path / f"{name}.json"), *words)
        assert code == 0, said
        return said

    assert run("deploy")[0] == 0
    with opened(home) as ledger:
        captured(ledger, [leg()])
        _enter_north(ledger)
        key, sender = str(ledger.note_key.verifier), ledger.chain.identity().sender
    accounts = {name: by(name, "account")["account"] for name in ("a", "b")}
    everything = ["anchor", "witness", "guardian"]
    charter = {
        "organisations": [
            {"name": "north", "account": accounts["a"], "roles": everything, "anchor": sender, "key": key},
            {"name": "south", "account": accounts["b"], "roles": everything},
        ],
        "quorum": 2,
        "pause_quorum": 2,
    }
    (tmp_path / "charter.json").write_text(json.dumps(charter))
    made = run("consortium", "found", str(tmp_path / "charter.json"), "--hand-over")[1]
    assert made["governs"]

    put = by("a", "pause")
    assert not put["carried"]
    by("b", "approve", put["proposal"])
    code, said = run("anchor")
    assert (code, said["error"]["code"]) == (2, "chain.paused")
    by("a", "resume")
    resumed = by("b", "resume")
    assert resumed["carried"]
    assert run("anchor")[0] == 0

    shown = run("consortium", "show")[1]
    assert (shown["contract"], shown["paused"], shown["quorum"]) == (made["contract"], False, 2)
    assert (shown["governs"], shown["agreement"]) == (True, "agrees")
    north = shown["organisations"][0]
    assert (north["name"], north["anchors"]) == ("north", [sender])
    assert [one["key"] for one in north["keys"]] == [VerifierKey.parse(key).public.hex()]
    assert shown["organisations"][1]["name"] is None
    told = [(one["act"], one["block"]) for one in shown["changes"]]
    assert ("resumed", resumed["block"]) in told
    assert [act for act, _ in told].count("approved") == 2
    assert run("consortium", "show", "--block", str(resumed["block"] - 1))[1]["paused"]

    # The keys as a file: what the log's key signed stands; what it signs after it was replaced does not.
    kept, proof = tmp_path / "keys.txt", tmp_path / "proof.json"
    before = _prove(home, proof)
    assert run("consortium", "keys", "-o", str(kept))[1]["block"] == resumed["block"]
    assert run("verify", str(proof), "--keys", str(kept))[1]["keys_as_of_block"] == resumed["block"]
    by("a", "rotate", "ab" * 32, "--from-size", str(before + 1))
    assert run("consortium", "keys", "-o", str(kept))[0] == 0
    assert run("verify", str(proof), "--keys", str(kept))[0] == 0
    assert run("anchor")[1]["error"]["code"] == "chain.key-not-in-force"
    assert _prove(home, proof) > before
    assert run("verify", str(proof))[0] == 0
    assert run("verify", str(proof), "--keys", str(kept)) == (1, {
        "verdict": 1, "code": "proof.key-not-in-force", "why": ANY
    })  # fmt: skip
    alone = [sys.executable, "-I", "-S", str(files("ledger.data") / "court" / "verify.py"), "--json", "--key", key]
    done = subprocess.run([*alone, "--keys", str(kept), str(proof)], check=False, capture_output=True, timeout=60)
    assert json.loads(done.stdout)["verdict"] == "not-in-force"


def _prove(home: Path, out: Path) -> int:
    """Write the first entry's proof at the newest checkpoint; its size."""
    with opened(home) as ledger:
        newest = ledger.checkpoints.latest()
        assert newest is not None
        out.write_bytes(prove(ledger.entries, ledger.checkpoints, 0, newest.checkpoint.size).to_bytes())
        return newest.checkpoint.size


def _enter_north(ledger: Any) -> None:
    from ledger.services.organisations import add_organisation

    add_organisation(
        ledger.organisations, ledger.clock, ledger.random, tenant=ledger.settings.tenant, name="north", kind="partner"
    )


def test_a_consortium_has_to_be_there(tmp_path: Path, capsys: Any) -> None:
    """Without one every act says so."""
    assert main(["--home", str(tmp_path), "--json", "consortium", "pause"]) != 0
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "chain.consortium-absent"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"organisations": [], "quorum": 2}',
        '{"organisations": [{"name": "a", "account": "0x1", "roles": []}], "quorum": 1, "pause_quorum": 1}',
        '{"organisations": [{"name": "a", "account": "0x1", "roles": ["owner"]}], "quorum": 1, "pause_quorum": 1}',
    ],
)
def test_a_charter_that_cannot_be_used_is_named(tmp_path: Path, capsys: Any, text: str) -> None:
    """What is wrong with it and where, before a chain is asked."""
    (tmp_path / "charter.json").write_text(text)
    assert main(["--home", str(tmp_path), "--json", "consortium", "found", str(tmp_path / "charter.json")]) != 0
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "chain.charter-refused"


@pytest.mark.parametrize("read", [key_of, account_of, proposal_of, roles_of])
@pytest.mark.parametrize("text", ["", "x", "0x12", "anchor,anchor", "ab" * 31, "0x" + "zz" * 20])
def test_what_is_no_key_account_proposal_or_role(read: Any, text: str) -> None:
    """Typing errors are refused before anything is sent."""
    with pytest.raises(ValueError):
        read(text)

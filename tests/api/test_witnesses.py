"""A ledger with two witnesses, one of them away: what proofs, pages, figures and both verifiers say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.__main__ import main
from ledger.adapters.clock import SystemClock
from ledger.adapters.keys import note_key
from ledger.adapters.witness_server import WitnessServer
from ledger.adapters.witness_store import WitnessFile
from ledger.log.cosignature import CosigningKey, OpenNote
from ledger.services.witness import Witness
from tests.api.house import House, served
from tests.builders import captured, legs, settings

AWAY = "http://127.0.0.1:1"


class Walk(NamedTuple):
    """The house, its folder, and two policies: the one in force, and one that asks for both witnesses."""

    house: House
    folder: Path
    policy: Path
    strict: Path
    proof: Path


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("witnessed")
    home = folder / "home"
    log = note_key(home, settings(home).origin).verifier
    keys = [CosigningKey(f"w{at}.example/w", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32)) for at in (1, 2)]
    witness = Witness(keys[0], {log.name: log}, WitnessFile(folder / "witness.db"), SystemClock())
    with WitnessServer(("127.0.0.1", 0), witness, lambda _: None) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        here = f"http://127.0.0.1:{server.server_address[1]}"
        lines = f"log {log}\nwitness auditor {keys[0].public} {here}\nwitness buyer {keys[1].public} {AWAY}\n"
        policy, strict = folder / "policy.txt", folder / "strict.txt"
        policy.write_text(lines + "group both any auditor buyer\nquorum both\n")
        strict.write_text(lines + "group both all auditor buyer\nquorum both\n")
        with served(home, settings={"witnesses": policy}) as house:
            asking = house.ledger.gathering()
            assert asking is not None
            captured(house.ledger, legs(4))
            house.settled()
            asking.work(lambda: False)
            proof = folder / "proof.json"
            with house.client("owner") as owner:
                proof.write_bytes(owner.get("/api/v1/entries/2/proof").content)
            yield Walk(house, folder, policy, strict, proof)
        server.shutdown()
        thread.join()


def test_checkpoints_and_pages_say_how_many_cosigned(walk: Walk) -> None:
    """JSON, the public checkpoint, the pages of checkpoint, entry and verifier, readiness and figures."""
    with walk.house.client("owner", accept_language="en", accept="text/html") as owner:
        stored = owner.get("/api/v1/checkpoints").json()["checkpoints"][-1]
        assert stored["witnesses"] == {"cosigned": 1, "witnesses": 2, "required": 1, "met": True}
        note = owner.get("/checkpoint").text
        assert note == stored["note"] + stored["cosignatures"]
        assert [line.name for line in OpenNote.parse(note).lines][1:] == ["w1.example/w"]
        page = owner.get(f"/checkpoints/{stored['size']}").text
        assert "1 of 2 cosigned; the policy asks for 1." in page
        assert "does not answer: ConnectionRefusedError" in page
        assert "1 of 2 cosigned" in owner.get("/entries/2").text
        assert "group both any auditor buyer" in owner.get("/verify").text
        assert "w1.example/w" in owner.get("/verify/offline").text
        ready = owner.get("/readyz").json()
        assert (ready["witnesses"], ready["witnesses_silent"], ready["status"]) == ("witness.silent", 1, "ready")
        figures = owner.get("/metrics").text.splitlines()
        seen = 'onecode_witness_cosigned_timestamp_seconds{witness="%s"} '
        assert {"onecode_witnesses_refusing 0.0", f"{seen % 'buyer'}0.0"} <= {*figures}
        assert any(line.startswith(f"{seen % 'auditor'}1.") for line in figures)
        policies = [one for one in owner.get("/api/v1/entries").json()["entries"] if one["kind"] == "witness_policy"]
        assert [one["record"]["cosigned"] for one in policies] == [1]
    with walk.house.client("owner", accept_language="zh-CN", accept="text/html") as owner:
        assert "2 位中已有 1 位会签，策略要求 1 位。" in owner.get(f"/checkpoints/{stored['size']}").text


def test_both_verifiers_count_for_a_stranger(walk: Walk, capsys: pytest.CaptureFixture[str]) -> None:
    """By the policy it holds and says who; by a stricter one not; by one that cannot be read nobody can tell."""
    court = walk.folder / "verify.py"
    court.write_bytes((files("ledger.data") / "court" / "verify.py").read_bytes())
    nonsense = walk.folder / "nonsense.txt"
    nonsense.write_text("quorum nobody\n")
    for policy, code in ((walk.policy, 0), (walk.strict, 1), (nonsense, 2)):
        away = ["--home", str(walk.folder / "stranger"), "--json"]
        assert main([*away, "verify", str(walk.proof), "--policy", str(policy)]) == code
        said: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert said["verdict"] == code
        assert (said.get("cosigned", {}).keys() == {"auditor", "buyer"}) is (code == 0)
        line = [sys.executable, "-I", "-S", str(court), "--json", "--policy", str(policy), str(walk.proof)]
        done = subprocess.run(line, check=False, capture_output=True, text=True, timeout=60)
        words = json.loads(done.stdout)
        assert (done.returncode, words["verdict"]) == (code, ("holds", "unwitnessed", "cannot-tell")[code])
        assert ("1 / 2 (auditor 20" in words["en"]) is (code < 2)

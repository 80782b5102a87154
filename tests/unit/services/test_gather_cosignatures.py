"""The log asks its witnesses: cosignatures go into proofs, silence is seen and holds nothing up, refusals are loud."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.adapters.clock import SystemRandom
from ledger.adapters.sql.cosignatures import SqlCosignatures
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.witness_store import WitnessFile
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import CosigningKey, OpenNote
from ledger.log.errors import PolicyUnmet
from ledger.log.policy import Policy
from ledger.log.proof import Proof
from ledger.log.sealed import SealedProof, verify_file
from ledger.ports.witnesses import Asked, WitnessAnswer, WitnessRefuses, WitnessSilent
from ledger.services.coverage import best_over
from ledger.services.gather_cosignatures import Gathering
from ledger.services.prove import prove
from ledger.services.witness import Offer, Witness
from ledger.services.witness_policy import PolicyEntries
from tests.builders import ORIGIN, TENANT, note_key
from tests.rig import Rig

NAMES = ("auditor", "buyer", "bank")
KEYS = {
    name: CosigningKey(f"{name}.example/w", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32))
    for at, name in enumerate(NAMES, 1)
}


def policy(least: int = 2) -> Policy:
    lines = [f"witness {name} {key.public} https://{name}.example\n" for name, key in KEYS.items()]
    return Policy.parse("".join(lines) + f"group all-of-them {least} {' '.join(NAMES)}\nquorum all-of-them\n")


@dataclass
class Town:
    """Three witnesses with a store each, reached without a network; those that are ``away`` do not answer."""

    rig: Rig
    folder: Path
    away: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        log = {ORIGIN: self.rig.key.verifier}
        self.witnesses = {
            f"https://{name}.example": Witness(key, log, WitnessFile(self.folder / f"{name}.db"), self.rig.clock)
            for name, key in KEYS.items()
        }
        self.kept = SqlCosignatures(self.rig.database)

    def add_checkpoint(self, url: str, body: str) -> WitnessAnswer:
        self.asked.append(url)
        if url in self.away:
            raise WitnessSilent(witness=url, reason="away")
        answer = self.witnesses[url].add_checkpoint(body)
        return WitnessAnswer(answer.status, answer.body)

    def gathering(self, asked: Policy) -> Gathering:
        rig = self.rig
        recorded = PolicyEntries(rig.entries, rig.clock, SystemRandom(), TENANT)
        return Gathering(asked, rig.checkpoints, self.kept, rig.leases, self, rig.clock, "one", recorded)


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield Town(rig, tmp_path)
    rig.database.engine.dispose()


def idle() -> bool:
    return False


def test_every_checkpoint_is_cosigned_and_proofs_show_it(town: Town) -> None:
    """Three witnesses over four checkpoints of any size; proofs hold by the policy, and not by a stricter one."""
    rig, gathering = town.rig, town.gathering(policy())
    for count in (1, 3, 4, 9):
        rig.take(count)
        rig.round()
        rig.round()
        assert gathering.work(idle) is True
        assert gathering.work(idle) is False
        stored = rig.newest()
        assert len(OpenNote.parse(stored.cosigned_note).lines) == 4
        proof = prove(rig.entries, rig.checkpoints, rig.taken - 1)
        for one in (proof, SealedProof.of(proof)):
            read = verify_file(one.to_bytes(), key=rig.key.verifier)
            assert b'proof/2"' in one.to_bytes()
            assert isinstance(read, Proof | SealedProof)
            assert len(policy(3).require(proof.checkpoint_note, read.cosignatures)) == 3
    assert len(town.asked) == 12
    assert {said.trouble for said in town.kept.answers()} == {""}


def test_a_silent_witness_is_seen_asked_ever_more_seldom_and_holds_nothing_up(town: Town) -> None:
    """Two of three are enough; the third is seen to be silent; it cosigns when it is back, and nothing in arrears."""
    rig, gathering = town.rig, town.gathering(policy())
    town.away = {"https://bank.example"}
    rig.close(3)
    assert gathering.work(idle) is True
    silent = [said for said in town.kept.answers() if said.trouble]
    assert [(said.witness, said.trouble, said.size) for said in silent] == [
        (str(KEYS["bank"].public), "witness.silent", 0)
    ]
    assert all((silent[0].why, silent[0].why_zh))
    for _ in range(200):
        rig.clock.forward(10)
        gathering.work(idle)
    assert 8 <= town.asked.count("https://bank.example") <= 18  # after 2, 4, 8 ... 256, then every 300 seconds
    first = rig.newest()
    assert len(policy().require(first.note, first.cosignatures)) == 3
    with pytest.raises(PolicyUnmet) as unmet:
        policy(3).require(first.note, first.cosignatures)
    assert (unmet.value.cosigned, unmet.value.witnesses, unmet.value.least) == (2, 3, 3)
    town.away = set()
    rig.close(2)
    rig.clock.forward(400)
    assert gathering.work(idle) is True
    assert [len(one.cosignatures.splitlines()) for one in rig.checkpoints.all()] == [2, 3]
    assert not any(said.trouble for said in town.kept.answers())


def test_cosignatures_on_either_database(database: Database) -> None:
    """The first line of a witness stays, with its checkpoint; of its answers the last."""
    rig, kept = Rig(database), SqlCosignatures(database)
    rig.close(2)
    rig.close(1)
    for line in ("one\n", "two\n"):
        kept.add(2, "w", 1, line)
    kept.mark(2)
    kept.mark(2)
    assert [one.cosignatures for one in rig.checkpoints.all()] == ["one\n", ""]
    assert (kept.has(2, "w"), kept.has(3, "w"), kept.has(2, "v")) == (True, False, False)
    for at in (5, 6):
        kept.asked(Asked("w", at, 2, "", "", ""))
    assert kept.answers() == [Asked("w", 6, 2, "", "", "")]
    kept.add(1, "w", 7, "earlier\n")
    kept.asked(Asked("v", 6, 0, "witness.silent", "", ""))
    assert kept.times() == {"w": 1}
    assert rig.checkpoints.witnessed(0) is None  # not confirmed yet
    for _ in range(2):
        rig.round()
    assert rig.checkpoints.witnessed(2) is None


def test_a_proof_takes_the_first_confirmed_checkpoint_that_enough_cosigned(town: Town) -> None:
    """The first was confirmed while two witnesses were away; once a later one is cosigned, proofs are made at that."""
    rig, gathering = town.rig, town.gathering(policy())
    town.away = {"https://bank.example", "https://buyer.example"}
    rig.take(3)
    rig.round()
    rig.round()
    gathering.work(idle)
    best = best_over(rig.checkpoints, 0)
    assert best is not None
    first = best.checkpoint.size
    town.away = set()
    rig.take(2)
    rig.round()
    rig.round()
    rig.clock.forward(400)
    gathering.work(idle)
    best = best_over(rig.checkpoints, 0)
    assert best is not None
    assert (best.checkpoint.size, best.state) == (rig.newest().checkpoint.size, "confirmed")
    assert best.checkpoint.size > first


@pytest.mark.parametrize("what", ["rolled back", "forked", "other key", "same size"])
def test_a_witness_that_saw_another_log_refuses_loudly(town: Town, what: str) -> None:
    """It cosigned more than there is, another beginning, another root for the size, or knows another key."""
    rig, gathering = town.rig, town.gathering(policy())
    seen = {"rolled back": 90, "forked": 2, "other key": 0, "same size": 4}[what]
    auditor = town.witnesses["https://auditor.example"]
    if seen:
        other = rig.key.sign(Checkpoint(ORIGIN, seen, bytes(range(32))).text)
        assert auditor.add_checkpoint(Offer.body(0, [], other)).status == 200
    else:
        logs = {ORIGIN: note_key(seed=9).verifier}
        town.witnesses["https://auditor.example"] = Witness(auditor.key, logs, auditor.store, auditor.clock)
    rig.close(4)
    with pytest.raises(WitnessRefuses) as refused:
        gathering.work(idle)
    assert refused.value.witness == "auditor"
    said = {one.witness: one for one in town.kept.answers()}
    assert said[str(KEYS["auditor"].public)].trouble == "witness.refuses"
    assert said[str(KEYS["buyer"].public)].trouble == ""
    assert len(rig.newest().cosignatures.splitlines()) == 2  # the others signed all the same


def test_what_is_no_signature_of_the_witness_is_not_kept(town: Town) -> None:
    """An answer of 200 with another's line, a changed line, or nonsense counts as silence."""
    rig, gathering = town.rig, town.gathering(policy(1))
    rig.close(2)
    stored = rig.newest()
    true = KEYS["buyer"].line(OpenNote.parse(stored.note), 5)
    answers = iter([true, true.replace("buyer", "auditor"), "nonsense"])
    town.add_checkpoint = lambda url, body: WitnessAnswer(200, next(answers))  # type: ignore[method-assign]
    assert gathering.work(idle) is False
    assert rig.newest().cosignatures == ""
    assert {said.trouble for said in town.kept.answers()} == {"witness.silent"}


def test_a_policy_is_an_entry_and_every_change_of_it(town: Town) -> None:
    """Recorded once before anyone is asked, again when it changes, and again when it is changed back."""
    rig = town.rig
    for least, size in ((2, 1), (2, 1), (3, 2), (2, 3)):
        town.gathering(policy(least)).work(idle)
        assert rig.entries.size() == size
    number, last = PolicyEntries(rig.entries, rig.clock, SystemRandom(), TENANT).newest()
    assert last is not None
    assert (number, last.id, last.cosigned, last.witnesses) == (3, "witness-policy/3", 2, 3)
    assert Policy.parse(last.policy).met({"auditor", "bank"})

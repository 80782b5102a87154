"""A sealed proof: nothing of the record is in it, no byte of it is free, and it holds for what the whole one holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import ProofError
from ledger.log.errors import CannotTell, PinMismatch
from ledger.log.proof import Proof
from ledger.log.sealed import SealedProof, verify_file
from ledger.services.prove import prove
from tests.builders import note_key
from tests.rig import Rig

KEY = note_key().verifier


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proof]:
    rig = Rig(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('sealed') / 'ledger.db'}")))
    rig.take(7)
    for _ in range(2):
        rig.round()
    yield prove(rig.entries, rig.checkpoints, 4)
    rig.database.engine.dispose()


def test_it_holds_where_the_whole_proof_holds(proof: Proof) -> None:
    """Sealed from a whole proof, read back from its file, verified with the key and a pinned checkpoint."""
    sealed = SealedProof.of(proof)
    assert SealedProof.from_bytes(sealed.to_bytes()) == sealed
    sealed.verify(key=KEY, pinned=proof.checkpoint)
    assert verify_file(sealed.to_bytes(), key=KEY) == sealed
    assert verify_file(proof.to_bytes(), key=KEY) == proof
    assert sealed.receipt == proof.receipt
    with pytest.raises(CannotTell):
        sealed.verify()
    with pytest.raises(PinMismatch):
        sealed.verify(key=KEY, pinned=replace(proof.checkpoint, root=bytes(32)))


def test_nothing_of_the_entry_is_in_it(proof: Proof) -> None:
    """Its six fields hold neither body nor salt nor tenant nor time; only the hash of them all."""
    fields = json.loads(SealedProof.of(proof).to_bytes())
    assert sorted(fields) == ["checkpoint", "format", "index", "leaf", "path", "receipt"]
    text = json.dumps(fields)
    for secret in (proof.entry.tenant, proof.entry.salt.hex(), str(proof.entry.recorded_at), "leg-4", "tester"):
        assert secret not in text


def test_no_byte_is_free(proof: Proof) -> None:
    """Every byte changed or left out: it does not hold."""
    data = SealedProof.of(proof).to_bytes()
    changed = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(len(data))]
    changed += [data[:n] + data[n + 1 :] for n in range(len(data))]
    for one in (*changed, b" " + data, data + b"\n", data[:-1]):
        with pytest.raises(ProofError):
            verify_file(one, key=KEY)


def test_another_leaf_or_place_does_not_hold(proof: Proof) -> None:
    """A leaf that is not there, an inner node as a leaf, another index, a shorter path."""
    sealed = SealedProof.of(proof)
    for forged in (
        replace(sealed, leaf=bytes(32)),
        replace(sealed, leaf=sealed.path[0]),
        replace(sealed, index=sealed.index + 1),
        replace(sealed, path=sealed.path[1:]),
        replace(sealed, leaf=b""),
        replace(sealed, index=-1),
    ):
        with pytest.raises(ProofError):
            forged.verify(key=KEY)

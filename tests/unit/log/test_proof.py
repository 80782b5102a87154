"""A proof file: no bit of it is free, nothing about it can be swapped, and it is judged by what the verifier trusts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import ProofError
from ledger.log.checkpoint import Checkpoint, Note
from ledger.log.entry import Entry
from ledger.log.errors import (
    CannotTell,
    PinMismatch,
    ProofLengthWrong,
    ProofMalformed,
    RootMismatch,
    SignatureMismatch,
    SizesRefused,
)
from ledger.log.merkle import node_hash
from ledger.log.proof import MAX_PROOF, AnchorReceipt, Proof, record_of, verify
from ledger.services.prove import prove
from tests.builders import note_key
from tests.rig import Rig

KEY = note_key().verifier


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('proof') / 'ledger.db'}")))
    for _ in range(2):
        rig.take(4)
        for _ in range(2):
            rig.round()
    yield rig
    rig.database.engine.dispose()


@pytest.fixture(scope="module")
def proof(rig: Rig) -> Proof:
    return prove(rig.entries, rig.checkpoints, 2, size=8)


def pinned(proof: Proof) -> Checkpoint:
    return proof.checkpoint


# ---------------------------------------------------------------- what holds


def test_a_proof_holds(proof: Proof) -> None:
    """Against the log's key, alone and with a pinned checkpoint, before and after a trip through its file."""
    for held in (proof, Proof.from_bytes(proof.to_bytes())):
        assert held == proof
        verify(held, key=KEY)
        verify(held, key=KEY, pinned=pinned(proof))
    assert record_of(proof.entry)["id"] == "leg-2"
    assert proof.receipt is not None
    assert proof.receipt.checkpoint == proof.checkpoint


def test_without_a_key_nobody_vouches(proof: Proof) -> None:
    """With nothing that the verifier trusts it cannot tell; with a checkpoint of another size neither."""
    with pytest.raises(CannotTell):
        verify(proof)
    with pytest.raises(CannotTell):
        verify(proof, key=KEY, pinned=replace(pinned(proof), size=9))


def test_a_fork_shows(proof: Proof) -> None:
    """A pinned checkpoint of the same size with another root is a fork, whatever is signed."""
    with pytest.raises(PinMismatch):
        verify(proof, key=KEY, pinned=replace(pinned(proof), root=bytes(32)))


# ---------------------------------------------------------------- every bit


def refused(data: bytes, proof: Proof) -> bool:
    """Whether a file is refused, and not merely undecided."""
    try:
        verify(Proof.from_bytes(data), key=KEY, pinned=pinned(proof))
    except CannotTell:
        return False
    except ProofError:
        return True
    return False


@pytest.mark.parametrize("part", range(4))
def test_every_bit_of_the_file(proof: Proof, part: int) -> None:
    """Each of some 15,000 files with one bit changed is refused: never accepted, never 'cannot tell'."""
    data = proof.to_bytes()
    kept = []
    for bit in range(part, 8 * len(data), 4):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        if not refused(bytes(changed), proof):
            kept.append(bit)
    assert kept == []


def test_every_byte_less_and_every_byte_more(proof: Proof) -> None:
    """Files cut short anywhere, or with a byte left out or put in anywhere, are refused."""
    data = proof.to_bytes()
    for at in range(len(data)):
        assert refused(data[:at], proof), at
        assert refused(data[:at] + data[at + 1 :], proof), at
        assert refused(data[:at] + b" " + data[at:], proof), at
    for tail in (b"\n", b" ", b"\x00", data):
        assert refused(data + tail, proof)
    assert refused(b"\xef\xbb\xbf" + data, proof)
    assert refused(data + b" " * MAX_PROOF, proof)


def test_other_ways_to_write_it(proof: Proof) -> None:
    """The same JSON with other spaces, order, escapes or fields is not a proof file."""
    fields = json.loads(proof.to_bytes())
    for text in (
        json.dumps(fields),
        json.dumps(fields, indent=1),
        json.dumps(dict(reversed(fields.items())), separators=(",", ":"), ensure_ascii=False),
        json.dumps(fields | {"extra": 1}, separators=(",", ":"), ensure_ascii=False, sort_keys=True),
        json.dumps({k: v for k, v in fields.items() if k != "receipt"}, separators=(",", ":")),
        json.dumps(fields | {"index": "2"}, separators=(",", ":"), ensure_ascii=False),
        json.dumps(fields | {"format": "onecode/proof/2"}, separators=(",", ":"), ensure_ascii=False),
        json.dumps(fields | {"salt": fields["salt"].upper()}, separators=(",", ":"), ensure_ascii=False),
        "[]",
        "null",
        "",
        "[" * 100_000,
    ):
        with pytest.raises(ProofMalformed):
            Proof.from_bytes(text.encode() + b"\n")


# ---------------------------------------------------------------- swapped parts


def test_a_proof_of_another_entry(rig: Rig, proof: Proof) -> None:
    """Path, entry, checkpoint and receipt of different proofs do not go together."""
    other, older = prove(rig.entries, rig.checkpoints, 3, size=8), prove(rig.entries, rig.checkpoints, 2, size=4)
    for mixed in (
        replace(proof, entry=other.entry),
        replace(proof, path=other.path),
        replace(proof, entry=replace(proof.entry, body=other.entry.body)),
        replace(proof, checkpoint_note=older.checkpoint_note),
        replace(proof, receipt_note=older.receipt_note),
        replace(older, receipt_note=proof.receipt_note),
    ):
        with pytest.raises(ProofError) as raised:
            verify(mixed, key=KEY)
        assert not isinstance(raised.value, CannotTell)
    verify(replace(proof, receipt_note=""), key=KEY)


def test_an_inner_node_does_not_pass_for_an_entry(proof: Proof) -> None:
    """The known attack, an inner node as a leaf of a smaller tree, needs a leaf hash; a proof carries record bytes."""
    inner = node_hash(proof.path[0], proof.entry.leaf())
    for body in (inner, proof.path[0] + proof.entry.leaf(), b"\x01" + proof.path[0] + proof.entry.leaf()):
        entry = Entry(0, proof.entry.tenant, proof.entry.recorded_at, proof.entry.salt, body)
        with pytest.raises(ProofError) as raised:
            verify(Proof(entry, proof.path[1:], proof.checkpoint_note, ""), key=KEY)
        assert isinstance(raised.value, ProofMalformed | RootMismatch | ProofLengthWrong)


def test_a_byte_moved_between_salt_and_body(proof: Proof) -> None:
    """Salt and body hash as one string, so their border is fixed: a salt of another length is refused."""
    entry = proof.entry
    for salt, body in ((entry.salt[:-1], entry.salt[-1:] + entry.body), (entry.salt + entry.body[:1], entry.body[1:])):
        moved = replace(entry, salt=salt, body=body)
        assert moved.leaf() == entry.leaf()
        with pytest.raises(ProofMalformed):
            verify(replace(proof, entry=moved), key=KEY)


def test_a_body_that_would_be_another_one_byte_on() -> None:
    """Where both readings are canonical JSON, only the salt's fixed length tells them apart."""
    entry = Entry(0, "demo", 1, bytes(32), b"12")
    note = note_key().sign(Checkpoint(KEY.name, 1, entry.leaf()).text)
    verify(Proof(entry, (), note, ""), key=KEY)
    moved = replace(entry, salt=bytes(32) + b"1", body=b"2")
    assert moved.leaf() == entry.leaf()
    with pytest.raises(ProofMalformed):
        verify(Proof(moved, (), note, ""), key=KEY)


@pytest.mark.parametrize("index", [-1, 2**64, 2**70])
def test_indices_out_of_range(proof: Proof, index: int) -> None:
    """An index that is no unsigned 64-bit number is refused, not wrapped."""
    with pytest.raises(SizesRefused):
        verify(replace(proof, entry=replace(proof.entry, index=index)), key=KEY)


def test_an_index_beyond_the_checkpoint(proof: Proof) -> None:
    """An index at or past the checkpoint's size is refused."""
    with pytest.raises(SizesRefused):
        verify(replace(proof, entry=replace(proof.entry, index=8)), key=KEY)


# ---------------------------------------------------------------- signatures


def test_another_log_signs(proof: Proof) -> None:
    """Notes signed by another key, or under another name, do not count, though every hash agrees."""
    for other in (note_key(seed=2), note_key("other.example/log")):
        forged = replace(proof, checkpoint_note=other.sign(proof.checkpoint.text), receipt_note="")
        with pytest.raises(ProofError) as raised:
            verify(forged, key=KEY)
        assert isinstance(raised.value, SignatureMismatch | ProofMalformed)


def test_a_second_signature_is_not_ignored(proof: Proof) -> None:
    """A note carries the log's one signature; a line more could hide a change of the file."""
    extra = note_key(seed=2).sign(proof.checkpoint.text).rpartition("\n\n")[2]
    for lines in (extra, proof.checkpoint_note.rpartition("\n\n")[2]):
        with pytest.raises(ProofMalformed):
            verify(replace(proof, checkpoint_note=proof.checkpoint_note + lines), key=KEY)


def test_a_receipt_of_another_checkpoint(proof: Proof) -> None:
    """A receipt that the log did sign, but for another checkpoint, is refused."""
    assert proof.receipt is not None
    other = replace(proof.receipt, checkpoint=replace(proof.checkpoint, size=7))
    with pytest.raises(ProofMalformed):
        verify(replace(proof, receipt_note=note_key().sign(other.text)), key=KEY)


def test_receipts_have_one_form(proof: Proof) -> None:
    """Lines missing, added, renamed, or numbers in another form: no receipt."""
    assert proof.receipt is not None
    text = proof.receipt.text
    assert AnchorReceipt.parse(text) == proof.receipt
    lines = text.split("\n")
    for bad in (
        text[:-1],
        text + "\n",
        text + "more\n",
        text.replace("chain ", "chain  "),
        text.replace("chain ", "chain +"),
        text.replace("chain 4242", "chain 42_42"),
        text.replace("block ", "Block "),
        text.replace("onecode/receipt/1", "onecode/receipt/2"),
        "\n".join(lines[:4] + lines[5:]),
        "",
    ):
        with pytest.raises(ProofMalformed):
            AnchorReceipt.parse(bad)


def test_the_signed_text_is_the_receipt(proof: Proof) -> None:
    """What the note signs names chain, contract, transaction and block."""
    note = Note.parse(proof.receipt_note)
    assert proof.receipt is not None
    assert f"chain {proof.receipt.chain_id}\n" in note.text
    assert f"transaction {proof.receipt.transaction}\n" in note.text

"""
A proof: a file that shows a stranger, offline, that a record is in the log and has not changed since.

The file is the RFC 8785 form of one JSON object and a line feed, nothing else, so that no byte of it is free::

    {"body": base64, "checkpoint": signed note, "format": "onecode/proof/1", "index": n, "path": [hex, ...],
     "receipt": signed note or "", "recorded_at": microseconds, "salt": hex, "tenant": name}

Where witnesses cosigned the checkpoint, the format is ``onecode/proof/2`` and ``"cosignatures"`` holds their lines, as
they stand behind the log's own in a cosigned note. A verifier with a policy counts them; one without does not look at
them.

A proof shows that the record was *recorded* at that place and time. Whether it is *true* it cannot show.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from ledger.log.canonical import canonical_bytes, is_canonical
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.cosignature import lines_of
from ledger.log.entry import MAX_BODY, SALT_SIZE, Entry
from ledger.log.errors import CannotTell, NotCanonical, PinMismatch, ProofMalformed, SizesRefused
from ledger.log.merkle import HASH_SIZE, verify_inclusion

PROOF_FORMAT = "onecode/proof/1"
COSIGNED_FORMAT = "onecode/proof/2"
RECEIPT_FORMAT = "onecode/receipt/1"
MAX_PROOF = 2 * MAX_BODY
MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class AnchorReceipt:
    """What the log says of the transaction that anchored a checkpoint; a node can confirm it."""

    checkpoint: Checkpoint
    chain_id: int
    contract: str
    transaction: str
    block_number: int
    block_hash: str
    block_time: int

    @property
    def text(self) -> str:
        """The lines that are signed as a note."""
        return (
            f"{RECEIPT_FORMAT}\n{self.checkpoint.text}chain {self.chain_id}\ncontract {self.contract}\n"
            f"transaction {self.transaction}\nblock {self.block_number} {self.block_hash} {self.block_time}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The receipt from its lines. Raises ``ProofMalformed``."""
        lines = text.split("\n")
        try:
            if lines[0] != RECEIPT_FORMAT:
                raise ValueError(lines[0])  # noqa: TRY301
            number, block_hash, time = lines[7].removeprefix("block ").split(" ")
            receipt = cls(
                Checkpoint.parse("\n".join(lines[1:4]) + "\n"),
                int(lines[4].removeprefix("chain ")),
                lines[5].removeprefix("contract "),
                lines[6].removeprefix("transaction "),
                int(number),
                block_hash,
                int(time),
            )
        except (IndexError, ValueError) as error:
            raise ProofMalformed(why="the anchor receipt does not have its eight lines") from error
        if receipt.text != text:
            raise ProofMalformed(why="the anchor receipt is not in its one form")
        return receipt


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry, its path to a signed checkpoint, and where that checkpoint was anchored."""

    entry: Entry
    path: tuple[bytes, ...]
    checkpoint_note: str
    receipt_note: str
    """Signed note of the anchor receipt; empty while the checkpoint is not confirmed on chain."""
    cosignatures: str = ""
    """Signature lines of witnesses under the checkpoint, each with its line feed."""

    @property
    def index(self) -> int:
        """Place of the entry in the log."""
        return self.entry.index

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note states."""
        return Checkpoint.parse(Note.parse(self.checkpoint_note).text)

    @property
    def receipt(self) -> AnchorReceipt | None:
        """The anchor receipt that the note states, if there is one."""
        return AnchorReceipt.parse(Note.parse(self.receipt_note).text) if self.receipt_note else None

    def to_bytes(self) -> bytes:
        """The proof file."""
        return (
            canonical_bytes(
                {
                    "body": b64encode(self.entry.body).decode(),
                    "checkpoint": self.checkpoint_note,
                    **cosigned_fields(self.cosignatures, PROOF_FORMAT, COSIGNED_FORMAT),
                    "index": self.entry.index,
                    "path": [node.hex() for node in self.path],
                    "receipt": self.receipt_note,
                    "recorded_at": self.entry.recorded_at,
                    "salt": self.entry.salt.hex(),
                    "tenant": self.entry.tenant,
                }
            )
            + b"\n"
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The proof from its file, byte for byte in the one form. Raises ``ProofMalformed``."""
        if len(data) > MAX_PROOF:
            raise ProofMalformed(why=f"a proof file has at most {MAX_PROOF} bytes")
        try:
            fields = msgspec.json.decode(data, type=_Fields)
            entry = Entry(
                fields.index,
                fields.tenant,
                fields.recorded_at,
                bytes.fromhex(fields.salt),
                b64decode(fields.body, validate=True),
            )
            path = tuple(map(bytes.fromhex, fields.path))
            proof = cls(entry, path, fields.checkpoint, fields.receipt, fields.cosignatures)
            lines_of(fields.cosignatures)
            same = proof.to_bytes() == data
        except (msgspec.DecodeError, Base64Error, ValueError, NotCanonical) as error:
            raise ProofMalformed(why="it is not the expected JSON object") from error
        if not same:
            raise ProofMalformed(why="its bytes are not in the one form that a proof has")
        return proof


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    body: str
    checkpoint: str
    format: str
    index: int
    path: list[str]
    receipt: str
    recorded_at: int
    salt: str
    tenant: str
    cosignatures: str = ""


def cosigned_fields(cosignatures: str, without: str, with_them: str) -> dict[str, str]:
    """The format of a proof file, and the witnesses' lines where there are any."""
    return {"cosignatures": cosignatures, "format": with_them} if cosignatures else {"format": without}


def verify(proof: Proof, *, key: VerifierKey | None = None, pinned: Checkpoint | None = None) -> None:
    """
    Raise unless ``proof`` holds against what the verifier already trusts.

    Parameters
    ----------
    key
        The log's public key, from a source other than the proof.
    pinned
        A checkpoint that the verifier kept earlier or had from someone else; then the proof must end in it.

    Raises
    ------
    ProofError
        When something does not hold.
    CannotTell
        When all agrees, but no ``key`` vouches for it, or ``pinned`` is of another size.
    """
    # (1) The salt has its length and the body is in canonical form: only one byte string can be the record.
    if len(proof.entry.salt) != SALT_SIZE or not is_canonical(proof.entry.body):
        raise ProofMalformed(why="the entry's salt or body is not in its one form")
    # (2) The leaf is hashed here, from the record's bytes; a leaf from a stranger could be an inner node.
    leaf = _leaf(proof.entry)
    verify_inclusion_in(
        Inclusion(proof.entry.index, leaf, proof.path, proof.checkpoint_note, proof.receipt_note), key, pinned
    )


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What is the same in a whole and in a sealed proof: a leaf, its path, the signed notes."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint_note: str
    receipt_note: str


def verify_inclusion_in(claim: Inclusion, key: VerifierKey | None, pinned: Checkpoint | None) -> None:
    """Steps (3) to (6) of ``verify``, from the leaf on."""
    # (3) Size and root come from the checkpoint, never from the proof's own fields.
    note = Note.parse(claim.checkpoint_note)
    checkpoint = Checkpoint.parse(note.text)
    if len(claim.path) > MAX_PATH or any(len(node) != HASH_SIZE for node in claim.path):
        raise ProofMalformed(why="the path is not a list of 32-byte hashes")
    verify_inclusion(claim.leaf, claim.index, checkpoint.size, claim.path, checkpoint.root)
    # (4) The receipt, when there is one, speaks of this very checkpoint.
    receipt_note = Note.parse(claim.receipt_note) if claim.receipt_note else None
    if receipt_note and AnchorReceipt.parse(receipt_note.text).checkpoint != checkpoint:
        raise ProofMalformed(why="the anchor receipt is of another checkpoint")
    # (5) Without a key nothing above is anyone's word; with it, every signature line is the log's and holds.
    if key is None:
        raise CannotTell(why="the log's public key was not given")
    for signed in filter(None, (note, receipt_note)):
        if len(signed.signatures) != 1 or checkpoint.origin != key.name:
            raise ProofMalformed(why="a note must carry the one signature of the log")
        key.verify(signed)
    # (6) A checkpoint from elsewhere settles whether the log showed everyone the same history.
    if pinned is not None:
        if pinned.origin != checkpoint.origin:
            raise CannotTell(why=f"your checkpoint is of another log, {pinned.origin}")
        if pinned.size != checkpoint.size:
            raise CannotTell(why=f"the proof ends in size {checkpoint.size}, your checkpoint is of size {pinned.size}")
        if pinned != checkpoint:
            raise PinMismatch(size=pinned.size)


def _leaf(entry: Entry) -> bytes:
    if not 0 <= entry.recorded_at < 2**64 or not 0 <= entry.index < 2**64:
        raise SizesRefused(why="index or recorded time is not an unsigned 64-bit number")
    return entry.leaf()


def record_of(entry: Entry) -> dict[str, Any]:
    """The record inside an entry's body, as plain JSON data."""
    record: dict[str, Any] = msgspec.json.decode(entry.body)["record"]
    return record

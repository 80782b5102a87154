"""
A sealed proof: shows that a leaf is in the log, and tells nothing of the record behind it.

For readers who may know that a thing has an entry, but not what it says. The leaf is a salted hash of all that the
entry holds, so the file can be public; whoever is shown record and salt later can compare them with the leaf. Index and
size give the path its only length, so the leaf cannot be an inner node. One RFC 8785 object and a line feed::

    {"checkpoint": signed note, "format": "onecode/sealed-proof/1", "index": n, "leaf": hex, "path": [hex, ...],
     "receipt": signed note or ""}

With ``"cosignatures"`` it is ``onecode/sealed-proof/2``, as with ``proof``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import msgspec

from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.cosignature import lines_of
from ledger.log.disclosure import MARK, Disclosure
from ledger.log.errors import NotCanonical, ProofMalformed, SizesRefused
from ledger.log.merkle import HASH_SIZE
from ledger.log.proof import (
    MAX_PROOF,
    AnchorReceipt,
    Inclusion,
    Proof,
    cosigned_fields,
    verify,
    verify_inclusion_in,
)

SEALED_FORMAT = "onecode/sealed-proof/1"
COSIGNED_SEALED = "onecode/sealed-proof/2"
_MARK = b'"format":"onecode/sealed-proof/'


@dataclass(frozen=True, slots=True)
class SealedProof:
    """A leaf, its path to a signed checkpoint, and where that checkpoint was anchored."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint_note: str
    receipt_note: str
    cosignatures: str = ""
    """As of ``Proof``."""

    @classmethod
    def of(cls, proof: Proof) -> Self:
        """The proof without what the entry says."""
        leaf, notes = proof.entry.leaf(), (proof.checkpoint_note, proof.receipt_note)
        return cls(proof.entry.index, leaf, proof.path, *notes, proof.cosignatures)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note states."""
        return Checkpoint.parse(Note.parse(self.checkpoint_note).text)

    @property
    def receipt(self) -> AnchorReceipt | None:
        """The anchor receipt that the note states, if there is one."""
        return AnchorReceipt.parse(Note.parse(self.receipt_note).text) if self.receipt_note else None

    def to_record(self) -> dict[str, object]:
        """JSON-able; its RFC 8785 form is the file."""
        return {
            "checkpoint": self.checkpoint_note,
            **cosigned_fields(self.cosignatures, SEALED_FORMAT, COSIGNED_SEALED),
            "index": self.index,
            "leaf": self.leaf.hex(),
            "path": [node.hex() for node in self.path],
            "receipt": self.receipt_note,
        }

    def to_bytes(self) -> bytes:
        """The file."""
        return canonical_bytes(self.to_record()) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The sealed proof from its file, byte for byte in the one form. Raises ``ProofMalformed``."""
        if len(data) > MAX_PROOF:
            raise ProofMalformed(why=f"a proof file has at most {MAX_PROOF} bytes")
        try:
            fields = msgspec.json.decode(data, type=_Fields)
            path = tuple(map(bytes.fromhex, fields.path))
            leaf, notes = bytes.fromhex(fields.leaf), (fields.checkpoint, fields.receipt)
            sealed = cls(fields.index, leaf, path, *notes, fields.cosignatures)
            lines_of(fields.cosignatures)
            same = sealed.to_bytes() == data
        except (msgspec.DecodeError, ValueError, NotCanonical) as error:
            raise ProofMalformed(why="it is not the expected JSON object") from error
        if not same:
            raise ProofMalformed(why="its bytes are not in the one form that a sealed proof has")
        return sealed

    def verify(self, *, key: VerifierKey | None = None, pinned: Checkpoint | None = None) -> None:
        """Raise as ``proof.verify`` does; what holds is that the leaf is in the log, whatever it stands for."""
        if not 0 <= self.index < 2**64:
            raise SizesRefused(why="the index is not an unsigned 64-bit number")
        if len(self.leaf) != HASH_SIZE:
            raise ProofMalformed(why="the leaf is not a 32-byte hash")
        verify_inclusion_in(
            Inclusion(self.index, self.leaf, self.path, self.checkpoint_note, self.receipt_note), key, pinned
        )


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    checkpoint: str
    format: str
    index: int
    leaf: str
    path: list[str]
    receipt: str
    cosignatures: str = ""


AnyProof = Proof | SealedProof | Disclosure


def verify_file(data: bytes, *, key: VerifierKey | None = None, pinned: Checkpoint | None = None) -> AnyProof:
    """Read a proof file of any kind, whole, sealed or a disclosure of fields, and raise unless it holds."""
    if MARK in data:
        disclosed = Disclosure.from_bytes(data)
        disclosed.verify(key=key, pinned=pinned)
        return disclosed
    if _MARK in data:
        sealed = SealedProof.from_bytes(data)
        sealed.verify(key=key, pinned=pinned)
        return sealed
    proof = Proof.from_bytes(data)
    verify(proof, key=key, pinned=pinned)
    return proof

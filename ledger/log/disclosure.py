"""
A disclosure: some fields of a document that a record of the log commits to, and nothing of the others.

Verified offline in three parts: each field leads to the root that the record states (``fields``); the record is in the
log (``proof.verify``); the log is the one the verifier knows. What is not shown stays a hash with a salt nobody was
given. One RFC 8785 object and a line feed::

    {"fields": [{"index": n, "path": pointer, "salt": hex, "to_root": [hex, ...], "value": scalar}, ...],
     "format": "onecode/disclosure/1", "proof": the proof of the record, as an object}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import msgspec

from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.errors import NotCanonical, ProofMalformed
from ledger.log.fields import MOST_FIELDS, SALT_SIZE, Field, ShownField
from ledger.log.merkle import HASH_SIZE, verify_inclusion
from ledger.log.proof import MAX_PROOF, AnchorReceipt, Proof, record_of, verify

DISCLOSURE_FORMAT: Final = "onecode/disclosure/1"
MARK: Final = b'"format":"onecode/disclosure/1"'
COMMITS: Final = "field_commitment"
"""The kind of record that states a root."""
LARGEST: Final = 8 * MAX_PROOF


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The fields shown, in the order of their places, and the proof of the record that commits to them."""

    fields: tuple[ShownField, ...]
    proof: Proof

    @property
    def index(self) -> int:
        """Place of the record's entry in the log."""
        return self.proof.index

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the proof ends in."""
        return self.proof.checkpoint

    @property
    def receipt(self) -> AnchorReceipt | None:
        """The anchor receipt, if there is one."""
        return self.proof.receipt

    def to_bytes(self) -> bytes:
        """The file."""
        shown = [
            {
                "index": one.place,
                "path": one.field.path,
                "salt": one.field.salt.hex(),
                "to_root": [node.hex() for node in one.path],
                "value": one.field.value,
            }
            for one in self.fields
        ]
        proof = msgspec.json.decode(self.proof.to_bytes())
        return canonical_bytes({"fields": shown, "format": DISCLOSURE_FORMAT, "proof": proof}) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The disclosure from its file, byte for byte in the one form. Raises ``ProofMalformed``."""
        if len(data) > LARGEST:
            raise ProofMalformed(why=f"a disclosure has at most {LARGEST} bytes")
        try:
            read = msgspec.json.decode(data, type=_Disclosure)
            shown = tuple(
                ShownField(
                    one.index,
                    Field(one.path, one.value, bytes.fromhex(one.salt)),
                    tuple(map(bytes.fromhex, one.to_root)),
                )
                for one in read.fields
            )
            made = cls(shown, Proof.from_bytes(canonical_bytes(read.proof) + b"\n"))
            same = made.to_bytes() == data
        except (msgspec.DecodeError, ValueError, NotCanonical, RecursionError) as error:
            raise ProofMalformed(why="it is not the expected JSON object") from error
        if not same or read.format != DISCLOSURE_FORMAT:
            raise ProofMalformed(why="its bytes are not in the one form that a disclosure has")
        return made

    def verify(self, *, key: VerifierKey | None = None, pinned: Checkpoint | None = None) -> None:
        """Raise as ``proof.verify`` does; what holds is that these fields stood in the document committed to."""
        # The record's bytes are bound by its leaf, which ``proof.verify`` checks: here they say what to compare with.
        size, root = committed(self.proof)
        places = [one.place for one in self.fields]
        if not places or places != sorted(set(places)) or len({one.field.path for one in self.fields}) < len(places):
            raise ProofMalformed(why="it shows no field, or one of them twice, or not in order")
        for one in self.fields:
            if len(one.field.salt) != SALT_SIZE or any(len(node) != HASH_SIZE for node in one.path):
                raise ProofMalformed(why="a salt or a hash of a field is not of its length")
            verify_inclusion(one.field.leaf(), one.place, size, one.path, root)
        verify(self.proof, key=key, pinned=pinned)


def committed(proof: Proof) -> tuple[int, bytes]:
    """Size and root of the tree that a proof's record commits to. Raises ``ProofMalformed``."""
    try:
        record = record_of(proof.entry)
        size, root = record["size"], bytes.fromhex(record["root"])
        good = record["kind"] == COMMITS and 0 < size <= MOST_FIELDS and len(root) == HASH_SIZE
        good = good and record["root"] == root.hex()
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise ProofMalformed(why="its record commits to no fields") from error
    if not good:
        raise ProofMalformed(why="its record commits to no fields")
    return size, root


class _Shown(msgspec.Struct, forbid_unknown_fields=True):
    index: int
    path: str
    salt: str
    to_root: list[str]
    value: str | int | bool | None


class _Disclosure(msgspec.Struct, forbid_unknown_fields=True):
    fields: list[_Shown]
    format: str
    proof: dict[str, Any]

"""
Commitments to the fields of a document, each with a salt of its own: any of them can be shown without the others.

A document is taken apart into its scalar fields by JSON pointer (RFC 6901). The commitment to one field is the leaf of
the RFC 8785 bytes of ``{"format", "path", "salt", "value"}``; the commitment to all is the root of the Merkle tree over
these leaves in the order of their hashes, so that a field's place says nothing. Random leaves fill the tree up to a
power of two, so that its size does not say how many fields there are (as the decoy digests of RFC 9901, 4.2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import msgspec

from ledger.log.canonical import canonical_bytes
from ledger.log.errors import FieldAbsent, NotCanonical, OpeningMalformed
from ledger.log.merkle import HASH_SIZE, leaf_hash, levels, root

FIELD_FORMAT: Final = "onecode/field/1"
OPENING_FORMAT: Final = "onecode/opening/1"
SALT_SIZE: Final = 32
MOST_FIELDS: Final = 16_384
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an opening."""
Scalar = str | int | bool | None


class Field(NamedTuple):
    """One field of a document: its JSON pointer, its value, and the salt that keeps the value from being guessed."""

    path: str
    value: Scalar
    salt: bytes

    def leaf(self) -> bytes:
        """The commitment to it, 32 bytes. Raises ``NotCanonical``."""
        said = {"format": FIELD_FORMAT, "path": self.path, "salt": self.salt.hex(), "value": self.value}
        return leaf_hash(canonical_bytes(said))


def flattened(document: Any, at: str = "") -> Iterator[tuple[str, Scalar]]:
    """
    Every scalar of plain JSON data with its pointer, in the document's order; an empty list or object holds none.

    Raises ``NotCanonical`` for a binary float: figures are strings or integers.
    """
    if isinstance(document, dict):
        for name, value in document.items():
            yield from flattened(value, f"{at}/{_escaped(name)}")
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from flattened(value, f"{at}/{number}")
    elif document is None or isinstance(document, str | int):
        yield at, document
    else:
        raise NotCanonical(what=f"the number {document} at {at}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True, slots=True)
class Opening:
    """
    What the holder of a document keeps: its fields with their salts, and the leaves that fill the tree up.

    ``record`` is the id of the record that commits to it. Whoever has an opening can show everything; it is a secret.
    """

    record: str
    fields: tuple[Field, ...]
    fill: tuple[bytes, ...]

    @classmethod
    def of(cls, record: str, document: Any, token: Callable[[int], bytes]) -> Self:
        """
        A fresh opening; ``token`` gives that many random bytes. Raises ``NotCanonical``, ``OpeningMalformed``.

        A JSON number with a fraction must have been read as the string of its digits.
        """
        found = list(flattened(document))
        if not 0 < len(found) <= MOST_FIELDS:
            raise OpeningMalformed(why=f"a document has 1 to {MOST_FIELDS} fields; this one has {len(found)}")
        salts = token(SALT_SIZE * len(found))
        fields = tuple(Field(*one, salts[at * SALT_SIZE : (at + 1) * SALT_SIZE]) for at, one in enumerate(found))
        missing = (1 << (len(found) - 1).bit_length()) - len(found)
        filled = token(HASH_SIZE * missing)
        return cls(record, fields, tuple(filled[at : at + HASH_SIZE] for at in range(0, len(filled), HASH_SIZE)))

    def leaves(self) -> list[bytes]:
        """All leaves in the tree's order."""
        return sorted([*(field.leaf() for field in self.fields), *self.fill])

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return len(self.fields) + len(self.fill)

    def root(self) -> bytes:
        """The commitment to all fields, 32 bytes."""
        return root(self.leaves())

    def shown(self, paths: Sequence[str]) -> list[ShownField]:
        """
        The fields at these pointers, and all below them, with their places. Raises ``FieldAbsent``.

        ``""`` is the whole document.
        """
        tree = levels(self.leaves())
        found: dict[bytes, Field] = {}
        for path in paths:
            below = [one for one in self.fields if one.path == path or one.path.startswith(f"{path}/")]
            if not below:
                raise FieldAbsent(path=path)
            found |= {one.leaf(): one for one in below}
        place = {leaf: index for index, leaf in enumerate(tree[0])}
        return [ShownField(place[leaf], found[leaf], _to_root(tree, place[leaf])) for leaf in sorted(found)]

    def to_bytes(self) -> bytes:
        """The file, in its one form."""
        said = {
            "fields": [{"path": one.path, "salt": one.salt.hex(), "value": one.value} for one in self.fields],
            "fill": [leaf.hex() for leaf in self.fill],
            "format": OPENING_FORMAT,
            "record": self.record,
        }
        return canonical_bytes(said) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The opening from its file. Raises ``OpeningMalformed``."""
        if len(data) > LARGEST:
            raise OpeningMalformed(why=f"an opening has at most {LARGEST} bytes")
        try:
            read = msgspec.json.decode(data, type=_Opening)
            fields = tuple(Field(one.path, one.value, bytes.fromhex(one.salt)) for one in read.fields)
            made = cls(read.record, fields, tuple(map(bytes.fromhex, read.fill)))
            same = made.to_bytes() == data and read.format == OPENING_FORMAT
        except (msgspec.DecodeError, ValueError, NotCanonical) as error:
            raise OpeningMalformed(why="it is not the expected JSON object") from error
        if not same or any(len(one.salt) != SALT_SIZE for one in fields):
            raise OpeningMalformed(why="its bytes are not in the one form that an opening has")
        return made


def _to_root(tree: Sequence[Sequence[bytes]], index: int) -> tuple[bytes, ...]:
    """Siblings on the way up; the tree is complete, so every level but the last has one (RFC 6962, 2.1.1)."""
    return tuple(level[(index >> height) ^ 1] for height, level in enumerate(tree[:-1]))


class ShownField(NamedTuple):
    """A field, its place in the tree, and the hashes from there to the root."""

    place: int
    field: Field
    path: tuple[bytes, ...]


class _Field(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    salt: str
    value: str | int | bool | None


class _Opening(msgspec.Struct, forbid_unknown_fields=True):
    fields: list[_Field]
    fill: list[str]
    format: str
    record: str

"""
The manifest of a segment: what it covers, what vouches for it, and the files that belong to it.

One RFC 8785 object and a line feed::

    {"before": [hex, ...], "checkpoint": signed note, "files": {name: {"bytes": n, "rows": n, "sha256": hex}, ...},
     "format": "onecode/segment/1", "previous": hex or "", "receipt": signed note, "start": n, "stop": n}

``before`` are the roots of the complete subtrees of the first ``start`` leaves (``log.compact_range``): with them and
its own leaves a segment gives the root at ``stop``, which the checkpoint states. ``previous`` is the SHA-256 of the
manifest before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

import msgspec

from ledger.errors import LogError, ProofError
from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import Checkpoint, Note
from ledger.log.compact_range import CompactRange
from ledger.segments.errors import SegmentMalformed
from ledger.segments.tables import TABLES

FORMAT = "onecode/segment/1"
MAX_MANIFEST = 65_536
"""Bytes of a manifest, at most."""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it was sealed."""

    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Entries ``[start, stop)``; ``stop`` is the size of the checkpoint."""

    start: int
    stop: int
    before: tuple[bytes, ...]
    checkpoint_note: str
    receipt_note: str
    previous: str
    files: Mapping[str, Sealed]

    @property
    def name(self) -> str:
        """Name of the segment; names sort in the order of the log."""
        return f"{self.start:012d}-{self.stop:012d}"

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that the note states."""
        return Checkpoint.parse(Note.parse(self.checkpoint_note).text)

    def range_before(self) -> CompactRange:
        """The tree of all entries before this segment, ready to grow."""
        return CompactRange(self.start, self.before)

    @property
    def digest(self) -> str:
        """What the next manifest calls ``previous``."""
        return sha256(self.to_bytes()).hexdigest()

    def to_record(self) -> dict[str, object]:
        """JSON-able; its RFC 8785 form is the file."""
        return {
            "before": [node.hex() for node in self.before],
            "checkpoint": self.checkpoint_note,
            "files": {name: msgspec.to_builtins(sealed) for name, sealed in sorted(self.files.items())},
            "format": FORMAT,
            "previous": self.previous,
            "receipt": self.receipt_note,
            "start": self.start,
            "stop": self.stop,
        }

    def to_bytes(self) -> bytes:
        """The file."""
        return canonical_bytes(self.to_record()) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> Self:
        """The manifest from its file, byte for byte in the one form. Raises ``SegmentMalformed``."""
        if len(data) > MAX_MANIFEST:
            raise SegmentMalformed(segment=name, why=f"a manifest has at most {MAX_MANIFEST} bytes")
        try:
            said = msgspec.json.decode(data, type=_Fields)
            before = tuple(map(bytes.fromhex, said.before))
            found = cls(said.start, said.stop, before, said.checkpoint, said.receipt, said.previous, said.files)
            same = found.to_bytes() == data
        except (msgspec.DecodeError, ValueError, LogError) as error:
            raise SegmentMalformed(segment=name, why="its manifest is not the expected JSON object") from error
        if not same or said.format != FORMAT:
            raise SegmentMalformed(segment=name, why="its manifest is not in the one form that a manifest has")
        found._check(name)
        return found

    def _check(self, name: str) -> None:
        if self.name != name:
            raise SegmentMalformed(segment=name, why=f"it holds entries {self.start} up to {self.stop}")
        if not 0 <= self.start < self.stop or set(self.files) != set(TABLES):
            raise SegmentMalformed(segment=name, why="its range or its list of files is not one of a segment")
        try:
            self.range_before()
            size = self.checkpoint.size
        except ProofError as error:
            raise SegmentMalformed(segment=name, why=error.message()) from error
        if size != self.stop:
            raise SegmentMalformed(segment=name, why=f"its checkpoint is of size {size}")


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    before: list[str]
    checkpoint: str
    files: dict[str, Sealed]
    format: str
    previous: str
    receipt: str
    start: int
    stop: int

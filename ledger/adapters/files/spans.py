"""A file of lines cut into spans at line ends, each of which any process can read for itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.adapters.files.errors import FileTooLarge

LARGEST, SMALLEST = 8 << 20, 1 << 20
"""Bytes of a span: some twenty thousand records, a transaction's worth; less of a small file, so that all have work."""
SPANS = 16
LONGEST_LINE = 2_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """Whole lines of a file: bytes ``[start, stop)``."""

    path: Path
    start: int
    stop: int

    def read(self) -> bytes:
        """The bytes."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines in memory."""

    data: bytes

    def read(self) -> bytes:
        """The bytes."""
        return self.data


def spans(path: Path) -> list[Span]:
    """The file in spans. Raises ``FileTooLarge`` for an endless line."""
    found: list[Span] = []
    start = 0
    with path.open("rb") as stream:
        end = stream.seek(0, 2)
        size = min(LARGEST, max(SMALLEST, end // SPANS))
        while start < end:
            stream.seek(min(start + size, end))
            rest = stream.readline(LONGEST_LINE)
            if len(rest) == LONGEST_LINE:
                raise FileTooLarge(size=len(rest), limit=LONGEST_LINE - 1)
            stop = stream.tell()
            found.append(Span(path, start, stop))
            start = stop
    return found

"""Where sealed segments lie: written once, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec import Struct

from ledger.segments.activity import Activity
from ledger.segments.manifest import Manifest, Sealed
from ledger.segments.rolled_up import RolledUp

Row = Sequence[Any]


class SegmentDraft(Protocol):
    """A segment in the making."""

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """The next rows of one of ``segments.tables.TABLES``."""
        ...

    def seal(self, manifest: Callable[[Mapping[str, Sealed]], Manifest]) -> Manifest:
        """Close the files and put the segment in its place; ``manifest`` is asked for once they have their hashes."""
        ...


class Compared(Struct, frozen=True):
    """
    How the last comparison with the projection went: ``disagree`` cells of the sums of entries up to ``watermark``.

    ``sealed`` of them were summed when they were sealed.
    """

    sealed: int
    watermark: int
    disagree: int


class SegmentStore(Protocol):
    """The segments of a log. Raises ``SegmentsUnavailable`` where the packages it needs are not installed."""

    def manifests(self) -> list[Manifest]:
        """Every sealed segment, in the order of the log. Raises ``SegmentMalformed``."""
        ...

    def draft(self) -> AbstractContextManager[SegmentDraft]:
        """Room for a new segment; what is not sealed when it is left is thrown away."""
        ...

    def remember(self, compared: Compared) -> None:
        """Keep it for every process that has this store."""
        ...

    def remembered(self) -> Compared | None:
        """What was kept last."""
        ...

    def location(self, manifest: Manifest, table: str) -> str:
        """Where a table of a segment lies, for an engine that reads it itself: a path, or an address it knows."""
        ...

    def files(self, manifest: Manifest) -> dict[str, Sealed | None]:
        """The files as they are now, hashed again; ``None`` for one that is gone."""
        ...

    def rows(self, manifest: Manifest, table: str, start: int = 0) -> Iterator[list[Row]]:
        """
        Rows of a table in batches, in order, in bounded memory; of ``entries`` from entry ``start`` on.

        Raises ``SegmentMalformed`` where the file has not this table's columns.
        """
        ...


class Engine(Protocol):
    """What sums segments up."""

    @property
    def name(self) -> str:
        """The name by which it is asked for."""
        ...

    def activity(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> Activity:
        """
        The exact sums of all legs and hub operations in these segments that none of them withdraws,
        without the entries of index ``gone``, which later ones withdraw.

        The segments follow on from each other; the last one's ``cells`` name those of all. Raises
        ``SegmentsUnavailable`` where the engine is not installed, ``SegmentMalformed`` where it cannot read or sum.
        """
        ...

    def rolled_up(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> RolledUp:
        """The same legs by route, by product and by supplier, without driven distances; raises the same."""
        ...

"""
Compute the activity again out of sealed segments, and hold it against the projection.

What is sealed is summed by an engine from typed columns; entries after it, up to where the projection stands, are added
one by one. Every cell must then be the projection's, to the last digit: two ways to the same sums, by different code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from msgspec.structs import astuple, replace

from ledger.errors import StoreError
from ledger.footprint.activity import ActivityCube, HubCell, TransportCell, merged
from ledger.ports import EntryStore, Projections
from ledger.ports.segments import Engine, SegmentStore
from ledger.segments.activity import Activity
from ledger.segments.columns import Cells, Columns, Taken
from ledger.segments.manifest import Manifest
from ledger.segments.rolled_up import RolledUp, of_activity, without_driven
from ledger.segments.tables import CELLS
from ledger.services.withdrawal import in_log

TRIES = 20
"""How often the projection is read until no entry was folded meanwhile."""
Cell = TransportCell | HubCell
_COMPARED: Final = ("route", "product")
"""Dimensions that the projection has; the supplier is the segments' alone."""


class TotalsDisagree(StoreError):
    """Segments and projection give other sums for the same entries."""

    code = "recompute.disagrees"
    tenant: str
    cell: str
    segments: str
    projection: str
    en = "{tenant}, {cell}: the sealed segments give {segments}, the projection holds {projection}"
    zh = "{tenant}，{cell}：由封存分段得出 {segments}，投影中为 {projection}"
    fix_en = "Run `ledger check` and `ledger segments check`; where both hold, run `ledger rebuild`"
    fix_zh = "请运行 `ledger check` 与 `ledger segments check`；若均成立，请运行 `ledger rebuild`"


class ProjectionMoving(StoreError):
    """Entries came in so fast that the projection was never seen at rest."""

    code = "recompute.moving"
    retryable = True
    en = "the projection moved on while it was read"
    zh = "读取投影期间，投影持续更新"
    fix_en = "Try again when less is coming in"
    fix_zh = "请在写入较少时重试"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Activity of a tenant out of segments up to ``sealed`` and entries up to ``watermark``; where it disagrees."""

    sealed: int
    watermark: int
    cube: ActivityCube
    suppliers: tuple[TransportCell, ...]
    """The same legs with the supplier in the place of the route."""
    disagree: tuple[TotalsDisagree, ...]


def recompute(
    engine: Engine, store: SegmentStore, entries: EntryStore, projections: Projections, tenant: str
) -> Recomputed:
    """
    Both sides at the same entry, compared cell by cell.

    Raises ``SegmentsUnavailable``, ``SegmentMalformed`` and ``ProjectionMoving``.
    """
    at = _standing(store, entries, projections, tenant)
    activity = engine.activity(store, at.sealed, at.gone)
    activity.add(at.after)
    transport, hubs = activity.transport(tenant), activity.hub_cells(tenant)
    faults = (*_differences(tenant, transport, at.held.transport), *_differences(tenant, hubs, at.held.hubs))
    cube = replace(at.held, transport=transport, hubs=hubs)
    return Recomputed(at.stop, at.watermark, cube, tuple(activity.by_supplier(tenant)), faults)


@dataclass(frozen=True, slots=True)
class RolledUpAgain:
    """Legs of a tenant by route, product and supplier out of segments and later entries; where they disagree."""

    sealed: int
    watermark: int
    rolled: RolledUp
    held: ActivityCube
    """The projection's cube, with what operators state of their vehicles."""
    disagree: tuple[TotalsDisagree, ...]


def recompute_totals(
    engine: Engine, store: SegmentStore, entries: EntryStore, projections: Projections, tenant: str
) -> RolledUpAgain:
    """
    The same by route and by product alone, added up by the engine: for logs whose cells are many.

    Driven distances and hub operations are left out. Raises what ``recompute`` raises.
    """
    at = _standing(store, entries, projections, tenant)
    rolled = engine.rolled_up(store, at.sealed, at.gone).added(of_activity(at.after))
    faults: list[TotalsDisagree] = []
    for dimension in _COMPARED:
        held = without_driven(merged(at.held.transport, dimension))
        faults += _differences(tenant, rolled.of(dimension, tenant), held)
    return RolledUpAgain(at.stop, at.watermark, rolled, at.held, tuple(faults))


class _Standing(NamedTuple):
    """What is sealed up to ``stop``, what later entries add and withdraw, the projection at ``watermark``."""

    sealed: list[Manifest]
    stop: int
    watermark: int
    held: ActivityCube
    after: Activity
    gone: list[int]


def _standing(store: SegmentStore, entries: EntryStore, projections: Projections, tenant: str) -> _Standing:
    sealed = store.manifests()
    watermark, held = at_rest(projections, tenant)
    while sealed and sealed[-1].stop > watermark:
        sealed.pop()
    stop = sealed[-1].stop if sealed else 0
    cells = Cells.of(row for rows in store.rows(sealed[-1], CELLS) for row in rows) if sealed else Cells()
    after, gone = _tail(entries, stop, watermark, cells)
    return _Standing(sealed, stop, watermark, held, after, [seq for seq in gone if seq < stop])


def at_rest(projections: Projections, tenant: str) -> tuple[int, ActivityCube]:
    """How many entries are folded, and the cube of a tenant at just those. Raises ``ProjectionMoving``."""
    for _ in range(TRIES):
        before = projections.watermark()
        cube = projections.cube(tenant)
        if projections.watermark() == before:
            return before, cube
    raise ProjectionMoving


def _tail(entries: EntryStore, start: int, stop: int, cells: Cells) -> tuple[Activity, set[int]]:
    """Entries that are not sealed yet, summed; and what they withdraw, of themselves and of what is sealed."""
    found, gone = _summed(entries, start, stop, cells, frozenset())
    if any(seq >= start for seq in gone):  # a bound that is taken off again is not known without the rest
        found, _ = _summed(entries, start, stop, cells, gone)
    return found, gone


def _summed(
    entries: EntryStore, start: int, stop: int, cells: Cells, without: Collection[int]
) -> tuple[Activity, set[int]]:
    columns, found, gone = Columns(cells, in_log(entries)), Activity(), set[int]()
    for rows in entries.rows(start, stop):
        derived = columns.take(Taken(row.seq, row.tenant, row.kind, row.occurred_at, row.body) for row in rows)
        found.add_legs((leg for leg in derived.legs if leg.seq not in without), cells.keys)
        found.add_hubs(hub for hub in derived.hubs if hub.seq not in without)
        gone.update(seq for seq, _ in derived.withdrawals)
    return found, gone


def _differences(tenant: str, ours: Iterable[Cell], theirs: Iterable[Cell]) -> Iterator[TotalsDisagree]:
    mine, held = ({_key(cell): cell for cell in cells} for cells in (ours, theirs))
    for key in sorted(mine.keys() | held.keys()):
        if mine.get(key) != held.get(key):
            one, other = (repr(cells[key]) if key in cells else "-" for cells in (mine, held))
            yield TotalsDisagree(tenant=tenant, cell=" / ".join(key), segments=one, projection=other)


def _key(cell: Cell) -> tuple[str, ...]:
    return tuple(value for value in astuple(cell) if isinstance(value, str))

"""
What must hold after every sealed range: the running sums of its cells, with the entries after it, are the projection's.

It costs one table of one segment and one comparison; nothing that was sealed before is read again. Bounds and hub
operations are left to the recompute, which reads every row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from operator import add

from ledger.footprint.activity import ActivityCube, TransportCell
from ledger.ports import EntryStore, Projections
from ledger.ports.segments import Compared, SegmentStore
from ledger.segments.columns import Cells, Columns, Taken
from ledger.segments.tables import CELLS, KEY, SUMS
from ledger.services.recompute import ProjectionMoving, TotalsDisagree, at_rest
from ledger.services.seal import Sealer, seal_next
from ledger.services.withdrawal import in_log

Sums = dict[tuple[str, ...], list[int]]
SUPPLIER, UNITS = KEY.index("supplier"), SUMS.index("units")


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals segments of at least ``least`` entries as they are confirmed; each is compared before the next."""

    sealer: Sealer
    projections: Projections
    tenant: str
    least: int

    def work(self, stopped: Callable[[], bool]) -> bool:
        """Whether a segment was sealed. Raises ``TotalsDisagree``, and what sealing raises."""
        if stopped() or seal_next(self.sealer, self.least) is None:
            return False
        for fault in compare(self.sealer.segments, self.sealer.entries, self.projections, {self.tenant}):
            raise fault
        return True


def compare(
    store: SegmentStore, entries: EntryStore, projections: Projections, tenants: Collection[str]
) -> list[TotalsDisagree]:
    """
    Cells of these tenants, and of every other one in the newest segment, that the projection holds other sums of.

    The store remembers the outcome. Raises ``SegmentsUnavailable``, ``SegmentMalformed``, ``ProjectionMoving``.
    """
    sealed = store.manifests()
    newest = next((each for each in reversed(sealed) if each.stop <= projections.watermark()), None)
    if newest is None:
        return []
    cells = Cells.of(row for rows in store.rows(newest, CELLS) for row in rows)
    faults, watermark, summed = list[TotalsDisagree](), newest.stop, newest.stop
    for tenant in sorted({*tenants, *(key.tenant for key in cells.keys)}):
        watermark, cube = at_rest(projections, tenant)
        if watermark < summed:
            raise ProjectionMoving  # it is built anew
        if watermark > summed:  # entries may have come in between two tenants: other tenants' cells are not looked at
            _go_on(cells, entries, summed, watermark)
            summed = watermark
        faults += _differences(tenant, _sums_of(cells, tenant), cube)
    store.remember(Compared(newest.stop, watermark, len(faults)))
    return faults


def _go_on(cells: Cells, entries: EntryStore, start: int, stop: int) -> None:
    columns = Columns(cells, in_log(entries))
    for rows in entries.rows(start, stop):
        columns.take(Taken(row.seq, row.tenant, row.kind, row.occurred_at, row.body) for row in rows)


def _sums_of(cells: Cells, tenant: str) -> Sums:
    """Sums of a tenant as the projection has them: suppliers added up, no pieces, nothing that is all withdrawn."""
    found: Sums = defaultdict(lambda: [0] * (len(SUMS) - 1))
    for key, sums in zip(cells.keys, cells.sums, strict=True):
        if key.tenant == tenant:
            place = (*key[1:SUPPLIER], *key[SUPPLIER + 1 :])
            found[place] = list(map(add, found[place], sums[UNITS + 1 :]))
    return {place: sums for place, sums in found.items() if any(sums)}


def _differences(tenant: str, ours: Sums, cube: ActivityCube) -> list[TotalsDisagree]:
    theirs: Sums = defaultdict(lambda: [0] * (len(SUMS) - 1))
    for cell in cube.transport:
        place = (cell.route, cell.product, cell.vehicle, cell.mode, cell.distance_basis)
        theirs[place] = list(map(add, theirs[place], _of(cell)))
    return [
        TotalsDisagree(
            tenant=tenant, cell=" / ".join(place), segments=_said(ours.get(place)), projection=_said(theirs.get(place))
        )
        for place in sorted(ours.keys() | theirs.keys())
        if ours.get(place) != theirs.get(place)
    ]


def _of(cell: TransportCell) -> tuple[int, ...]:
    return (cell.grams, cell.gram_metres, cell.driven_legs, cell.driven_gram_metres, cell.count)


def _said(sums: list[int] | None) -> str:
    return "-" if sums is None else ", ".join(f"{name}={n}" for name, n in zip(SUMS[UNITS + 1 :], sums, strict=True))

"""A company's inventory, computed from the ledger's records, its boundary and a pinned factor set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from ledger.errors import FootprintError
from ledger.footprint.activity import month_start
from ledger.footprint.bill.supply import Supply
from ledger.footprint.factor import FactorSource
from ledger.footprint.inventory.inventory import Inventory, inventory
from ledger.footprint.inventory.recorded import Recorded
from ledger.log.entry import Entry
from ledger.ports import EntryStore, Projections
from ledger.ports.period_activity import PeriodActivity
from ledger.records.inventory_boundary import InventoryBoundary, WasteTransfer
from ledger.records.record import decode_body, microseconds


class Inventories(Protocol):
    """What an inventory needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where records are."""
        ...

    @property
    def projections(self) -> Projections:
        """Energy, certificates, statements, declarations."""
        ...

    @property
    def periods(self) -> PeriodActivity:
        """Legs, hub operations and pieces by month."""
        ...

    @property
    def factors(self) -> FactorSource:
        """Factor sets."""
        ...


class BoundaryAbsent(FootprintError):
    """Nobody has said what the company is."""

    code = "inventory.no-boundary"
    period: str
    en = "no boundary is recorded that holds in {period}"
    zh = "没有在 {period} 有效的组织边界记录"
    fix_en = "Say which sites and fleets are your own, and who pays for transport"
    fix_zh = "请说明哪些站点与车队属于本组织，以及运输由谁付费"


class PeriodUnreadable(FootprintError):
    """A period that is not two months, first to last, of ten years at most."""

    code = "inventory.period"
    text: str
    en = "{text} is not a period"
    zh = "{text} 不是可用的期间"
    fix_en = "Write the first and the last month as 2023-01 and 2023-12, the first not after the last"
    fix_zh = "请按 2023-01、2023-12 填写首月与末月，首月不晚于末月"


MOST_MONTHS = 120


def period_of(first: str, last: str) -> tuple[int, int]:
    """The months named by ``2023-01`` and ``2023-12``, as year x 12 + month - 1. Raises ``PeriodUnreadable``."""
    try:
        start, end = (date.fromisoformat(f"{text}-01") for text in (first, last))
    except ValueError:
        raise PeriodUnreadable(text=f"{first} / {last}") from None
    months = start.year * 12 + start.month - 1, end.year * 12 + end.month - 1
    if not 0 <= months[1] - months[0] < MOST_MONTHS:
        raise PeriodUnreadable(text=f"{first} / {last}")
    return months


def boundaries(ledger: Inventories, tenant: str) -> list[tuple[int, InventoryBoundary]]:
    """Every boundary of a tenant, oldest first."""
    return records_of(ledger, tenant, "inventory_boundary")


def boundary_at(ledger: Inventories, tenant: str, first: int) -> tuple[int, InventoryBoundary]:
    """The boundary in force when a period begins; of several the one entered last. Raises ``BoundaryAbsent``."""
    day = date(first // 12, first % 12 + 1, 1)
    held = [(entry, record) for entry, record in boundaries(ledger, tenant) if record.valid_from <= day]
    if not held:
        raise BoundaryAbsent(period=f"{day:%Y-%m}")
    return max(held, key=lambda pair: (pair[1].valid_from, pair[0]))


def recorded_in(ledger: Inventories, tenant: str, first: int, last: int) -> Recorded:
    """Everything of these months. Raises ``BoundaryAbsent``."""
    entry, boundary = boundary_at(ledger, tenant, first)
    months = ledger.periods.months(tenant, first, last)
    declared = records_of(ledger, tenant, "product_footprint")
    waste: Sequence[tuple[int, WasteTransfer]] = records_of(ledger, tenant, "waste_transfer")
    start, end = month_start(first), month_start(last + 1)
    return Recorded(
        first=first,
        last=last,
        boundary=boundary,
        boundary_entry=entry,
        legs=months.legs,
        hubs=months.hubs,
        pieces=months.pieces,
        cube=ledger.projections.cube(tenant, product=""),  # no legs: they come by month
        declared=declared,
        waste=[(at, one) for at, one in waste if start <= microseconds(one.occurred_at) < end],
        supply=Supply.of(declared, records_of(ledger, tenant, "bill_of_materials")),
    )


def inventory_of(ledger: Inventories, tenant: str, first: int, last: int, factor_set: str | None = None) -> Inventory:
    """The inventory of these months. Raises ``BoundaryAbsent``, ``GwpMismatch``, ``NoEmissionFactor``."""
    factors = ledger.factors.factor_set(factor_set) if factor_set else ledger.factors.current()
    return inventory(recorded_in(ledger, tenant, first, last), factors)


def records_of(ledger: Inventories, tenant: str, kind: str) -> list[tuple[int, Any]]:
    """A tenant's records of a kind that stand, with their entries, oldest first."""
    facts = ledger.projections.facts(tenant, kind)
    entries: dict[int, Entry] = ledger.entries.gathered([fact.seq for fact in facts])
    return [(index, decode_body(entries[index].body, kind)) for index in sorted(entries)]

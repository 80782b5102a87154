"""Everything an inventory of a period reads, as the ledger recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from ledger.footprint.activity import ActivityCube, HubCell, TransportCell, month_start
from ledger.footprint.bill.supply import Supply
from ledger.records.inventory_boundary import InventoryBoundary, WasteTransfer
from ledger.records.product_footprint import ProductFootprint

DAY_US = 86_400_000_000


class CarrierLegs(NamedTuple):
    """Legs of one carrier in one month (year x 12 + month - 1); the cell holds no product."""

    month: int
    carrier: str
    cell: TransportCell


class HubMonth(NamedTuple):
    """What left one hub in one month; the cell holds neither product nor route."""

    month: int
    cell: HubCell


class Pieces(NamedTuple):
    """Pieces of a product in one month, each counted once. ``last_at`` in microseconds."""

    product: str
    month: int
    units: int
    rows: int
    first_entry: int
    last_entry: int
    last_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """
    A run of months, first to last, and its records.

    ``cube`` holds the energy, refrigerants, certificates, hub cells, operations and models of all time; no legs.
    """

    first: int
    last: int
    boundary: InventoryBoundary
    boundary_entry: int
    legs: Sequence[CarrierLegs]
    hubs: Sequence[HubMonth]
    pieces: Sequence[Pieces]
    cube: ActivityCube
    declared: Sequence[tuple[int, ProductFootprint]]
    waste: Sequence[tuple[int, WasteTransfer]]
    supply: Supply = field(default_factory=Supply)
    """Bills of material, for what becomes of products."""

    @property
    def start(self) -> int:
        """When the period starts [microseconds]."""
        return month_start(self.first)

    @property
    def end(self) -> int:
        """When it ends; not part of it."""
        return month_start(self.last + 1)

    @property
    def year(self) -> int:
        """The year it starts in."""
        return self.first // 12

    def share(self, start: int, end: int) -> Fraction:
        """The share of a time that lies in the period; what straddles its ends is divided by time."""
        inside = min(end, self.end) - max(start, self.start)
        return Fraction(max(0, inside), end - start)

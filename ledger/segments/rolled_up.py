"""
Legs summed by one dimension and class of transport: what totals are multiplied from, a few thousand rows for any log.

Driven distances are left out: no emission rests on them, and they are half of the work of a large sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from msgspec.structs import replace

from ledger.footprint.activity import TransportCell, merged
from ledger.segments.activity import Activity

Dimension = Literal["route", "product", "supplier"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("route", "product", "supplier")
SUMS: Final = ("grams", "gram_metres", "legs", "first_entry", "last_entry", "first_at", "last_at")
"""What is summed, and the bounds, in the order of a row."""
Row = tuple[str, str, str, str, str, str, int, int, int, int, int, int, int]
"""Dimension, tenant, subject, vehicle, mode, basis; then ``SUMS``."""


@dataclass(slots=True)
class RolledUp:
    """Cells by dimension and tenant, in the order of their keys; a supplier stands in the place of the route."""

    cells: dict[tuple[str, str], list[TransportCell]] = field(default_factory=dict)

    def of(self, dimension: Dimension, tenant: str) -> Sequence[TransportCell]:
        """The cells of a tenant."""
        return self.cells.get((dimension, tenant), ())

    def added(self, other: RolledUp) -> RolledUp:
        """With another part of the log."""
        keys = self.cells.keys() | other.cells.keys()
        return RolledUp({key: merged([*self.cells.get(key, ()), *other.cells.get(key, ())]) for key in keys})


def of_rows(rows: Iterable[Row]) -> RolledUp:
    """From the rows of an engine, no two of one key."""
    found: dict[tuple[str, str], list[TransportCell]] = defaultdict(list)
    for dimension, tenant, subject, vehicle, mode, basis, *sums in rows:
        grams, gram_metres, count, *bounds = map(int, sums)
        place = ("", subject) if dimension == "product" else (subject, "")
        cell = TransportCell(*place, vehicle, mode, basis, grams, gram_metres, 0, 0, count, *bounds)
        found[dimension, tenant].append(cell)
    for cells in found.values():
        cells.sort(key=_key)
    return RolledUp(dict(found))


def _key(cell: TransportCell) -> tuple[str, str, str, str, str]:
    return cell.route, cell.product, cell.vehicle, cell.mode, cell.distance_basis


def of_activity(activity: Activity) -> RolledUp:
    """From sums by cell."""
    by: Mapping[Dimension, Callable[[str], list[TransportCell]]] = {
        "route": activity.by_route,
        "product": activity.by_product,
        "supplier": activity.by_supplier,
    }
    tenants = {key[0] for key in activity.legs}
    return RolledUp({(name, one): without_driven(by[name](one)) for name in DIMENSIONS for one in tenants})


def without_driven(cells: Iterable[TransportCell]) -> list[TransportCell]:
    """The same cells without their driven distances."""
    return [replace(cell, driven_legs=0, driven_gram_metres=0) for cell in cells]

"""
Activity summed out of segments: the cube of ``footprint.activity`` with the supplier beside its key, tenant by tenant.

An engine gives it; so does a pass over rows in Python. Parts of a log add up, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any

from ledger.footprint.activity import HubCell, TransportCell, merged
from ledger.segments.columns import CellKey, HubRow, LegRow

Key = tuple[str, ...]
BOUNDS = 4
"""At the end of each row of sums: first and last entry, first and last time."""


@dataclass(slots=True)
class Activity:
    """
    Sums by key. Of ``legs`` (by ``tables.KEY``): ``tables.SUMS``; of ``hubs`` (by ``tables.HUB_KEY``): units, grams,
    operations; then the bounds.
    """

    legs: dict[Key, list[int]] = field(default_factory=dict)
    hubs: dict[Key, list[int]] = field(default_factory=dict)

    def add_legs(self, rows: Iterable[LegRow], keys: Sequence[CellKey]) -> None:
        """Add legs one by one, their keys by number."""
        for row in rows:
            driven = row.driven_m
            grams = row.mass_g
            sums = [
                row.quantity,
                grams,
                grams * row.distance_m,
                driven is not None,
                grams * (driven or 0),
                1,
                row.seq,
                row.seq,
                row.occurred_at,
                row.occurred_at,
            ]
            _grow(self.legs, keys[row.cell], sums)

    def add_hubs(self, rows: Iterable[HubRow]) -> None:
        """Add hub operations one by one."""
        for row in rows:
            sums = [row.quantity, row.mass_g, 1, row.seq, row.seq, row.occurred_at, row.occurred_at]
            _grow(self.hubs, row[1:7], sums)

    def add(self, other: Activity) -> None:
        """Add another part of the log."""
        for key, sums in other.legs.items():
            _grow(self.legs, key, sums)
        for place, done in other.hubs.items():
            _grow(self.hubs, place, done)

    def transport(self, tenant: str) -> list[TransportCell]:
        """The cells of a tenant, suppliers added up, in the order of their keys."""
        return self._cells(tenant, lambda route, product, _: (route, product))

    def by_route(self, tenant: str) -> list[TransportCell]:
        """The cells of a tenant, products and suppliers added up."""
        return self._cells(tenant, lambda route, *_: (route, ""))

    def by_product(self, tenant: str) -> list[TransportCell]:
        """The cells of a tenant, routes and suppliers added up."""
        return self._cells(tenant, lambda _, product, __: ("", product))

    def by_supplier(self, tenant: str) -> list[TransportCell]:
        """The cells of a tenant with the supplier in the place of the route, products added up."""
        return self._cells(tenant, lambda _, __, supplier: (supplier, ""))

    def _cells(self, tenant: str, place: Callable[[str, str, str], tuple[str, str]]) -> list[TransportCell]:
        found: dict[Key, list[int]] = {}
        for key, sums in self.legs.items():
            if key[0] == tenant:
                _grow(found, (*place(key[1], key[2], key[3]), *key[4:]), sums)
        rows: list[tuple[Any, ...]] = [(*key, *found[key][1:]) for key in sorted(found)]
        return [TransportCell(*row) for row in rows]

    def hub_cells(self, tenant: str) -> list[HubCell]:
        """The hub cells of a tenant, in the order of their keys."""
        found = []
        for (name, hub, route, product, operation, temperature), sums in self.hubs.items():
            if name == tenant:
                _, grams, count, first, last, first_at, last_at = sums
                place = (route, product, hub, operation)
                found.append(HubCell(*place, grams, count, first, last, first_at, last_at, temperature))
        return merged(found)


def _grow(held: dict[Key, list[int]], key: Key, new: Sequence[int]) -> None:
    old = held.get(key)
    if old is None:
        held[key] = list(map(int, new))
        return
    old[:-BOUNDS] = map(add, old[:-BOUNDS], new[:-BOUNDS])
    old[-4], old[-2] = min(old[-4], new[-4]), min(old[-2], new[-2])
    old[-3], old[-1] = max(old[-3], new[-3]), max(old[-1], new[-1])

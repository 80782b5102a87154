"""
Typed columns of entries: what a segment holds of legs and hub operations beside the recorded bytes.

They follow from the bytes alone, in one way, so that a writer and a checker come to the same rows. Sums per cell run on
from one segment to the next; an entry that a correction withdraws is taken off again where the correction stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import msgspec

from ledger.identity import canonical
from ledger.records.correction import KEPT, corrects_of
from ledger.records.record import KIND_NUMBERS
from ledger.segments.tables import KEY, SUMS

_LEG, _HUB, CORRECTION = (KIND_NUMBERS[kind] for kind in ("transport_leg", "hub_operation", "correction"))
_KEPT = {number for kind, number in KIND_NUMBERS.items() if kind in KEPT}
product_key = lru_cache(maxsize=65_536)(canonical)


class CellKey(NamedTuple):
    """What tells cells of transport apart (``tables.KEY``)."""

    tenant: str
    route: str
    product: str
    supplier: str
    vehicle: str
    mode: str
    basis: str


class LegRow(NamedTuple):
    """A row of ``legs``."""

    seq: int
    cell: int
    quantity: int
    mass_g: int
    distance_m: int
    driven_m: int | None
    occurred_at: int


class HubRow(NamedTuple):
    """A row of ``hubs``."""

    seq: int
    tenant: str
    hub: str
    route: str
    product: str
    operation: str
    temperature: str
    quantity: int
    mass_g: int
    occurred_at: int


class Taken(NamedTuple):
    """An entry as columns are derived from it."""

    seq: int
    tenant: str
    kind: int
    """Position in ``records.record.KINDS``."""
    occurred_at: int
    body: bytes


class _Leg(msgspec.Struct, gc=False):
    carrier: str
    distance_basis: str
    distance_m: int
    mass_g: int
    mode: str
    product: str
    quantity: int
    route: str
    vehicle: str
    driven_m: int | None = None


class _LegBody(msgspec.Struct, gc=False):
    record: _Leg


class _Hub(msgspec.Struct, gc=False):
    hub: str
    mass_g: int
    operation: str
    product: str
    quantity: int
    route: str
    temperature: str = "ambient"


class _HubBody(msgspec.Struct, gc=False):
    record: _Hub


_leg_of = msgspec.json.Decoder(_LegBody).decode
_hub_of = msgspec.json.Decoder(_HubBody).decode


@dataclass(slots=True)
class Cells:
    """Every cell so far: its number by its key, its key and sums by its number."""

    numbers: dict[CellKey, int] = field(default_factory=dict)
    keys: list[CellKey] = field(default_factory=list)
    sums: list[list[int]] = field(default_factory=list)
    """In the order of ``tables.SUMS``."""

    @classmethod
    def of(cls, rows: Iterable[Sequence[object]]) -> Cells:
        """From rows of ``cells``, in their order."""
        cells = cls()
        for _, *rest in rows:
            key = CellKey(*map(str, rest[: len(KEY)]))
            cells.numbers[key] = len(cells.keys)
            cells.keys.append(key)
            cells.sums.append([int(str(value)) for value in rest[len(KEY) :]])
        return cells

    def number(self, key: CellKey) -> int:
        """The number of a cell, given one at first sight."""
        known = self.numbers.get(key)
        if known is None:
            known = self.numbers[key] = len(self.keys)
            self.keys.append(key)
            self.sums.append([0] * len(SUMS))
        return known

    def add(self, leg: LegRow, sign: int = 1) -> None:
        """Add a leg to its cell, or, with sign -1, take it off."""
        sums = self.sums[leg.cell]
        mass = leg.mass_g * sign
        sums[0] += leg.quantity * sign
        sums[1] += mass
        sums[2] += mass * leg.distance_m
        if leg.driven_m is not None:
            sums[3] += sign
            sums[4] += mass * leg.driven_m
        sums[5] += sign

    def rows(self) -> list[tuple[object, ...]]:
        """Rows of ``cells``."""
        return [(number, *key, *sums) for number, (key, sums) in enumerate(zip(self.keys, self.sums, strict=True))]


@dataclass(slots=True)
class Derived:
    """What some entries give, table by table."""

    legs: list[LegRow] = field(default_factory=list)
    hubs: list[HubRow] = field(default_factory=list)
    withdrawals: list[tuple[int, int]] = field(default_factory=list)


Earlier = Callable[[Taken, str], Taken | None]
"""Of a correction and the record id that it names: the entry of that id, of the same tenant and before it."""


@dataclass(slots=True)
class Columns:
    """Derives typed columns from entries in order; ``cells`` grows with them."""

    cells: Cells
    earlier: Earlier

    def take(self, rows: Iterable[Taken]) -> Derived:
        """The rows that the next entries give."""
        found = Derived()
        for row in rows:
            if row.kind == _LEG:
                leg = self.leg(row)
                self.cells.add(leg)
                found.legs.append(leg)
            elif row.kind == _HUB:
                found.hubs.append(hub(row))
            elif row.kind == CORRECTION:
                gone = self.earlier(row, corrects_of(row.body))
                if gone is not None and gone.kind not in _KEPT:
                    found.withdrawals.append((gone.seq, row.seq))
                    if gone.kind == _LEG:
                        self.cells.add(self.leg(gone), -1)
        return found

    def leg(self, row: Taken) -> LegRow:
        """The row of a transport leg."""
        leg = _leg_of(row.body).record
        key = CellKey(
            row.tenant,
            leg.route,
            product_key(leg.product),
            leg.carrier,
            leg.vehicle,
            leg.mode,
            leg.distance_basis,
        )
        number = self.cells.number(key)
        return LegRow(row.seq, number, leg.quantity, leg.mass_g, leg.distance_m, leg.driven_m, row.occurred_at)


def hub(row: Taken) -> HubRow:
    """The row of a hub operation."""
    done = _hub_of(row.body).record
    place = (done.hub, done.route, product_key(done.product), done.operation, done.temperature)
    return HubRow(row.seq, row.tenant, *place, done.quantity, done.mass_g, row.occurred_at)

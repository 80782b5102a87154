"""
The activity cube: what was moved, summed as integers before any factor is touched.

A store sums records by key in one pass (one GROUP BY); footprints are computed from the few sums. Because every
emission is linear in the sums, a cube of any coarseness gives the same digits as leg by leg.

For legs, by (route, product, vehicle, mode, distance_basis)::

    grams               SUM(mass_g)                    gram_metres  SUM(mass_g * distance_m)
    driven_legs         COUNT(driven_m)                driven_gram_metres  SUM(mass_g * driven_m)
    count, first_entry, last_entry                     COUNT(*), MIN(entry index), MAX(entry index)
    first_at, last_at   MIN, MAX of occurred_at [microseconds from the Unix epoch]

``grams`` stands beside ``gram_metres`` because an air leg counts as (GCD + 95 km): sum m*(d + 95 km) needs both.
Sums exceed 64 bits at the large end (590 thousand average legs in one cell): sum in a wide integer type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from operator import add
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record, microseconds
from ledger.records.transport_leg import TransportLeg
from ledger.records.transport_operation import TransportOperation, VehicleModel

CHINA = timezone(timedelta(hours=8))
"""Days and years of activity are counted on the calendar the records are kept by."""

Dimension = Literal["product", "route"]


class TransportCell(Struct, frozen=True, gc=False):
    """Legs of one route, product and class of transport, summed. Masses [g], activity [g m]."""

    route: str
    product: str
    vehicle: str
    mode: str
    distance_basis: str
    grams: int
    gram_metres: int
    driven_legs: int
    driven_gram_metres: int
    count: int
    first_entry: int
    last_entry: int
    first_at: int
    last_at: int


class HubCell(Struct, frozen=True, gc=False):
    """Hub operations of one hub, route, product and kind, summed: ``grams`` outbound [g]."""

    route: str
    product: str
    hub: str
    operation: str
    grams: int
    count: int
    first_entry: int
    last_entry: int
    first_at: int
    last_at: int


class SiteEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """One meter reading of a hub: energy [Wh] from ``start`` up to ``end`` [microseconds]; ``year`` where it stands."""

    hub: str
    region: str
    year: int
    energy_wh: int
    start: int
    end: int
    entry: int


class Declared(Struct, frozen=True, kw_only=True, gc=False):
    """A supplier's declared footprint of a product, and how many pieces it is applied to."""

    product: str
    entry: int
    record: ProductFootprint
    units: int
    declared_units_per_piece: str | None = None
    """An exact decimal or fraction; needed when the declared unit is not the piece."""


class Operated(Struct, frozen=True, kw_only=True, gc=False):
    """What operations used and did from ``start`` up to ``end`` [microseconds], as their operator states."""

    entry: int
    record: TransportOperation
    start: int
    end: int


class ModelledVehicle(Struct, frozen=True, kw_only=True, gc=False):
    """How a vehicle consumes, as its operator states, for activity from ``start`` up to ``end`` [microseconds]."""

    entry: int
    record: VehicleModel
    start: int
    end: int


class ActivityCube(Struct, frozen=True, kw_only=True):
    """Everything one calculation reads. Hub cells and energy are all of a hub's, never a part, so shares add up."""

    transport: Sequence[TransportCell] = ()
    hubs: Sequence[HubCell] = ()
    energy: Sequence[SiteEnergy] = ()
    declared: Sequence[Declared] = ()
    operations: Sequence[Operated] = ()
    models: Sequence[ModelledVehicle] = ()

    def rolled_up(self, keep: Dimension) -> ActivityCube:
        """The same activity by route only, or by product only: fewer cells, the same totals, digit for digit."""
        return ActivityCube(
            transport=merged(self.transport, keep),
            hubs=merged(self.hubs, keep),
            energy=self.energy,
            declared=self.declared if keep == "product" else (),
            operations=self.operations,
            models=self.models,
        )


Cell = TypeVar("Cell", TransportCell, HubCell)
_KEYS = {TransportCell: 5, HubCell: 4}


def merged(cells: Sequence[Cell], keep: Dimension | None = None) -> list[Cell]:
    """Cells with equal keys added up, in the order of their keys; with ``keep``, of route and product only that one."""
    if not cells:
        return []
    form: type[Cell] = type(cells[0])
    width = _KEYS[form]
    sums: dict[tuple[str, ...], list[int]] = {}
    for row in cells:
        values = astuple(row)
        key, numbers = _key(values[:width], keep), values[width:]
        old = sums.get(key)
        sums[key] = list(numbers) if old is None else _added(old, numbers)
    return [form(*together) for together in _joined(sums)]


def _joined(sums: dict[tuple[str, ...], list[int]]) -> list[tuple[Any, ...]]:
    return [(*key, *sums[key]) for key in sorted(sums)]


def _key(key: tuple[str, ...], keep: Dimension | None) -> tuple[str, ...]:
    """Route and product are the first two of every key."""
    if keep is None:
        return key
    return (key[0], "", *key[2:]) if keep == "route" else ("", *key[1:])


def _added(old: list[int], new: Sequence[int]) -> list[int]:
    """Sums added; of the last four, the bounds, the outer ones kept."""
    return [
        *map(add, old[:-4], new[:-4]),
        min(old[-4], new[-4]),
        max(old[-3], new[-3]),
        min(old[-2], new[-2]),
        max(old[-1], new[-1]),
    ]


def transport_cell(entry: int, leg: TransportLeg) -> TransportCell:
    """The cell of a single leg; ``entry`` is its index in the log."""
    at = microseconds(leg.occurred_at)
    return TransportCell(
        route=leg.route,
        product=leg.product,
        vehicle=leg.vehicle,
        mode=leg.mode,
        distance_basis=leg.distance_basis,
        grams=leg.mass_g,
        gram_metres=leg.mass_g * leg.distance_m,
        driven_legs=0 if leg.driven_m is None else 1,
        driven_gram_metres=leg.mass_g * (leg.driven_m or 0),
        count=1,
        first_entry=entry,
        last_entry=entry,
        first_at=at,
        last_at=at,
    )


def hub_cell(entry: int, operation: HubOperation) -> HubCell:
    """The cell of a single hub operation."""
    at = microseconds(operation.occurred_at)
    return HubCell(
        route=operation.route,
        product=operation.product,
        hub=operation.hub,
        operation=operation.operation,
        grams=operation.mass_g,
        count=1,
        first_entry=entry,
        last_entry=entry,
        first_at=at,
        last_at=at,
    )


def site_energy(entry: int, reading: EnergyUse) -> SiteEnergy:
    """A meter reading; its year is the one its period starts in, on the reader's own calendar."""
    return SiteEnergy(
        hub=reading.site,
        region=reading.region,
        year=reading.period_start.year,
        energy_wh=reading.energy_wh,
        start=microseconds(reading.period_start),
        end=microseconds(reading.period_end),
        entry=entry,
    )


def operated(entry: int, record: TransportOperation) -> Operated:
    """An operator's statement of a period; ``entry`` is its index in the log."""
    return Operated(
        entry=entry, record=record, start=microseconds(record.period_start), end=microseconds(record.period_end)
    )


def modelled(entry: int, record: VehicleModel) -> ModelledVehicle:
    """An operator's model of a vehicle; valid on whole days of the calendar the records are kept by."""
    end = start_of(record.valid_to + timedelta(days=1))
    return ModelledVehicle(entry=entry, record=record, start=start_of(record.valid_from), end=end)


def cube_of(records: Iterable[tuple[int, Record]]) -> ActivityCube:
    """The cube of (entry index, record) pairs, summed in Python; kinds without activity are passed over."""
    legs: list[TransportCell] = []
    hubs: list[HubCell] = []
    energy: list[SiteEnergy] = []
    operations: list[Operated] = []
    models: list[ModelledVehicle] = []
    for entry, record in records:
        match record:
            case TransportLeg():
                legs.append(transport_cell(entry, record))
            case HubOperation():
                hubs.append(hub_cell(entry, record))
            case EnergyUse():
                energy.append(site_energy(entry, record))
            case TransportOperation():
                operations.append(operated(entry, record))
            case VehicleModel():
                models.append(modelled(entry, record))
            case _:
                continue
    return ActivityCube(transport=merged(legs), hubs=merged(hubs), energy=energy, operations=operations, models=models)


def day_of(at: int) -> str:
    """The day in China of a time in microseconds, ISO 8601."""
    return datetime.fromtimestamp(at // 1_000_000, CHINA).date().isoformat()


def start_of(day: date) -> int:
    """Microseconds from the Unix epoch to the start of a day in China."""
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=CHINA))

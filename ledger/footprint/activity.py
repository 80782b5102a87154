"""
The activity cube: what was moved, summed as integers before any factor is touched.

A store sums records by key in one pass (one GROUP BY); footprints are computed from the few sums. Because every
emission is linear in the sums, a cube of any coarseness gives the same digits as leg by leg.

For legs, by (route, product, vehicle, mode, distance_basis)::

    grams               SUM(mass_g)                    gram_metres  SUM(mass_g * distance_m)
    driven_legs         COUNT(driven_m)                driven_gram_metres  SUM(mass_g * driven_m)
    count, first_entry, last_entry                     COUNT(*), MIN(entry index), MAX(entry index)
    first_at, last_at   MIN, MAX of occurred_at [microseconds from the Unix epoch]

Sums and bounds are those of the records that stand: one that a correction withdraws leaves no trace in them, and a cell
without any left is gone.

``grams`` stands beside ``gram_metres`` because an air leg counts as (GCD + 95 km): sum m*(d + 95 km) needs both.
Sums exceed 64 bits at the large end (590 thousand average legs in one cell): sum in a wide integer type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from operator import add
from typing import Any, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import astuple

from ledger.footprint.bill.supply import Made, Supply
from ledger.records.correction import standing
from ledger.records.energy_certificate import EnergyCertificate
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record, microseconds
from ledger.records.site_refrigerant import SiteRefrigerant
from ledger.records.transport_leg import TransportLeg
from ledger.records.transport_operation import ELECTRICITY, TransportOperation, VehicleModel

CHINA = timezone(timedelta(hours=8))
"""Days and years of activity are counted on the calendar the records are kept by."""

WATT_HOURS_PER_KWH = 1000
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
    """Hub operations of one hub, route, product, kind and temperature, summed: ``grams`` outbound [g]."""

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
    temperature: str = "ambient"


class SiteEnergy(Struct, frozen=True, kw_only=True, gc=False):
    """
    One carrier's use at a hub from ``start`` up to ``end`` [microseconds]; ``year`` is where it stands.

    Electricity is ``energy_wh`` [Wh]; any other carrier is ``amount``, a decimal, in ``unit``. ``serves``, ``origin``
    and ``scope`` (0 when the carrier tells) are as recorded.
    """

    hub: str
    region: str
    year: int
    energy_wh: int
    start: int
    end: int
    entry: int
    carrier: str = ELECTRICITY
    amount: str = ""
    unit: str = "kWh"
    serves: str = "all"
    meter: str = ""
    origin: str = "bought"
    scope: int = 0

    @property
    def used(self) -> Fraction:
        """The amount in ``unit``, exact."""
        return Fraction(self.amount) if self.amount else Fraction(self.energy_wh, WATT_HOURS_PER_KWH)


class SiteLoss(Struct, frozen=True, kw_only=True, gc=False):
    """Refrigerant lost at a hub [kg] from ``start`` up to ``end`` [microseconds]."""

    hub: str
    gas: str
    mass_kg: str
    serves: str
    start: int
    end: int
    entry: int


class Certified(Struct, frozen=True, kw_only=True, gc=False):
    """A certificate; of one that was cancelled for a site, ``start`` up to ``end`` [microseconds] is the use's time."""

    entry: int
    record: EnergyCertificate
    start: int = 0
    end: int = 0

    @property
    def site(self) -> str:
        """The site it was cancelled for; empty when it was not."""
        return self.record.retired_for.site if self.record.retired_for else ""


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
    """
    Everything one calculation reads.

    Hub cells, energy, refrigerants and certificates are all of a hub's, never a part, so shares add up.
    """

    transport: Sequence[TransportCell] = ()
    hubs: Sequence[HubCell] = ()
    energy: Sequence[SiteEnergy] = ()
    declared: Sequence[Declared] = ()
    operations: Sequence[Operated] = ()
    models: Sequence[ModelledVehicle] = ()
    losses: Sequence[SiteLoss] = ()
    certificates: Sequence[Certified] = ()
    made: Sequence[Made] = ()
    supply: Supply = Supply()
    """What is declared and billed of the products in ``made`` and of everything below them."""

    def rolled_up(self, keep: Dimension) -> ActivityCube:
        """The same activity by route only, or by product only: fewer cells, the same totals, digit for digit."""
        return ActivityCube(
            transport=merged(self.transport, keep),
            hubs=merged(self.hubs, keep),
            energy=self.energy,
            declared=self.declared if keep == "product" else (),
            operations=self.operations,
            models=self.models,
            losses=self.losses,
            certificates=self.certificates,
            made=self.made if keep == "product" else (),
            supply=self.supply,
        )


Cell = TypeVar("Cell", TransportCell, HubCell)
_KEYS: dict[type, tuple[int, int]] = {TransportCell: (5, 14), HubCell: (4, 10)}
"""Of each cell, where its sums begin and end; what stands behind them belongs to the key."""


def merged(cells: Sequence[Cell], keep: Dimension | None = None) -> list[Cell]:
    """Cells with equal keys added up, in the order of their keys; with ``keep``, of route and product only that one."""
    if not cells:
        return []
    form: type[Cell] = type(cells[0])
    width: int = _KEYS[form][0]
    end: int = _KEYS[form][1]
    sums: dict[tuple[str, ...], list[int]] = {}
    for row in cells:
        values: tuple[Any, ...] = astuple(row)
        key, numbers = _key((*values[:width], *values[end:]), keep), values[width:end]
        old = sums.get(key)
        sums[key] = list(numbers) if old is None else _added(old, numbers)
    return [form(*together) for together in _joined(sums, width)]


def _joined(sums: dict[tuple[str, ...], list[int]], width: int) -> list[tuple[Any, ...]]:
    return [(*key[:width], *sums[key], *key[width:]) for key in sorted(sums)]


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
        temperature=operation.temperature,
    )


def site_energy(entry: int, reading: EnergyUse) -> SiteEnergy:
    """A reading or delivery; its year is the one its period starts in, on the reader's own calendar."""
    return SiteEnergy(
        hub=reading.site,
        region=reading.region or "",
        year=reading.period_start.year,
        energy_wh=reading.energy_wh or 0,
        start=microseconds(reading.period_start),
        end=microseconds(reading.period_end),
        entry=entry,
        carrier=reading.carrier,
        amount=reading.amount or "",
        unit=reading.unit or "kWh",
        serves=reading.serves,
        meter=reading.meter or "",
        origin=reading.origin,
        scope=reading.scope or 0,
    )


def site_loss(entry: int, record: SiteRefrigerant) -> SiteLoss:
    """Refrigerant that a site lost."""
    return SiteLoss(
        hub=record.site,
        gas=record.gas,
        mass_kg=record.mass_kg,
        serves=record.serves,
        start=microseconds(record.period_start),
        end=microseconds(record.period_end),
        entry=entry,
    )


def certified(entry: int, record: EnergyCertificate) -> Certified:
    """A certificate; the days of its use are those of the calendar the records are kept by."""
    used = record.retired_for
    if used is None:
        return Certified(entry=entry, record=record)
    end = start_of(used.period_end + timedelta(days=1))
    return Certified(entry=entry, record=record, start=start_of(used.period_start), end=end)


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
    """
    The cube of (entry index, record) pairs of one tenant in the order of the log, summed in Python.

    Records that a correction among them withdraws are left out, as if they had never been there; kinds without
    activity are passed over.
    """
    legs: list[TransportCell] = []
    hubs: list[HubCell] = []
    energy: list[SiteEnergy] = []
    operations: list[Operated] = []
    models: list[ModelledVehicle] = []
    losses: list[SiteLoss] = []
    certificates: list[Certified] = []
    for entry, record in standing(records):
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
            case SiteRefrigerant():
                losses.append(site_loss(entry, record))
            case EnergyCertificate():
                certificates.append(certified(entry, record))
            case _:
                continue
    return ActivityCube(
        transport=merged(legs),
        hubs=merged(hubs),
        energy=energy,
        operations=operations,
        models=models,
        losses=losses,
        certificates=certificates,
    )


def day_of(at: int) -> str:
    """The day in China of a time in microseconds, ISO 8601."""
    return datetime.fromtimestamp(at // 1_000_000, CHINA).date().isoformat()


def start_of(day: date) -> int:
    """Microseconds from the Unix epoch to the start of a day in China."""
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=CHINA))


def month_of(at: int) -> int:
    """The month in China of a time in microseconds: year x 12 + month - 1."""
    day = datetime.fromtimestamp(at // 1_000_000, CHINA)
    return day.year * 12 + day.month - 1


def month_start(month: int) -> int:
    """Microseconds from the Unix epoch to the start of a month in China."""
    return start_of(date(month // 12, month % 12 + 1, 1))

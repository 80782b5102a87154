"""``ports.PeriodActivity`` on a database: sums by month, added by upserts; a fold never reads what it adds to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final

from msgspec import Struct, json
from sqlalchemy import Connection, Table, func, select

from ledger.adapters.sql.corrected import corrected
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.folding import LIMB, product_key
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.period_tables import MONTH_HUB, MONTH_LEG, MONTH_UNIT
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.adapters.sql.withdrawing import row_of
from ledger.footprint.activity import HubCell, TransportCell, month_of
from ledger.footprint.inventory.recorded import CarrierLegs, HubMonth, Pieces
from ledger.ports import LeafRow
from ledger.ports.period_activity import Months
from ledger.records.record import KIND_NUMBERS

TABLES: Final = (MONTH_LEG, MONTH_HUB, MONTH_UNIT)
_BOUNDS = ("first_seq", "last_seq", "first_at", "last_at")
_LEAST, _MOST = ("first_seq", "first_at"), ("last_seq", "last_at")
_LEG_KEY = ("tenant_id", "month", "route", "carrier", "vehicle", "mode", "basis")
_LEG_SUMS = ("grams", "activity_high", "activity_low", "driven_high", "driven_low", "driven_legs", "legs")
_HUB_KEY = ("tenant_id", "month", "hub", "operation", "temperature")
_HUB_SUMS = ("grams", "operations")
_UNIT_KEY = ("tenant_id", "month", "product", "at", "name")
_UNIT_SUMS = ("units", "rows")
_LEGS = Upsert(MONTH_LEG, (*_LEG_KEY, *_LEG_SUMS, *_BOUNDS), _LEG_KEY, added=_LEG_SUMS, least=_LEAST, most=_MOST)
_HUBS = Upsert(MONTH_HUB, (*_HUB_KEY, *_HUB_SUMS, *_BOUNDS), _HUB_KEY, added=_HUB_SUMS, least=_LEAST, most=_MOST)
_UNITS = Upsert(MONTH_UNIT, (*_UNIT_KEY, *_UNIT_SUMS, *_BOUNDS), _UNIT_KEY, added=_UNIT_SUMS, least=_LEAST, most=_MOST)


class _Leg(Struct, gc=False):
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


class _Hub(Struct, gc=False):
    hub: str
    mass_g: int
    operation: str
    product: str
    quantity: int
    temperature: str = "ambient"


class _LegBody(Struct, gc=False):
    record: _Leg


class _HubBody(Struct, gc=False):
    record: _Hub


_LEG, _HUB = KIND_NUMBERS["transport_leg"], KIND_NUMBERS["hub_operation"]
_leg_of, _hub_of = json.Decoder(_LegBody).decode, json.Decoder(_HubBody).decode
Sums = dict[tuple[Any, ...], list[int]]


class _Fold:
    """What entries add, table by table, the tenant's name first in each key; with ``sign`` -1, what they take away."""

    def __init__(self) -> None:
        self.legs: Sums = {}
        self.hubs: Sums = {}
        self.units: Sums = {}

    def take(self, row: LeafRow, sign: int = 1) -> None:
        if row.kind == _LEG:
            self._leg(row, _leg_of(row.body).record, sign)
        elif row.kind == _HUB:
            self._hub(row, _hub_of(row.body).record, sign)

    def _leg(self, row: LeafRow, leg: _Leg, sign: int) -> None:
        month = month_of(row.occurred_at)
        driven = leg.driven_m
        key = (row.tenant, month, leg.route, leg.carrier, leg.vehicle, leg.mode, leg.distance_basis)
        moved = leg.mass_g * leg.distance_m
        sums = (leg.mass_g, moved, leg.mass_g * (driven or 0), 0 if driven is None else 1, 1)
        _add(self.legs, key, [sign * value for value in sums], row)
        self._unit(row, month, leg.product, ("r", leg.route, sign * leg.quantity, sign))

    def _hub(self, row: LeafRow, done: _Hub, sign: int) -> None:
        month = month_of(row.occurred_at)
        key = (row.tenant, month, done.hub, done.operation, done.temperature)
        _add(self.hubs, key, [sign * done.mass_g, sign], row)
        self._unit(row, month, done.product, ("h", done.hub, sign * done.quantity, sign))

    def _unit(self, row: LeafRow, month: int, product: str, counted: tuple[str, str, int, int]) -> None:
        at, name, units, rows = counted
        _add(self.units, (row.tenant, month, product_key(product), at, name), [units, rows], row)


def _add(into: Sums, key: tuple[Any, ...], sums: list[int], row: LeafRow) -> None:
    seq, at = row.seq, row.occurred_at
    known = into.get(key)
    if known is None:
        into[key] = [*sums, seq, seq, at, at]
        return
    for place, value in enumerate(sums):
        known[place] += value
    known[-4:] = [min(known[-4], seq), max(known[-3], seq), min(known[-2], at), max(known[-1], at)]


@dataclass(frozen=True, slots=True)
class SqlPeriodActivity(MarkedTables):
    """The sums on a database."""

    database: Database
    name: ClassVar[str] = "period_activity"
    tables: ClassVar[tuple[Table, ...]] = TABLES

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        fold = _Fold()
        for row in rows:
            fold.take(row)
        for entry in corrected(self.database, rows):
            fold.take(row_of(entry), -1)
        return partial(self._write, fold=fold)

    def _write(self, connection: Connection, fold: _Fold) -> None:
        names = {key[0] for sums in (fold.legs, fold.hubs, fold.units) for key in sums}
        tenants = {name: self.database.tenant_id(connection, name) for name in names}
        legs = [(tenants[name], *key, *_limbs(sums)) for (name, *key), sums in fold.legs.items()]
        _LEGS.run(self.database, connection, legs)
        for upsert, table in ((_HUBS, fold.hubs), (_UNITS, fold.units)):
            upsert.run(self.database, connection, [(tenants[n], *key, *sums) for (n, *key), sums in table.items()])

    def months(self, tenant: str, first: int, last: int) -> Months:
        """See ``PeriodActivity.months``."""
        with self.database.reading() as connection:
            number = connection.execute(select(TENANT.c.id).where(TENANT.c.name == tenant)).scalar() or 0
            found = []
            for table in TABLES:
                c = table.c
                query = select(table).where(c.tenant_id == number, c.month.between(first, last))
                found.append(connection.execute(query.order_by(*table.primary_key.columns)).all())
        legs, hubs, units = found
        return Months(
            [CarrierLegs(row.month, row.carrier, _transport_cell(row)) for row in legs if row.legs],
            [HubMonth(row.month, _hub_cell(row)) for row in hubs if row.operations],
            list(_pieces(row for row in units if row.rows)),
        )

    def span(self, tenant: str) -> tuple[int, int] | None:
        """See ``PeriodActivity.span``."""
        found: list[int] = []
        with self.database.reading() as connection:
            for table, count in ((MONTH_LEG, MONTH_LEG.c.legs), (MONTH_HUB, MONTH_HUB.c.operations)):
                ends = select(func.min(table.c.month), func.max(table.c.month)).where(count > 0)
                mine = ends.join(TENANT, TENANT.c.id == table.c.tenant_id).where(TENANT.c.name == tenant)
                found += [int(month) for month in connection.execute(mine).one() if month is not None]
        return (min(found), max(found)) if found else None


def _pieces(rows: Iterable[Any]) -> Iterable[Pieces]:
    by_product: dict[str, dict[tuple[str, str], list[Any]]] = {}
    for row in rows:
        by_product.setdefault(row.product, {}).setdefault((row.at, row.name), []).append(row)
    for product, places in by_product.items():
        # "h" sorts before "r": a hub goes before every route; of equal ones the first by name
        chosen = min(places, key=lambda place: (place[0], -sum(row.units for row in places[place]), place[1]))
        for row in places[chosen]:
            yield Pieces(product, row.month, row.units, row.rows, row.first_seq, row.last_seq, row.last_at)


def _limbs(sums: list[int]) -> tuple[int, ...]:
    """Gram-metres pass 64 bits: they go in as two limbs each."""
    grams, activity, driven, driven_legs, legs, *bounds = sums
    return grams, *divmod(activity, LIMB), *divmod(driven, LIMB), driven_legs, legs, *bounds


def _transport_cell(row: Any) -> TransportCell:
    return TransportCell(
        route=row.route,
        product="",
        vehicle=row.vehicle,
        mode=row.mode,
        distance_basis=row.basis,
        grams=row.grams,
        gram_metres=row.activity_high * LIMB + row.activity_low,
        driven_legs=row.driven_legs,
        driven_gram_metres=row.driven_high * LIMB + row.driven_low,
        count=row.legs,
        first_entry=row.first_seq,
        last_entry=row.last_seq,
        first_at=row.first_at,
        last_at=row.last_at,
    )


def _hub_cell(row: Any) -> HubCell:
    return HubCell(
        route="",
        product="",
        hub=row.hub,
        operation=row.operation,
        grams=row.grams,
        count=row.operations,
        first_entry=row.first_seq,
        last_entry=row.last_seq,
        first_at=row.first_at,
        last_at=row.last_at,
        temperature=row.temperature,
    )

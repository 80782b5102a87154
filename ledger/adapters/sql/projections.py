"""
Projections: what the pages and calculations read, folded from entries in order, exactly once, by watermark.

Sums grow by additive upserts, so a fold never reads what it adds to; what corrections take away again is found before
(``withdrawing``). State of an asset is the latest event by event
time, so that scans which arrive late or out of order end in the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, Select, Table, and_, distinct, func, literal, select, union

from ledger.adapters.sql.activity_rows import HUBS, LEGS, leg_row
from ledger.adapters.sql.blocks import entries_at
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.folding import LIMB, Fold, folded
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.tables import (
    ACTIVITY,
    ASSET,
    ASSET_EVENT,
    FACT,
    HUB_ACTIVITY,
    METADATA,
    PROJECTIONS,
    TENANT,
    WITHDRAWAL,
)
from ledger.adapters.sql.upsert import Upsert
from ledger.adapters.sql.withdrawing import taken_away
from ledger.footprint.activity import (
    ActivityCube,
    Declared,
    HubCell,
    SiteEnergy,
    TransportCell,
    certified,
    modelled,
    operated,
    site_energy,
    site_loss,
)
from ledger.footprint.bill.supply import Made, Supply, parts_of
from ledger.footprint.product import declared_on
from ledger.identity import canonical
from ledger.ports import AssetState, Fact, LeafRow, Summed
from ledger.records.hub_operation import EnergyUse
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import KIND_NUMBERS, KINDS, decode_body, microseconds

_SAID = (KIND_NUMBERS["product_footprint"], KIND_NUMBERS["bill_of_materials"])
"""Kinds that tell of a product without moving it."""
_STATE = ("last_seq", "last_at", "step", "disposition", "place")
_FACTS = Upsert(FACT, ("tenant_id", "seq", "kind", "subject", "occurred_at"), ("seq",))
_ASSETS = Upsert(
    ASSET,
    ("tenant_id", "id", "product", "first_seq", *_STATE),
    ("id", "tenant_id"),
    moved=_STATE,
    when="(excluded.last_at, excluded.last_seq) > (asset.last_at, asset.last_seq)",
)
_LINKS = Upsert(ASSET_EVENT, ("asset_no", "seq", "tenant_id"), ("asset_no", "seq"))


@dataclass(frozen=True, slots=True)
class SqlProjections(MarkedTables):
    """``ports.Projections`` on a database; ``log`` is where the entries are, when that is another one."""

    database: Database
    log: Database | None = None
    name: ClassVar[str] = "main"
    tables: ClassVar[tuple[Table, ...]] = tuple(METADATA.tables[table] for table in PROJECTIONS)

    @property
    def _entries(self) -> SqlEntries:
        return SqlEntries(self.log or self.database)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        return self._adding(self.summed([rows], rows[0].seq))

    def summed(self, batches: Iterable[Sequence[LeafRow]], first: int) -> Fold:
        """See ``Projections.summed``."""
        return folded(batches, first)

    def add(self, summed: Summed) -> bool:
        """See ``Projections.add``."""
        assert isinstance(summed, Fold)
        return self.moved(summed.first, summed.stop, self._adding(summed))

    def _adding(self, summed: Fold) -> Write:
        taken = taken_away(self.database, self._entries, summed)

        def write(connection: Connection) -> None:
            self._write(connection, summed)
            if taken is not None:
                taken.write(self.database, connection)

        return write

    def _write(self, connection: Connection, fold: Fold) -> None:
        every = (fold.legs, fold.hubs, fold.assets.values(), fold.facts, fold.links)
        names = {row[0] for rows in every for row in rows}
        tenants = {name: self.database.tenant_id(connection, name) for name in names}
        legs = [(tenants[name], *key, *leg_row(cell)) for (name, *key), cell in fold.legs.items()]
        LEGS.run(self.database, connection, legs)
        hubs = [(tenants[name], *key, *cell) for (name, *key), cell in fold.hubs.items()]
        HUBS.run(self.database, connection, hubs)
        _FACTS.run(self.database, connection, [(tenants[name], *row) for name, *row in fold.facts])
        if fold.assets:
            _ASSETS.run(self.database, connection, [(tenants[name], *row) for name, *row in fold.assets.values()])
            named = list({epc: None for _, epc in fold.assets})
            found = self.database.among(connection, "SELECT tenant_id, id, no FROM asset WHERE id IN", named)
            numbers = {(tenant, epc): no for tenant, epc, no in found}
            links = [(numbers[tenants[name], epc], seq, tenants[name]) for name, epc, seq in fold.links]
            _LINKS.run(self.database, connection, links)

    def asset(self, identity: str) -> AssetState | None:
        """See ``Projections.asset``."""
        found = self._assets(ASSET.c.id == identity, 1, ASSET.c.first_seq)
        return found[0] if found else None

    def assets(self, tenant: str, after: str = "", limit: int = 100) -> list[AssetState]:
        """See ``Projections.assets``."""
        return self._assets(and_(TENANT.c.name == tenant, ASSET.c.id > after), limit, ASSET.c.id)

    def _assets(self, condition: Any, limit: int, order: Any) -> list[AssetState]:
        c = ASSET.c
        columns = (c.id, TENANT.c.name, c.product, c.first_seq, c.last_seq, c.last_at, c.step, c.disposition, c.place)
        query = select(*columns).join(TENANT, TENANT.c.id == c.tenant_id).where(condition).order_by(order).limit(limit)
        with self.database.reading() as connection:
            return [AssetState(*row) for row in connection.execute(query)]

    def asset_entries(self, identity: str, limit: int = 1000) -> list[int]:
        """See ``Projections.asset_entries``."""
        first = select(ASSET.c.no).where(ASSET.c.id == identity).order_by(ASSET.c.first_seq).limit(1)
        owned = first.scalar_subquery()
        query = select(ASSET_EVENT.c.seq).where(ASSET_EVENT.c.asset_no == owned).order_by(ASSET_EVENT.c.seq)
        with self.database.reading() as connection:
            return list(connection.execute(query.limit(limit)).scalars())

    def cube(self, tenant: str, *, product: str | None = None, route: str | None = None) -> ActivityCube:
        """See ``Projections.cube``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            legs = select(ACTIVITY).where(ACTIVITY.c.tenant_id == number)
            if product is not None:
                legs = legs.where(ACTIVITY.c.product == product)
            if route is not None:
                legs = legs.where(ACTIVITY.c.route == route)
            transport = [_transport_cell(row) for row in connection.execute(legs)]
            all_hubs = select(HUB_ACTIVITY).where(HUB_ACTIVITY.c.tenant_id == number)
            hubs = [_hub_cell(row) for row in connection.execute(all_hubs)]
            energy = self._energy(connection, number)
            declared = [] if route is not None else self._declared(connection, number, product)
            supply = Supply() if route is not None else self._supply(connection, number, product)
            made = self._made(connection, number, supply, product)
            operations = [operated(*told) for told in self._records(connection, number, "transport_operation", None)]
            models = [modelled(*told) for told in self._records(connection, number, "vehicle_model", None)]
            losses = [site_loss(*told) for told in self._records(connection, number, "site_refrigerant", None)]
            certificates = [certified(*told) for told in self._records(connection, number, "energy_certificate", None)]
        return ActivityCube(
            transport=transport,
            hubs=hubs,
            energy=energy,
            declared=declared,
            operations=operations,
            models=models,
            losses=losses,
            certificates=certificates,
            made=made,
            supply=supply,
        )

    def _energy(self, connection: Connection, tenant: int) -> list[SiteEnergy]:
        found = self._records(connection, tenant, "energy_use", None)
        return [site_energy(seq, record) for seq, record in found if isinstance(record, EnergyUse)]

    def _declared(self, connection: Connection, tenant: int, product: str | None) -> list[Declared]:
        """The declaration of each product valid on the day it last moved, or, of one that never did, was stated."""
        moved = self._units(connection, tenant)
        days = self._last_days(connection, tenant)
        stated: dict[str, list[tuple[int, ProductFootprint]]] = {}
        for seq, record in self._records(connection, tenant, "product_footprint", product):
            if isinstance(record, ProductFootprint):
                stated.setdefault(canonical(record.product), []).append((seq, record))
        found = []
        for name, records in sorted(stated.items()):
            held = declared_on(records, days.get(name) or _day(microseconds(records[-1][1].occurred_at))).values()
            found += [Declared(product=name, entry=seq, record=record, units=moved[name]) for seq, record in held]
        return found

    def _last_days(self, connection: Connection, tenant: int) -> dict[str, date]:
        """The day on which each product last moved."""
        last = select(ACTIVITY.c.product, func.max(ACTIVITY.c.last_at)).where(ACTIVITY.c.tenant_id == tenant)
        return {name: _day(int(at)) for name, at in connection.execute(last.group_by(ACTIVITY.c.product))}

    def _supply(self, connection: Connection, tenant: int, product: str | None) -> Supply:
        """Declarations and bills of every product, or of one and all that its bills reach."""
        if product is None:
            stated = self._records(connection, tenant, "product_footprint", None)
            return Supply.of(stated, self._records(connection, tenant, "bill_of_materials", None))
        stated, billed, seen, waiting = [], [], {product}, [product]
        while waiting:
            name = waiting.pop()
            own = self._records(connection, tenant, "bill_of_materials", name)
            if own or name != product:
                stated += self._records(connection, tenant, "product_footprint", name)
            billed += own
            parts = {part for _, record in own for part in parts_of(record)}
            waiting += sorted(parts - seen)
            seen |= parts
        return Supply.of(stated, billed)

    def _made(self, connection: Connection, tenant: int, supply: Supply, product: str | None) -> list[Made]:
        """The bill of each product valid on the day it last moved, or, of one that never did, was stated."""
        if not supply.bills:
            return []
        moved, days, found = self._units(connection, tenant), self._last_days(connection, tenant), []
        for name in sorted(supply.bills) if product is None else [product]:
            told = supply.bills.get(name, ())
            if told:
                day = days.get(name) or _day(microseconds(told[-1][1].occurred_at))
                held, _ = supply.bill(name, None, day)
                if held is not None:
                    found.append(Made(product=name, entry=held[0], record=held[1], units=moved[name], day=day))
        return found

    def _records(self, connection: Connection, tenant: int, kind: str, subject: str | None) -> list[tuple[int, Any]]:
        query = select(FACT.c.seq).where(FACT.c.tenant_id == tenant, FACT.c.kind == KIND_NUMBERS[kind])
        if subject is not None:
            query = query.where(FACT.c.subject == subject)
        found = list(connection.execute(query).scalars())
        if self.log is not None:
            return [(at, decode_body(one.body, kind)) for at, one in sorted(self._entries.gathered(found).items())]
        names = self.database.tenant_names(connection)
        entries = entries_at(self.database, connection, found, names)
        return [(entry.index, decode_body(entry.body, kind)) for entry in entries]

    def _units(self, connection: Connection, tenant: int) -> dict[str, int]:
        """Pieces of each product: out of its busiest hub, else on its busiest route, else one as declared."""
        legs = select(ACTIVITY.c.product, func.sum(ACTIVITY.c.units).label("units"))
        routes = legs.where(ACTIVITY.c.tenant_id == tenant).group_by(ACTIVITY.c.product, ACTIVITY.c.route).subquery()
        busiest = select(routes.c.product, func.max(routes.c.units)).group_by(routes.c.product)
        done = select(HUB_ACTIVITY.c.product, func.sum(HUB_ACTIVITY.c.units).label("units"))
        done = done.where(HUB_ACTIVITY.c.tenant_id == tenant).group_by(HUB_ACTIVITY.c.product, HUB_ACTIVITY.c.hub)
        hubs = done.subquery()
        out = select(hubs.c.product, func.max(hubs.c.units)).group_by(hubs.c.product)
        said = (FACT.c.tenant_id == tenant, FACT.c.kind.in_(_SAID))
        stated = select(FACT.c.subject, literal(1)).where(*said).distinct()
        counted: dict[str, int] = {}
        for query in (stated, busiest, out):
            counted |= {product: int(units) for product, units in connection.execute(query)}
        return counted

    def units(self, tenant: str) -> dict[str, int]:
        """See ``Projections.units``."""
        with self.database.reading() as connection:
            return self._units(connection, self._tenant(connection, tenant))

    def routes(self, tenant: str) -> list[str]:
        """See ``Projections.routes``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            chosen = select(ACTIVITY.c.route).distinct().where(ACTIVITY.c.tenant_id == number)
            return list(connection.execute(chosen.order_by(ACTIVITY.c.route)).scalars())

    def products(self, tenant: str) -> list[str]:
        """See ``Projections.products``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            moved = select(ACTIVITY.c.product).where(ACTIVITY.c.tenant_id == number)
            stated = select(FACT.c.subject).where(FACT.c.tenant_id == number, FACT.c.kind.in_(_SAID))
            return sorted(connection.execute(union(moved, stated)).scalars())

    def withdrawn(self, tenant: str, size: int | None = None) -> dict[int, int]:
        """See ``Projections.withdrawn``."""
        c = WITHDRAWAL.c
        with self.database.reading() as connection:
            query = select(c.seq, c.by_seq).where(c.tenant_id == self._tenant(connection, tenant)).order_by(c.seq)
            if size is not None:
                query = query.where(c.seq < size, c.by_seq < size)
            return {row.seq: row.by_seq for row in connection.execute(query)}

    def facts(
        self, tenant: str, kind: str, subject: str | None = None, *, after: int = -1, limit: int | None = None
    ) -> list[Fact]:
        """See ``Projections.facts``."""
        return self._facts(
            tenant, kind, subject, select(FACT).where(FACT.c.seq > after).order_by(FACT.c.seq).limit(limit)
        )

    def facts_of(self, tenant: str, kind: str, subjects: Sequence[str]) -> list[Fact]:
        """See ``Projections.facts_of``."""
        with self.database.reading() as connection:
            own = f"tenant_id = {self._tenant(connection, tenant)} AND kind = {KIND_NUMBERS[kind]}"
            query = f"SELECT seq, subject, occurred_at FROM fact WHERE {own} AND subject IN"  # noqa: S608 - numbers
            found = self.database.among(connection, query, list(subjects))
            return sorted(Fact(seq, tenant, kind, subject, at) for seq, subject, at in found)

    def last_facts(
        self, tenant: str, kind: str, subject: str | None = None, *, before: int | None = None, limit: int = 100
    ) -> list[Fact]:
        """See ``Projections.last_facts``."""
        newest = select(FACT).order_by(FACT.c.seq.desc()).limit(limit)
        return self._facts(tenant, kind, subject, newest if before is None else newest.where(FACT.c.seq < before))

    def subjects(
        self, tenant: str, kinds: Sequence[str], *, after: str | None = None, limit: int | None = None
    ) -> list[str]:
        """See ``Projections.subjects``."""
        c = FACT.c
        with self.database.reading() as connection:
            own = c.tenant_id == self._tenant(connection, tenant)
            found = set[str]()
            for kind in kinds:
                query = select(c.subject).distinct().where(own, c.kind == KIND_NUMBERS[kind])
                if after is not None:
                    query = query.where(c.subject > after)
                found.update(connection.execute(query.order_by(c.subject).limit(limit)).scalars())
        return sorted(found)[:limit]

    def subject_count(self, tenant: str, kinds: Sequence[str]) -> int:
        """See ``Projections.subject_count``."""
        with self.database.reading() as connection:
            own = FACT.c.tenant_id == self._tenant(connection, tenant)
            query = select(func.count(distinct(FACT.c.subject))).where(own, FACT.c.kind.in_(_numbers(kinds)))
            return int(connection.execute(query).scalar() or 0)

    def tally(self, tenant: str, kinds: Sequence[str], subjects: Sequence[str]) -> dict[tuple[str, str], int]:
        """See ``Projections.tally``."""
        c = FACT.c
        with self.database.reading() as connection:
            own = c.tenant_id == self._tenant(connection, tenant)
            query = select(c.kind, c.subject, func.count()).group_by(c.kind, c.subject)
            query = query.where(own, c.kind.in_(_numbers(kinds)), c.subject.in_(list(subjects)))
            return {(KINDS[kind][0], subject): int(count) for kind, subject, count in connection.execute(query)}

    def _facts(self, tenant: str, kind: str, subject: str | None, query: Select[Any]) -> list[Fact]:
        query = query.where(FACT.c.kind == KIND_NUMBERS[kind])
        if subject is not None:
            query = query.where(FACT.c.subject == subject)
        with self.database.reading() as connection:
            query = query.where(FACT.c.tenant_id == self._tenant(connection, tenant))
            return [Fact(row.seq, tenant, kind, row.subject, row.occurred_at) for row in connection.execute(query)]

    def counts(self, tenant: str) -> dict[str, int]:
        """See ``Projections.counts``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            sums = {
                "transport_leg": select(func.sum(ACTIVITY.c.legs)).where(ACTIVITY.c.tenant_id == number),
                "hub_operation": select(func.sum(HUB_ACTIVITY.c.operations)).where(HUB_ACTIVITY.c.tenant_id == number),
                "epcis_event": select(func.count(distinct(ASSET_EVENT.c.seq))).where(ASSET_EVENT.c.tenant_id == number),
                "assets": select(func.count()).select_from(ASSET).where(ASSET.c.tenant_id == number),
            }
            counts = {name: int(connection.execute(query).scalar() or 0) for name, query in sums.items()}
            by_kind = select(FACT.c.kind, func.count()).where(FACT.c.tenant_id == number).group_by(FACT.c.kind)
            return counts | {KINDS[kind][0]: total for kind, total in connection.execute(by_kind)}

    def _tenant(self, connection: Connection, name: str) -> int:
        return connection.execute(select(TENANT.c.id).where(TENANT.c.name == name)).scalar() or 0


def _numbers(kinds: Sequence[str]) -> list[int]:
    return [KIND_NUMBERS[kind] for kind in kinds]


def _day(at: int) -> date:
    return datetime.fromtimestamp(at // 1_000_000, UTC).date()


def _transport_cell(row: Any) -> TransportCell:
    return TransportCell(
        route=row.route,
        product=row.product,
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
        route=row.route,
        product=row.product,
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

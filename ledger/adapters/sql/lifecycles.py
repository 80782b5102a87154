"""``ports.Lifecycles`` on a database: the lives of assets, a projection of its own beside the first."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec import json
from sqlalchemy import Connection, Table, and_, case, func, or_, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.folding import product_of
from ledger.adapters.sql.life_fold import LifeFold, site_key
from ledger.adapters.sql.life_reading import FIELDS, Reading, state_of
from ledger.adapters.sql.life_rows import ROLES, texts
from ledger.adapters.sql.life_tables import LIFE, LIFE_ANOMALY, LIFE_CODE, LIFE_EVENT, LIFE_LINK, TABLES
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.tables import TENANT
from ledger.lifecycle.anomaly import Anomaly, Coordinates
from ledger.lifecycle.event import read
from ledger.lifecycle.lives import NEVER, Life, Lives, nowhere
from ledger.ports import Alias, AssetFilter, AssetLife, HistoryRow, LeafRow, Tally
from ledger.records.record import KIND_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCAN: Final = KIND_NUMBERS["epcis_event"]
_FIRST: Final = (NEVER, -1)


@dataclass(frozen=True, slots=True)
class SqlLifecycles(MarkedTables):
    """``coordinates`` are asked when events are folded: after they change, ``ledger rebuild``."""

    database: Database
    name: ClassVar[str] = "lifecycles"
    tables: ClassVar[tuple[Table, ...]] = TABLES
    coordinates: Coordinates = nowhere

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        events = [(row.tenant, read(row.seq, row.occurred_at, row.body)) for row in rows if row.kind == _SCAN]
        events.sort(key=lambda pair: pair[0])

        def write(connection: Connection) -> None:
            for tenant, group in groupby(events, key=lambda pair: pair[0]):
                reading = Reading(self.database, connection, self.database.tenant_id(connection, tenant))
                LifeFold(reading, tenant, self.coordinates).run([event for _, event in group])

        return write

    @contextmanager
    def _reading(self, tenant: str) -> Iterator[Reading]:
        with self.database.reading() as connection:
            number = connection.execute(select(TENANT.c.id).where(TENANT.c.name == tenant)).scalar()
            yield Reading(self.database, connection, number or 0)

    def tenants(self, code: str) -> list[str]:
        """See ``Lifecycles.tenants``."""
        first = select(func.min(LIFE_LINK.c.seq)).where(LIFE_LINK.c.code_no == LIFE_CODE.c.no).scalar_subquery()
        query = select(TENANT.c.name).join(LIFE_CODE, LIFE_CODE.c.tenant_id == TENANT.c.id)
        with self.database.reading() as connection:
            return list(connection.execute(query.where(LIFE_CODE.c.id == code).order_by(first)).scalars())

    def asset(self, tenant: str, code: str, at: int | None = None) -> AssetLife | None:
        """See ``Lifecycles.asset``."""
        with self._reading(tenant) as reading:
            number = reading.primary(code)
            found = [] if number is None else self._lives(reading, tenant, [number], at)
            return found[0] if found else None

    def _lives(self, reading: Reading, tenant: str, numbers: list[int], at: int | None) -> list[AssetLife]:
        states = reading.states(numbers) if at is None else self._told(reading, numbers, at).states
        return _named(reading, tenant, {no: states[no] for no in numbers if no in states})

    def _told(self, reading: Reading, numbers: list[int], at: int | None, watched: int | None = None) -> Lives[int]:
        lives: Lives[int] = Lives(self.coordinates, watched=watched)
        _, events = reading.whole(numbers, at)
        for event in sorted(events, key=lambda event: event.order):
            lives.apply(event)
        return lives

    def history(self, tenant: str, code: str, upto: int | None = None, limit: int = 1000) -> list[HistoryRow]:
        """See ``Lifecycles.history``."""
        with self._reading(tenant) as reading:
            number = reading.primary(code)
            if number is None:
                return []
            told = self._told(reading, [number], upto, number)
            seen = reading.seen(number, told.felt, upto)[-limit:]
            units = {seq: unit for seq, (_, unit) in told.felt.items() if unit is not None}
            near = {no for event, _, _ in seen for no in (event.parent, event.alias_of) if no is not None}
            names = reading.names({number, *units.values(), *near})
            return [
                HistoryRow(
                    texts(event, names.__getitem__),
                    told.felt[event.seq][0] if event.seq in told.felt else ROLES[role],
                    void,
                    names.get(units.get(event.seq) or event.parent or 0, ""),
                )
                for event, role, void in seen
            ]

    def contents(self, tenant: str, code: str, at: int | None = None, limit: int = 1000) -> list[AssetLife]:
        """See ``Lifecycles.contents``."""
        with self._reading(tenant) as reading:
            number = reading.primary(code)
            if number is None:
                return []
            if at is None:
                found = select(LIFE.c.no).where(LIFE.c.parent == number).order_by(LIFE.c.no).limit(limit)
                inside = reading.states(reading.connection.execute(found).scalars())
            else:
                told = self._told(reading, [number, *reading.ever_inside(number)], at)
                inside = {no: life for no, life in told.states.items() if life.parent == number}
            return sorted(_named(reading, tenant, inside))[:limit]

    def aliases(self, tenant: str, code: str) -> list[Alias]:
        """See ``Lifecycles.aliases``."""
        c, e, link = LIFE_CODE.c, LIFE_EVENT.c, LIFE_LINK.c
        with self._reading(tenant) as reading:
            number = reading.primary(code)
            query = (
                select(c.id, func.min(e.seq), func.min(e.at))
                .join(LIFE_LINK, link.code_no == c.no)
                .join(LIFE_EVENT, and_(e.seq == link.seq, e.alias_of_no.is_not(None), e.void.is_(False)))
                .where(c.primary_no == number, e.voids.is_(False), link.role == 0)
                .group_by(c.id)
                .order_by(func.min(e.seq), c.id)
            )
            return [Alias(*row) for row in reading.connection.execute(query)] if number is not None else []

    def assets(
        self, tenant: str, wanted: AssetFilter | None = None, after: str = "", limit: int = 100
    ) -> list[AssetLife]:
        """See ``Lifecycles.assets``."""
        wanted = wanted or AssetFilter()
        c, s = LIFE_CODE.c, LIFE.c
        with self._reading(tenant) as reading:
            query = select(c.id, *(s[name] for name in FIELDS)).join(LIFE, s.no == c.no)
            query = query.where(c.tenant_id == reading.tenant, c.id > after)
            if wanted.category:
                stated = s.category == wanted.category
                query = query.where(or_(stated, and_(s.category == "", c.product.in_(wanted.products))))
            if wanted.stage:
                query = query.where(s.stage == wanted.stage)
            if wanted.place:
                query = query.where(s.site_key == site_key(wanted.place))
            if wanted.kind:
                query = query.where(c.is_unit.is_(wanted.kind == "unit"))
            rows = reading.connection.execute(query.order_by(c.id).limit(limit)).all()
            lives = {code: state_of(row) for code, *row in rows}
            names = reading.names({life.parent for life in lives.values() if life.parent is not None})
            return [_asset(code, tenant, life, names) for code, life in lives.items()]

    def anomalies(
        self, tenant: str, code: str | None = None, before: int | None = None, limit: int = 100
    ) -> list[Anomaly[str]]:
        """See ``Lifecycles.anomalies``."""
        a = LIFE_ANOMALY.c
        with self._reading(tenant) as reading:
            query = select(a.code_no, a.code, a.seq, a.other_seq, a.at, a.detail).where(a.tenant_id == reading.tenant)
            if code is not None:
                query = query.where(a.code_no == (reading.primary(code) or 0))
            if before is not None:
                query = query.where(a.seq < before)
            rows = reading.connection.execute(query.order_by(a.seq.desc(), a.code, a.code_no).limit(limit)).all()
            names = reading.names({row[0] for row in rows})
            return [Anomaly(names[no], name, seq, other, at, _detail(text)) for no, name, seq, other, at, text in rows]

    def tallies(self, tenant: str, limits: tuple[int, ...]) -> list[Tally]:
        """See ``Lifecycles.tallies``."""
        c, s = LIFE_CODE.c, LIFE.c
        steps = [(s.stock_at == NEVER, -1)]
        steps += [(s.stock_at <= limit, number) for number, limit in reversed(list(enumerate(limits, 1)))]
        bucket = case(*steps, else_=0).label("bucket")
        weighed, valued = (case((column > 0, 1), else_=0) for column in (s.mass_g, s.value_fen))
        sums = (
            *(func.count(), func.sum(case((s.tagged, 1), else_=0)), func.sum(weighed), func.sum(s.mass_g)),
            *(func.sum(valued), func.sum(s.value_fen), func.sum(s.dismantled), func.sum(s.reused)),
            *(func.sum(s.dismantled * weighed), func.sum(s.reused * weighed)),
            *(func.sum(s.dismantled * s.mass_g), func.sum(s.reused * s.mass_g)),
        )
        keys = (s.category, c.product, s.stage, bucket)
        with self._reading(tenant) as reading:
            query = select(*keys, *sums).join(LIFE, s.no == c.no)
            query = query.where(s.tenant_id == reading.tenant, c.is_unit.is_(False)).group_by(*keys).order_by(*keys)
            return [Tally(*row[:3], *map(int, row[3:])) for row in reading.connection.execute(query)]

    def counts(self, tenant: str) -> dict[str, int]:
        """See ``Lifecycles.counts``."""
        with self._reading(tenant) as reading:
            units = select(LIFE_CODE.c.is_unit, func.count()).join(LIFE, LIFE.c.no == LIFE_CODE.c.no)
            units = units.where(LIFE.c.tenant_id == reading.tenant).group_by(LIFE_CODE.c.is_unit)
            kinds = {bool(unit): total for unit, total in reading.connection.execute(units)}
            events, flags = (
                reading.connection.execute(select(func.count()).where(table.c.tenant_id == reading.tenant)).scalar()
                for table in (LIFE_EVENT, LIFE_ANOMALY)
            )
        return {
            "assets": kinds.get(False, 0),
            "units": kinds.get(True, 0),
            "events": events or 0,
            "anomalies": flags or 0,
        }


def _named(reading: Reading, tenant: str, lives: dict[int, Life[int]]) -> list[AssetLife]:
    held = {life.parent for life in lives.values() if life.parent is not None}
    names = reading.names(lives.keys() | held)
    return [_asset(names[no], tenant, life, names) for no, life in lives.items()]


def _asset(code: str, tenant: str, life: Life[int], names: dict[int, str]) -> AssetLife:
    values: dict[str, Any] = {name: getattr(life, name) for name in FIELDS}
    values["parent"] = None if life.parent is None else names[life.parent]
    return AssetLife(code, tenant, product_of(code), Life(**values))


def _detail(text: str) -> dict[str, str]:
    detail: dict[str, str] = json.decode(text)
    return detail

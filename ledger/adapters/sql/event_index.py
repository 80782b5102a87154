"""The index of EPCIS events on a database: folded from entries, asked by ``event_select``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from sqlalchemy import Connection, Table, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.event_folding import KIND_NUMBER, EventFold, Name
from ledger.adapters.sql.event_select import Selection
from ledger.adapters.sql.event_tables import EVENT, EVENT_INDEX, EVENT_NAME, EVENT_NUMBER, EVENT_TERM
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.ordered_number import ordered
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.event_index import EVENT_TYPES, EventQuery, Hit, NameKind

_PLACES = ("step", "disposition", "read_point", "biz_location")
_EVENTS = Upsert(
    EVENT,
    ("tenant_id", "seq", "type", "action", "declared", "event_at", "recorded_at", "id_hash", *_PLACES),
    ("tenant_id", "seq"),
)
_NAMES = Upsert(EVENT_NAME, ("tenant_id", "kind", "text"), ("tenant_id", "kind", "text"))
_TERMS = Upsert(EVENT_TERM, ("name", "seq", "role"), ("name", "seq", "role"))
_NUMBERS = Upsert(EVENT_NUMBER, ("name", "value", "seq"), ("name", "value", "seq"))


@dataclass(frozen=True, slots=True)
class SqlEventIndex(MarkedTables):
    """``ports.EventIndex`` on a database."""

    database: Database
    name: ClassVar[str] = "events"
    tables: ClassVar[tuple[Table, ...]] = EVENT_INDEX

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        fold = EventFold()
        fold.take(rows)
        return partial(self._write, fold=fold)

    def _write(self, connection: Connection, fold: EventFold) -> None:
        tenants = {event.tenant for event in fold.events}
        ids = {tenant: self.database.tenant_id(connection, tenant) for tenant in tenants}
        numbers = self._numbered(connection, fold.names(), ids)
        events = [
            (ids[event.tenant], *event[1:-1], *(numbers[name] if name else 0 for name in event.places))
            for event in fold.events
        ]
        _EVENTS.run(self.database, connection, events)
        terms = sorted((numbers[name], seq, role) for name, seq, role in fold.terms)
        _TERMS.run(self.database, connection, terms)
        measured = sorted({(numbers[name], ordered(value), seq) for name, value, seq in fold.numbers})
        _NUMBERS.run(self.database, connection, measured)

    def _numbered(self, connection: Connection, names: Iterable[Name], ids: dict[str, int]) -> dict[Name, int]:
        """The number of each name, given to it at first sight."""
        groups: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for name in names:
            groups[name.tenant, name.kind].append(name.text)
        found: dict[Name, int] = {}
        for (tenant, kind), texts in groups.items():
            query = f"SELECT text, no FROM event_name WHERE tenant_id = {ids[tenant]} AND kind = {kind} AND text IN"  # noqa: S608 - integers of our own
            known = dict(self.database.among(connection, query, texts))
            missing = [text for text in texts if text not in known]
            if missing:
                _NAMES.run(self.database, connection, [(ids[tenant], kind, text) for text in sorted(missing)])
                known |= dict(self.database.among(connection, query, missing))
            found |= {Name(tenant, kind, text): number for text, number in known.items()}
        return found

    def find(
        self, tenant: str, query: EventQuery, limit: int, *, after: Hit | None = None, below: int | None = None
    ) -> list[Hit]:
        """See ``EventIndex.find``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            return Selection(connection, number, query).run(limit, after, below) if number else []

    def names(self, tenant: str, kind: NameKind, limit: int, after: str = "") -> list[str]:
        """See ``EventIndex.names``."""
        c = EVENT_NAME.c
        with self.database.reading() as connection:
            own = (c.tenant_id == self._tenant(connection, tenant)) & (c.kind == KIND_NUMBER[kind])
            query = select(c.text).where(own & (c.text > after)).order_by(c.text).limit(limit)
            return list(connection.execute(query).scalars())

    def types(self, tenant: str) -> list[str]:
        """See ``EventIndex.types``."""
        with self.database.reading() as connection:
            number = self._tenant(connection, tenant)
            return [name for position, name in enumerate(EVENT_TYPES) if self._has(connection, number, position)]

    @staticmethod
    def _has(connection: Connection, tenant: int, type_: int) -> bool:
        of_type = (EVENT.c.tenant_id == tenant) & (EVENT.c.type == type_)
        return connection.execute(select(EVENT.c.seq).where(of_type).limit(1)).first() is not None

    @staticmethod
    def _tenant(connection: Connection, name: str) -> int:
        return connection.execute(select(TENANT.c.id).where(TENANT.c.name == name)).scalar() or 0

"""Fixed readers in the database beside the entries: windows, strange tags, and the events on their way into the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.scan_tables import FIXED_READER, PRESENCE, READ_EVENT, STRAY_TAG
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import Fold, Outgoing, ReaderState, Stray
from ledger.reads.presence import Presence
from ledger.reads.reader import Judged, Reader
from ledger.records.epcis import Event

KEPT: Final = timedelta(days=7) // timedelta(microseconds=1)
"""Reported windows are remembered this long, so that reads sent again a week later still move nothing."""
MOST_STRAYS: Final = 10_000
"""Strange tags listed of one reader; beyond them reads are counted and no longer listed."""
_WINDOW: Final = ("tenant_id", "reader", "thing", "entered", "last", "event_id")
_WINDOWS: Final = Upsert(PRESENCE, _WINDOW, _WINDOW[:4], moved=("last", "event_id"))
_STRAY: Final = ("tenant_id", "reader", "tag", "verdict", "reads", "first_at", "last_at")
_STRAYS: Final = Upsert(STRAY_TAG, _STRAY, _STRAY[:3], added=("reads",), least=("first_at",), most=("last_at",))
_EVENTS: Final = Upsert(READ_EVENT, ("event_id", "tenant_id", "submitter", "event"), ("event_id",))
_READER: Final = msgspec.json.Decoder(Reader)
_EVENT: Final = msgspec.json.Decoder(Event)
_COUNTS: Final = ("taken", "weak", "elsewhere", "foreign", "unknown")
_R, _P, _S = FIXED_READER.c, PRESENCE.c, STRAY_TAG.c


@dataclass(frozen=True, slots=True)
class SqlReads:
    """``ports.ReadStore`` on a database."""

    database: Database

    def configure(self, reader: Reader) -> None:
        """See ``ReadStore.configure``."""
        counts = dict.fromkeys(("latest_read", "received_at", *_COUNTS), 0)
        with self.database.writing() as connection:
            insert = self.database.insert_missing()(FIXED_READER).values(
                tenant_id=self.database.tenant_id(connection, reader.tenant),
                id=reader.id,
                key_id=reader.key_id,
                configured=msgspec.json.encode(reader),
                submitter=reader.key_id,
                **counts,
            )
            changed = {name: insert.excluded[name] for name in ("key_id", "configured")}
            connection.execute(insert.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=changed))

    def remove(self, tenant: str, reader_id: str) -> bool:
        """See ``ReadStore.remove``."""
        with self.database.writing() as connection:
            own = and_(_R.tenant_id == self.database.tenant_id(connection, tenant), _R.id == reader_id)
            return connection.execute(delete(FIXED_READER).where(own)).rowcount == 1

    def readers(self, tenant: str) -> list[ReaderState]:
        """See ``ReadStore.readers``."""
        columns = (_R.configured, _R.latest_read, _R.received_at, *(_R[name] for name in _COUNTS))
        query = select(*columns, _R.tenant_id).join(TENANT, TENANT.c.id == _R.tenant_id)
        with self.database.reading() as connection:
            rows = connection.execute(query.where(TENANT.c.name == tenant).order_by(_R.id)).all()
            return [self._state(connection, row) for row in rows]

    def _state(self, connection: Connection, row: Any) -> ReaderState:
        reader = _READER.decode(row.configured)
        own = and_(_P.tenant_id == row.tenant_id, _P.reader == reader.id)
        here = select(func.count()).where(own, _P.last >= row.latest_read - reader.gap)
        waiting = select(func.count()).where(own, _P.event_id == "")
        counted = [connection.execute(query).scalar_one() for query in (here, waiting)]
        return ReaderState(reader, *row[1:-1], *counted)

    def reader(self, tenant: str, reader_id: str) -> Reader | None:
        """See ``ReadStore.reader``."""
        return self._one(tenant, _R.id == reader_id)

    def of_key(self, tenant: str, key_id: str) -> Reader | None:
        """See ``ReadStore.of_key``."""
        return self._one(tenant, and_(_R.key_id == key_id, _R.key_id != ""))

    def _one(self, tenant: str, condition: Any) -> Reader | None:
        query = (
            select(_R.configured).join(TENANT, TENANT.c.id == _R.tenant_id).where(TENANT.c.name == tenant, condition)
        )
        with self.database.reading() as connection:
            found = connection.execute(query.order_by(_R.id).limit(1)).scalar()
        return _READER.decode(found) if found is not None else None

    def take(self, reader: Reader, judged: Sequence[Judged], submitter: str, now: int, fold: Fold) -> None:
        """See ``ReadStore.take``."""
        with self.database.writing() as connection:
            tenant_id = self.database.tenant_id(connection, reader.tenant)
            own = and_(_R.tenant_id == tenant_id, _R.id == reader.id)
            held = connection.execute(select(_R.latest_read, _R.submitter).where(own).with_for_update()).one_or_none()
            if held is None:
                return  # removed meanwhile
            latest = max([held.latest_read, *(one.read.at for one in judged)])
            who = submitter or held.submitter
            windows = self._windows(connection, tenant_id, reader, [o.thing for o in judged if o.verdict == "taken"])
            folded = fold(windows, latest)
            self._replace(connection, (tenant_id, reader.id), windows, folded.windows)
            rows = [(event.event_id, tenant_id, who, msgspec.json.encode(event)) for event in folded.events]
            _EVENTS.run(self.database, connection, rows)
            self._count(connection, (tenant_id, reader.id), judged)
            counts = Counter(one.verdict for one in judged)
            changed: dict[str, Any] = {name: _R[name] + counts[name] for name in _COUNTS if counts[name]}
            if judged:
                changed |= {"received_at": now, "latest_read": latest, "submitter": who}
            if changed:
                connection.execute(update(FIXED_READER).where(own).values(changed))
            old = and_(_P.tenant_id == tenant_id, _P.reader == reader.id, _P.last < latest - KEPT, _P.event_id != "")
            connection.execute(delete(PRESENCE).where(old))

    def _windows(
        self, connection: Connection, tenant_id: int, reader: Reader, things: Sequence[str]
    ) -> dict[str, list[Presence]]:
        """The windows of some things, and of everything that waits to be reported."""
        head = "SELECT thing, entered, last, event_id FROM presence WHERE tenant_id"
        query = f"{head} = {tenant_id} AND reader = '{reader.id}' AND thing IN"
        rows = {tuple(row) for row in self.database.among(connection, query, sorted(set(things)))}
        waiting = and_(_P.tenant_id == tenant_id, _P.reader == reader.id, _P.event_id == "")
        columns = (_P.thing, _P.entered, _P.last, _P.event_id)
        rows |= {tuple(row) for row in connection.execute(select(*columns).where(waiting))}
        found: dict[str, list[Presence]] = {}
        for thing, *window in sorted(rows):
            found.setdefault(thing, []).append(Presence(*window))
        return found

    def _replace(
        self, connection: Connection, key: tuple[int, str], before: dict[str, list[Presence]], after: Any
    ) -> None:
        """Write what changed; a window that another took in is gone."""
        fresh = [
            (*key, thing, *w) for thing, windows in after.items() for w in windows if w not in before.get(thing, ())
        ]
        kept = {(thing, w.entered) for thing, windows in after.items() for w in windows}
        held = {(thing, w.entered) for thing, windows in before.items() for w in windows}
        if gone := [{"gone": thing, "at": entered} for thing, entered in sorted(held - kept)]:
            own = and_(_P.tenant_id == key[0], _P.reader == key[1])
            one = and_(own, _P.thing == bindparam("gone"), _P.entered == bindparam("at"))
            connection.execute(delete(PRESENCE).where(one), gone)
        _WINDOWS.run(self.database, connection, fresh)

    def _count(self, connection: Connection, key: tuple[int, str], judged: Sequence[Judged]) -> None:
        strays: dict[str, list[Any]] = {}
        for one in judged:
            if one.verdict in {"unknown", "foreign"}:
                row = strays.setdefault(one.thing, [one.verdict, 0, one.read.at, one.read.at])
                row[1:] = [row[1] + 1, min(row[2], one.read.at), max(row[3], one.read.at)]
        if not strays:
            return
        own = and_(_S.tenant_id == key[0], _S.reader == key[1])
        held = connection.execute(select(func.count()).where(own)).scalar_one()
        if held + len(strays) > MOST_STRAYS:
            query = select(_S.tag).where(own)
            known = set(connection.execute(query).scalars())
            room = MOST_STRAYS - len(known)
            fresh = [tag for tag in strays if tag not in known][: max(0, room)]
            strays = {tag: row for tag, row in strays.items() if tag in known or tag in fresh}
        _STRAYS.run(self.database, connection, [(*key, tag, *row) for tag, row in strays.items()])

    def silent(self, before: int) -> list[Reader]:
        """See ``ReadStore.silent``."""
        waiting = select(_P.tenant_id, _P.reader).where(_P.event_id == "").distinct().subquery()
        same = and_(waiting.c.tenant_id == _R.tenant_id, waiting.c.reader == _R.id)
        query = select(_R.configured, _R.received_at).join(waiting, same)
        with self.database.reading() as connection:
            rows = [(_READER.decode(row.configured), row.received_at) for row in connection.execute(query)]
        return [reader for reader, received_at in rows if received_at + reader.batch < before]

    def outgoing(self, limit: int = 1000) -> list[Outgoing]:
        """See ``ReadStore.outgoing``."""
        c = READ_EVENT.c
        query = select(TENANT.c.name, c.submitter, c.event).join(TENANT, TENANT.c.id == c.tenant_id)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(c.event_id).limit(limit)).all()
        return [Outgoing(row.name, row.submitter, _EVENT.decode(row.event)) for row in rows]

    def arrived(self, event_ids: Sequence[str]) -> None:
        """See ``ReadStore.arrived``."""
        with self.database.writing() as connection:
            connection.execute(delete(READ_EVENT).where(READ_EVENT.c.event_id.in_(event_ids)))

    def strays(self, tenant: str, limit: int = 200) -> list[Stray]:
        """See ``ReadStore.strays``."""
        columns = (_S.reader, _S.tag, _S.verdict, _S.reads, _S.first_at, _S.last_at)
        query = select(*columns).join(TENANT, TENANT.c.id == _S.tenant_id).where(TENANT.c.name == tenant)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(_S.last_at.desc(), _S.tag).limit(limit)).all()
        return [Stray(*row) for row in rows]

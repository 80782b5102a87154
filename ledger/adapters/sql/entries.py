"""
The entries, on SQLite and PostgreSQL.

Append is the hot path and goes below SQLAlchemy: the driver's executemany on SQLite, COPY on PostgreSQL. It writes
first and asks later: all drafts are taken as new, and only when the unique key objects does it look up which ones
are in the log already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import ENTRY, TENANT
from ledger.log.entry import Entry, leaves, record_key, tenant_tag
from ledger.log.errors import EntryAbsent, RecordConflict
from ledger.ports import Appended, Draft, DraftColumns, LeafRow, Receipt

APPEND_LOCK = 7_205_759_403_792_793_602
"""PostgreSQL advisory lock of the one appender at a time; any 64-bit number of our own."""
READ_BATCH = 2_048
"""Rows read at once: about a megabyte, which stays in the processor's cache."""
_COLUMNS = ("seq", "tenant_id", "kind", "occurred_at", "recorded_at", "salt", "leaf", "body", "key")
_INSERT = f"INSERT INTO entry ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_COPY = f"COPY entry ({', '.join(_COLUMNS)}) FROM STDIN WITH (FORMAT BINARY)"
_TYPES = ("int8", "int4", "int2", "int8", "int8", "bytea", "bytea", "bytea", "int8")
KeyOf = Callable[[str, str, int], int]


class _Record(msgspec.Struct):
    id: str


class _Body(msgspec.Struct):
    record: msgspec.Raw


_ID = msgspec.json.Decoder(_Record)
_BODY = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class SqlEntries:
    """``ports.EntryStore`` on a database. ``key_of`` is ``log.entry.record_key``; tests hand in a weaker one."""

    database: Database
    key_of: KeyOf = record_key

    def append(self, drafts: Sequence[Draft] | DraftColumns, now: int) -> Appended:
        """See ``EntryStore.append``."""
        if not isinstance(drafts, DraftColumns):
            if not drafts:
                return Appended(self.size(), 0, now)
            drafts = DraftColumns.of(drafts)
        with self.database.writing() as connection:
            appended = self._append(connection, drafts, now)
            connection.commit()
        return appended

    def _append(self, connection: Connection, drafts: DraftColumns, now: int) -> Appended:
        if not self.database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})")
        head = connection.exec_driver_sql("SELECT seq, recorded_at FROM entry ORDER BY seq DESC LIMIT 1").first()
        place = _Place(
            head.seq + 1 if head else 0,
            max(now, head.recorded_at) if head else now,
            {name: self.database.tenant_id(connection, name) for name in set(drafts.tenants)},
        )
        keys = self._keys(drafts)
        if len(set(keys)) == len(keys) and self._write(connection, place, drafts, keys):
            return Appended(place.first, len(keys), place.recorded_at)
        others: dict[int, Receipt | RecordConflict] = {}
        fresh, free = self._sift(connection, drafts, place, others)
        if fresh and not self._write(connection, place, DraftColumns.of(fresh), free):
            raise AssertionError("a key was free a moment ago and the log is locked")
        return Appended(place.first, len(keys), place.recorded_at, others)

    def _keys(self, drafts: DraftColumns) -> Sequence[int]:
        if drafts.keys is not None and self.key_of is record_key:
            return drafts.keys
        return list(map(self.key_of, drafts.tenants, drafts.record_ids, repeat(0)))

    def _write(self, connection: Connection, place: _Place, drafts: DraftColumns, keys: Sequence[int]) -> bool:
        """Write all drafts or none; False when a key is taken."""
        driver = connection.connection.driver_connection
        assert driver is not None
        if self.database.is_sqlite:
            module = self.database.engine.dialect.dbapi
            cursor = driver.cursor()
            cursor.execute("SAVEPOINT append")
            try:
                # The driver looks up an adapter for every ``bytes``, for a ``bytearray`` it does not: twice as fast.
                cursor.executemany(_INSERT, _rows(place, drafts, keys, bytearray))
            except module.IntegrityError:  # type: ignore[union-attr]
                cursor.execute("ROLLBACK TO append")
                return False
            # Not in a ``finally``: a full disk ends the whole transaction, and there is nothing left to release.
            cursor.execute("RELEASE append")
            cursor.close()
            return True
        from psycopg.errors import UniqueViolation

        try:
            with driver.transaction(), driver.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_TYPES)
                write = copy.write_row
                for row in _rows(place, drafts, keys, bytes):
                    write(row)
        except UniqueViolation:
            return False
        return True

    def _sift(
        self,
        connection: Connection,
        drafts: DraftColumns,
        place: _Place,
        others: dict[int, Receipt | RecordConflict],
    ) -> tuple[list[Draft], list[int]]:
        """The drafts that are new, with their keys; the rest goes into ``others`` by position."""
        fresh: list[Draft] = []
        keys: list[int] = []
        taken: dict[int, _Known] = {}  # of this batch
        known = self._known(connection, self._keys(drafts))
        for position, draft in enumerate(drafts.rows()):
            for attempt in count():
                key = self.key_of(draft.tenant, draft.record_id, attempt)
                if attempt:
                    known |= self._known(connection, [key])
                found = taken.get(key) or known.get(key)
                if found is None:
                    taken[key] = _Known(place.first + len(fresh), place.recorded_at, draft.tenant, draft.body)
                    fresh.append(draft)
                    keys.append(key)
                elif found.names(draft):
                    others[position] = found.outcome(draft)
                else:
                    continue  # two ids met on one key: try the next
                break
        return fresh, keys

    def _known(self, connection: Connection, keys: Sequence[int]) -> dict[int, _Known]:
        """What the log holds under these keys."""
        query = (
            "SELECT entry.key, entry.seq, entry.recorded_at, tenant.name, entry.body "
            "FROM entry JOIN tenant ON tenant.id = entry.tenant_id WHERE entry.key IN"
        )
        found = self.database.among(connection, query, keys)
        return {key: _Known(seq, at, tenant, bytes(body)) for key, seq, at, tenant, body in found}

    def size(self) -> int:
        """See ``EntryStore.size``."""
        with self.database.reading() as connection:
            top = connection.execute(select(func.max(ENTRY.c.seq))).scalar()
        return 0 if top is None else int(top) + 1

    def entry(self, index: int) -> Entry:
        """See ``EntryStore.entry``."""
        found = self._one(ENTRY.c.seq == index) if 0 <= index < 2**63 else None
        if found is None:
            raise EntryAbsent(entry=str(index))
        return found

    def find(self, tenant: str, record_id: str) -> Entry | None:
        """See ``EntryStore.find``."""
        for attempt in count():
            found = self._one(ENTRY.c.key == self.key_of(tenant, record_id, attempt))
            if found is None:
                return None
            if found.tenant == tenant and _ID.decode(_BODY.decode(found.body).record).id == record_id:
                return found
        raise AssertionError

    def _one(self, condition: Any) -> Entry | None:
        query = select(ENTRY.c.seq, TENANT.c.name, ENTRY.c.recorded_at, ENTRY.c.salt, ENTRY.c.body)
        with self.database.reading() as connection:
            row = connection.execute(query.join(TENANT, TENANT.c.id == ENTRY.c.tenant_id).where(condition)).first()
        return Entry(row.seq, row.name, row.recorded_at, bytes(row.salt), bytes(row.body)) if row else None

    def rows(self, start: int, stop: int) -> Iterator[list[LeafRow]]:
        """See ``EntryStore.rows``."""
        tenants: defaultdict[int, str] = defaultdict(str)
        while start < stop:
            upto = min(start + READ_BATCH, stop)
            with self.database.reading() as connection:
                found = self._raw_rows(connection, start, upto)
                if any(row[1] not in tenants for row in found):
                    names = connection.execute(select(TENANT.c.id, TENANT.c.name))
                    tenants = defaultdict(str, ((row.id, row.name) for row in names))
            if not found:
                return
            seqs, numbers, *others = zip(*found, strict=True)
            yield list(map(LeafRow._make, zip(seqs, map(tenants.__getitem__, numbers), *others, strict=True)))
            start = upto

    def _raw_rows(self, connection: Connection, start: int, stop: int) -> list[tuple[Any, ...]]:
        driver = connection.connection.driver_connection
        assert driver is not None
        mark = "?" if self.database.is_sqlite else "%s"
        sql = (
            "SELECT seq, tenant_id, kind, occurred_at, recorded_at, salt, leaf, body, key FROM entry "  # noqa: S608
            f"WHERE seq >= {mark} AND seq < {mark} ORDER BY seq"
        )
        cursor = driver.cursor() if self.database.is_sqlite else driver.cursor(binary=True)
        try:
            cursor.execute(sql, (start, stop))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return rows


class _Place(NamedTuple):
    """Where a batch goes: the index of its first entry, its recorded time, its tenants' numbers."""

    first: int
    recorded_at: int
    tenants: dict[str, int]


class _Known(NamedTuple):
    """An entry that has the key of a draft."""

    seq: int
    recorded_at: int
    tenant: str
    body: bytes

    def names(self, draft: Draft) -> bool:
        """Whether it is of the same record id, not of another one with the same key."""
        if self.tenant != draft.tenant:
            return False
        return self.body == draft.body or _ID.decode(_BODY.decode(self.body).record).id == draft.record_id

    def outcome(self, draft: Draft) -> Receipt | RecordConflict:
        """The same record is the same entry, whoever hands it in; another record under its id is not taken."""
        if self.body == draft.body or _BODY.decode(self.body).record == _BODY.decode(draft.body).record:
            return Receipt(self.seq, self.recorded_at, fresh=False)
        return RecordConflict(record_id=draft.record_id, index=self.seq)


def _rows(
    place: _Place, drafts: DraftColumns, keys: Sequence[int], blob: Callable[[bytes], Any]
) -> Iterator[tuple[Any, ...]]:
    """Whole rows, the leaf computed at the place the entry gets; ``blob`` makes bytes what the driver likes best."""
    tags = {name: tenant_tag(name) for name in place.tenants}
    tagged = map(tags.__getitem__, drafts.tenants)
    return zip(
        count(place.first),
        map(place.tenants.__getitem__, drafts.tenants),
        drafts.kinds,
        drafts.occurred_at,
        repeat(place.recorded_at),
        map(blob, drafts.salts),
        map(blob, leaves(place.first, tagged, place.recorded_at, drafts.committed)),
        map(blob, drafts.bodies),
        keys,
        strict=False,
    )

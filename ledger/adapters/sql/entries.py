"""
The entries, on SQLite and PostgreSQL.

Append is the hot path and goes below SQLAlchemy: the driver's executemany on SQLite, COPY on PostgreSQL. It writes
first and asks later: all drafts are taken as new, and only when the unique key objects does it look up which ones
are in the log already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import ENTRY, TENANT
from ledger.log.entry import Entry, leaf, record_key, tenant_tag
from ledger.log.errors import EntryAbsent, RecordConflict
from ledger.ports import Appended, Draft, LeafRow, Receipt

APPEND_LOCK = 7_205_759_403_792_793_602
"""PostgreSQL advisory lock of the one appender at a time; any 64-bit number of our own."""
READ_BATCH = 8_192
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

    def append(self, drafts: Sequence[Draft], now: int) -> Appended:
        """See ``EntryStore.append``."""
        if not drafts:
            return Appended(self.size(), 0, now)
        with self.database.writing() as connection:
            appended = self._append(connection, drafts, now)
            connection.commit()
            self.database.remember_tenants(connection)
        return appended

    def _append(self, connection: Connection, drafts: Sequence[Draft], now: int) -> Appended:
        if not self.database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})")
        head = connection.execute(
            select(ENTRY.c.seq, ENTRY.c.recorded_at).order_by(ENTRY.c.seq.desc()).limit(1)
        ).first()
        first = head.seq + 1 if head else 0
        recorded_at = max(now, head.recorded_at) if head else now
        numbers = {name: self.database.tenant_id(connection, name) for name in {draft.tenant for draft in drafts}}
        keys = [self.key_of(draft.tenant, draft.record_id, 0) for draft in drafts]
        if len(set(keys)) == len(keys) and self._write(connection, _rows(first, recorded_at, drafts, keys, numbers)):
            return Appended(first, len(drafts), recorded_at)
        others: dict[int, Receipt | RecordConflict] = {}
        fresh, keys = self._sift(connection, drafts, first, recorded_at, others)
        if fresh and not self._write(connection, _rows(first, recorded_at, fresh, keys, numbers)):
            raise AssertionError("a key was free a moment ago and the log is locked")
        return Appended(first, len(drafts), recorded_at, others)

    def _write(self, connection: Connection, rows: Iterator[tuple[Any, ...]]) -> bool:
        """Write all rows or none; False when a key is taken."""
        driver = connection.connection.driver_connection
        assert driver is not None
        if self.database.is_sqlite:
            module = self.database.engine.dialect.dbapi
            cursor = driver.cursor()
            cursor.execute("SAVEPOINT append")
            try:
                cursor.executemany(_INSERT, rows)
            except module.IntegrityError:  # type: ignore[union-attr]
                cursor.execute("ROLLBACK TO append")
                return False
            finally:
                cursor.execute("RELEASE append")
                cursor.close()
            return True
        from psycopg.errors import UniqueViolation

        try:
            with driver.transaction(), driver.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_TYPES)
                for row in rows:
                    copy.write_row(row)
        except UniqueViolation:
            return False
        return True

    def _sift(
        self,
        connection: Connection,
        drafts: Sequence[Draft],
        first: int,
        recorded_at: int,
        others: dict[int, Receipt | RecordConflict],
    ) -> tuple[list[Draft], list[int]]:
        """The drafts that are new, with their keys; the rest goes into ``others`` by position."""
        fresh: list[Draft] = []
        keys: list[int] = []
        taken: dict[int, tuple[int, int, bytes]] = {}  # key -> (index, recorded time, body) of this batch
        candidates = [self.key_of(draft.tenant, draft.record_id, 0) for draft in drafts]
        known = self._known(connection, candidates)
        for position, draft in enumerate(drafts):
            for attempt in count():
                key = self.key_of(draft.tenant, draft.record_id, attempt)
                if attempt:
                    known |= self._known(connection, [key])
                found = taken.get(key) or known.get(key)
                if found is None:
                    taken[key] = (first + len(fresh), recorded_at, draft.body)
                    fresh.append(draft)
                    keys.append(key)
                elif self._same_id(connection, found, draft):
                    others[position] = _outcome(found, draft)
                else:
                    continue  # two ids met on one key: try the next
                break
        return fresh, keys

    def _known(self, connection: Connection, keys: Sequence[int]) -> dict[int, tuple[int, int, bytes]]:
        """What the log holds under these keys: (index, recorded time, body)."""
        found: dict[int, tuple[int, int, bytes]] = {}
        columns = (ENTRY.c.key, ENTRY.c.seq, ENTRY.c.recorded_at, ENTRY.c.body)
        for start in range(0, len(keys), 10_000):
            chosen = select(*columns).where(ENTRY.c.key.in_(keys[start : start + 10_000]))
            found |= {row.key: (row.seq, row.recorded_at, bytes(row.body)) for row in connection.execute(chosen)}
        return found

    def _same_id(self, connection: Connection, found: tuple[int, int, bytes], draft: Draft) -> bool:
        if _ID.decode(_BODY.decode(found[2]).record).id != draft.record_id:
            return False
        query = select(TENANT.c.name).join(ENTRY, ENTRY.c.tenant_id == TENANT.c.id).where(ENTRY.c.seq == found[0])
        owner = connection.execute(query).scalar()
        return owner is None or owner == draft.tenant  # None: an earlier draft of this very batch

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
        tenants: dict[int, str] = {}
        while start < stop:
            upto = min(start + READ_BATCH, stop)
            with self.database.reading() as connection:
                found = self._raw_rows(connection, start, upto)
                if any(row[1] not in tenants for row in found):
                    tenants = {row.id: row.name for row in connection.execute(select(TENANT.c.id, TENANT.c.name))}
            if not found:
                return
            yield [LeafRow(row[0], tenants[row[1]], *row[2:]) for row in found]
            start = upto

    def _raw_rows(self, connection: Connection, start: int, stop: int) -> list[tuple[Any, ...]]:
        driver = connection.connection.driver_connection
        assert driver is not None
        mark = "?" if self.database.is_sqlite else "%s"
        sql = (
            "SELECT seq, tenant_id, kind, occurred_at, recorded_at, salt, leaf, body FROM entry "  # noqa: S608
            f"WHERE seq >= {mark} AND seq < {mark} ORDER BY seq"
        )
        cursor = driver.cursor() if self.database.is_sqlite else driver.cursor(binary=True)
        try:
            cursor.execute(sql, (start, stop))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return rows


def _rows(
    first: int, recorded_at: int, drafts: Sequence[Draft], keys: Sequence[int], numbers: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    """Whole rows, the leaf computed at the place the entry gets."""
    tags = {name: tenant_tag(name) for name in numbers}
    hashed = leaf
    for seq, draft, key in zip(count(first), drafts, keys, strict=False):
        tenant, kind, _, occurred_at, body, salt, committed = draft
        yield (
            seq,
            numbers[tenant],
            kind,
            occurred_at,
            recorded_at,
            salt,
            hashed(seq, tags[tenant], recorded_at, committed),
            body,
            key,
        )


def _outcome(found: tuple[int, int, bytes], draft: Draft) -> Receipt | RecordConflict:
    index, recorded_at, body = found
    if _BODY.decode(body).record == _BODY.decode(draft.body).record:
        return Receipt(index, recorded_at, fresh=False)
    return RecordConflict(record_id=draft.record_id, index=index)

"""
The entries, on SQLite and PostgreSQL.

Append is the hot path and goes below SQLAlchemy: the driver's executemany on SQLite, COPY on PostgreSQL. It writes
first and asks later: all drafts are taken as new, and only when a key objects does it look up which ones are in the
log already. Entries lie in blocks (``blocks``); the keys of their record ids are a table of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from ledger.adapters.sql.blocks import BLOCK, COLUMNS, TYPES, Run, entries_at, stored
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import ENTRY_KEY
from ledger.log.entry import Entry, leaves, record_key, tenant_tag
from ledger.log.errors import EntryAbsent, RecordConflict
from ledger.ports import Appended, Draft, DraftColumns, LeafRow, Receipt

APPEND_LOCK = 7_205_759_403_792_793_602
"""PostgreSQL advisory lock of the one appender at a time; any 64-bit number of our own."""
READ_BATCH = 2_048
"""Rows read at once: about a megabyte, which stays in the processor's cache."""
_PUT_BLOCK = f"INSERT INTO entry_block ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_COPY_BLOCK = f"COPY entry_block ({', '.join(COLUMNS)}) FROM STDIN WITH (FORMAT BINARY)"
_PUT_KEY = "INSERT INTO entry_key (key, seq) VALUES (?, ?)"
_COPY_KEY = "COPY entry_key (key, seq) FROM STDIN WITH (FORMAT BINARY)"
_KEYS = "SELECT key, seq FROM entry_key WHERE"
_HEAD = "SELECT first + entries AS size, recorded_at FROM entry_block ORDER BY first DESC"
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

    def append(self, drafts: Sequence[Draft] | DraftColumns, now: int, *, whole: bool = False) -> Appended:
        """See ``EntryStore.append``."""
        if not isinstance(drafts, DraftColumns):
            if not drafts:
                return Appended(self.size(), 0, now)
            drafts = DraftColumns.of(drafts)
        with self.database.writing() as connection:
            return self._append(connection, drafts, now, whole=whole)

    def _append(self, connection: Connection, drafts: DraftColumns, now: int, *, whole: bool) -> Appended:
        if not self.database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})")
        head = connection.exec_driver_sql(f"{_HEAD} LIMIT 1").first()
        place = _Place(
            head.size if head else 0,
            max(now, head.recorded_at) if head else now,
            {name: self.database.tenant_id(connection, name) for name in set(drafts.tenants)},
        )
        keys = self._keys(drafts)
        if len(set(keys)) == len(keys) and self._write(connection, place, drafts, keys):
            return Appended(place.first, len(keys), place.recorded_at)
        others: dict[int, Receipt | RecordConflict] = {}
        fresh, free = self._sift(connection, drafts, place, others)
        conflicts = {at: other for at, other in others.items() if isinstance(other, RecordConflict)}
        if whole and conflicts:
            return Appended(place.first, 0, place.recorded_at, conflicts)
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
        run = _run(place, drafts)
        keyed = sorted(zip(keys, count(run.first), strict=False))  # in the order of the tree that they go into
        if self.database.is_sqlite:
            module = self.database.engine.dialect.dbapi
            cursor = driver.cursor()
            cursor.execute("SAVEPOINT append")
            try:
                cursor.executemany(_PUT_KEY, keyed)
            except module.IntegrityError:  # type: ignore[union-attr]
                cursor.execute("ROLLBACK TO append")
                return False
            cursor.executemany(_PUT_BLOCK, run.blocks())
            # Not in a ``finally``: a full disk ends the whole transaction, and there is nothing left to release.
            cursor.execute("RELEASE append")
            cursor.close()
            return True
        from psycopg.errors import UniqueViolation

        try:
            with driver.transaction(), driver.cursor() as cursor:
                _copy(cursor, _COPY_KEY, ("int8", "int8"), keyed)
                _copy(cursor, _COPY_BLOCK, TYPES, run.blocks())
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
        places = {seq: key for key, seq in self.database.among(connection, f"{_KEYS} key IN", keys)}
        found = entries_at(self.database, connection, places, self.database.tenant_names(connection))
        return {places[e.index]: _Known(e.index, e.recorded_at, e.tenant, e.body) for e in found}

    def size(self) -> int:
        """See ``EntryStore.size``."""
        with self.database.reading() as connection:
            head = connection.exec_driver_sql(f"{_HEAD} LIMIT 1").first()
        return int(head.size) if head else 0

    def entry(self, index: int) -> Entry:
        """See ``EntryStore.entry``."""
        with self.database.reading() as connection:
            found = self._at(connection, index) if 0 <= index < 2**63 else None
        if found is None:
            raise EntryAbsent(entry=str(index))
        return found

    def find(self, tenant: str, record_id: str) -> Entry | None:
        """See ``EntryStore.find``."""
        with self.database.reading() as connection:
            for attempt in count():
                query = select(ENTRY_KEY.c.seq).where(ENTRY_KEY.c.key == self.key_of(tenant, record_id, attempt))
                seq = connection.execute(query).scalar()
                found = None if seq is None else self._at(connection, seq)
                if found is None:
                    return None
                if found.tenant == tenant and _ID.decode(_BODY.decode(found.body).record).id == record_id:
                    return found
        raise AssertionError

    def gathered(self, indexes: Sequence[int]) -> dict[int, Entry]:
        """See ``EntryStore.gathered``."""
        with self.database.reading() as connection:
            names = self.database.tenant_names(connection)
            return {entry.index: entry for entry in entries_at(self.database, connection, indexes, names)}

    def _at(self, connection: Connection, index: int) -> Entry | None:
        return next(entries_at(self.database, connection, [index], self.database.tenant_names(connection)), None)

    def places(self, keys: Sequence[int]) -> dict[int, int]:
        """See ``EntryStore.places``."""
        with self.database.reading() as connection:
            return dict(self.database.among(connection, f"{_KEYS} key IN", keys))

    def rows(self, start: int, stop: int) -> Iterator[list[LeafRow]]:
        """See ``EntryStore.rows``."""
        while start < stop:
            upto = min(start + READ_BATCH - BLOCK, stop)
            with self.database.reading() as connection:
                blocks = stored(self.database, connection, start, upto)
                names = self.database.tenant_names(connection)
                found = [row for block in blocks for row in block.rows(names)]
            if found and (found[0].seq < start or found[-1].seq >= stop):
                found = [row for row in found if start <= row.seq < stop]
            if not found:
                return
            yield found
            start = max(upto, found[-1].seq + 1)


def _copy(cursor: Any, statement: str, types: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


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


def _run(place: _Place, drafts: DraftColumns) -> Run:
    """The drafts at their place, with the leaves they get there."""
    tags = {name: tenant_tag(name) for name in place.tenants}
    tagged = map(tags.__getitem__, drafts.tenants)
    return Run(
        place.first,
        place.recorded_at,
        list(map(place.tenants.__getitem__, drafts.tenants)),
        drafts.kinds,
        drafts.occurred_at,
        drafts.salts,
        list(leaves(place.first, tagged, place.recorded_at, drafts.committed)),
        drafts.bodies,
    )

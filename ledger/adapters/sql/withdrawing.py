"""
What corrections and error declarations take out of the projections again.

A fold only adds, and is summed without a database; what its corrections name may lie before it. So it is looked up
here, before the fold is added, and taken away in the same transaction: sums exactly, facts whole, the state of things
told again from the events that stand. When the entry taken away was the first or last of a cell, the bounds that are
left are read from the entries, once for all cells of a fold: the result is what would be there had it never come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import add, sub
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, select, update

from ledger.adapters.sql.activity_rows import HUB_CELLS, LEG_CELLS, Cells
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.folding import Fold
from ledger.adapters.sql.tables import ASSET, DECLARED_AHEAD, TENANT, WITHDRAWAL
from ledger.adapters.sql.upsert import Upsert
from ledger.log.entry import Entry, record_keys
from ledger.ports import EntryStore, LeafRow
from ledger.records.correction import KEPT
from ledger.records.record import KIND_NUMBERS, decode_body, microseconds

_EVENT: Final = KIND_NUMBERS["epcis_event"]
_SUMMED: Final = (KIND_NUMBERS["transport_leg"], KIND_NUMBERS["hub_operation"])
_GONE: Final = Upsert(WITHDRAWAL, ("seq", "tenant_id", "kind", "by_seq"), ("seq",))
_AHEAD: Final = Upsert(DECLARED_AHEAD, ("by_seq", "tenant_id", "event_id"), ("by_seq",))
Key = tuple[Any, ...]
"""Of a cell, the tenant's name first."""


class _Kind(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    record: _Kind


_BODY: Final = msgspec.json.Decoder(_Body)


@dataclass(slots=True)
class Taken:
    """What a fold takes away: entries with what withdraws them, cells as they are then, declarations that wait."""

    entries: EntryStore
    gone: dict[int, tuple[LeafRow, int]] = field(default_factory=dict)
    ahead: list[tuple[str, int, str]] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    cells: list[tuple[Cells, Key, list[int] | None]] = field(default_factory=list)

    def write(self, database: Database, connection: Connection) -> None:
        """Take it away, in the transaction that added the fold."""
        rows = [(seq, database.tenant_id(connection, row.tenant), row.kind, by) for seq, (row, by) in self.gone.items()]
        _GONE.run(database, connection, rows)
        ahead = [(by, database.tenant_id(connection, tenant), event_id) for tenant, by, event_id in self.ahead]
        _AHEAD.run(database, connection, ahead)
        database.change_among(connection, "DELETE FROM declared_ahead WHERE by_seq IN", self.arrived)
        for table, (tenant, *key), cell in self.cells:
            table.put(database, connection, (database.tenant_id(connection, tenant), *key), cell)
        database.change_among(connection, "DELETE FROM fact WHERE seq IN", list(self.gone))
        self._tell_again(database, connection)

    def _tell_again(self, database: Database, connection: Connection) -> None:
        """The state of the things that events taken away had named."""
        events = [seq for seq, (row, _) in self.gone.items() if row.kind == _EVENT]
        found = database.among(connection, "SELECT DISTINCT asset_no FROM asset_event WHERE seq IN", events)
        numbers = [no for (no,) in found]
        database.change_among(connection, "DELETE FROM asset_event WHERE seq IN", events)
        left = database.among(connection, "SELECT asset_no, seq FROM asset_event WHERE asset_no IN", numbers)
        names = database.tenant_names(connection)
        again = Fold(0, 0)
        found_again = self.entries.gathered(sorted({seq for _, seq in left}))
        again.take([row_of(entry) for _, entry in sorted(found_again.items())])
        c = ASSET.c
        known = database.among(connection, "SELECT no, tenant_id, id FROM asset WHERE no IN", numbers)
        for no, tenant_id, identity in known:
            state = again.assets.get((names[tenant_id], identity))
            if state is None:
                connection.execute(delete(ASSET).where(c.no == no))
                continue
            _, _, _, first, last, at, step, disposition, place = state
            changes = {"first_seq": first, "last_seq": last, "last_at": at, "step": step, "disposition": disposition}
            connection.execute(update(ASSET).where(c.no == no).values(place=place, **changes))


def taken_away(database: Database, entries: EntryStore, fold: Fold) -> Taken | None:
    """
    What the corrections and declarations of a fold, and those that waited for it, take away; mostly nothing.

    ``entries`` are those that the projections in ``database`` are folded from.
    """
    waiting = _waiting(database, entries)
    if not (fold.corrections or fold.declarations or waiting):
        return None
    taken = Taken(entries)
    for tenant, by, record_id in fold.corrections:
        entry = entries.find(tenant, record_id)
        if entry is not None and entry.index < by and (row := row_of(entry)) is not None and _kind(row) not in KEPT:
            taken.gone.setdefault(entry.index, (row, by))
    for tenant, by, event_id in (*fold.declarations, *waiting):
        entry = entries.find(tenant, event_id)
        if entry is None or entry.index >= fold.stop:
            taken.ahead.append((tenant, by, event_id))
        else:
            taken.arrived.append(by)
            if (row := row_of(entry)).kind == _EVENT:
                taken.gone[entry.index] = (row, by)
    with database.reading() as connection:
        known = database.among(connection, "SELECT seq FROM withdrawal WHERE seq IN", list(taken.gone))
    for (seq,) in known:
        del taken.gone[seq]
    _Subtraction(database, entries, fold, taken).run()
    return taken


def _waiting(database: Database, entries: EntryStore) -> list[tuple[str, int, str]]:
    """Declarations whose event had not come; of these, the ones for which something of that key has by now."""
    c = DECLARED_AHEAD.c
    query = select(TENANT.c.name, c.by_seq, c.event_id).join(TENANT, TENANT.c.id == c.tenant_id).order_by(c.by_seq)
    with database.reading() as connection:
        waiting = [(name, by, event_id) for name, by, event_id in connection.execute(query)]
    keys = [record_keys(tenant, [event_id])[0] for tenant, _, event_id in waiting]
    here = entries.places(keys) if keys else {}
    return [one for one, key in zip(waiting, keys, strict=True) if key in here]


def row_of(entry: Entry) -> LeafRow:
    """A stored entry as a fold reads it, without its leaf."""
    kind = _BODY.decode(entry.body).record.kind
    at = microseconds(decode_body(entry.body, kind).occurred_at)
    number = KIND_NUMBERS[kind]
    return LeafRow(entry.index, entry.tenant, number, at, entry.recorded_at, entry.salt, b"", entry.body)


def _kind(row: LeafRow) -> str:
    return _BODY.decode(row.body).record.kind


@dataclass(frozen=True, slots=True)
class _Subtraction:
    """The cells that entries are taken from, as they are once the fold is added and those are gone."""

    database: Database
    entries: EntryStore
    fold: Fold
    taken: Taken

    def run(self) -> None:
        less = Fold(0, 0)
        less.take([row for _, (row, _) in sorted(self.taken.gone.items()) if row.kind in _SUMMED])
        cut: list[tuple[Cells, Key, list[int]]] = []
        pairs = ((LEG_CELLS, less.legs, self.fold.legs), (HUB_CELLS, less.hubs, self.fold.hubs))
        for table, minus, plus in pairs:
            for key, away in minus.items():
                before = _joined(self._stored(table, key), plus.get(key))
                if before is None:
                    continue
                sums = list(map(sub, before[:-4], away[:-4]))
                if sums[-1] == 0:
                    self.taken.cells.append((table, key, None))
                elif any(map(int.__eq__, before[-4:], away[-4:])):
                    cut.append((table, key, before))
                else:
                    self.taken.cells.append((table, key, [*sums, *before[-4:]]))
        if cut:
            again = self._again(min(before[-4] for _, _, before in cut))
            for table, key, _ in cut:
                self.taken.cells.append((table, key, (again.legs if table is LEG_CELLS else again.hubs).get(key)))

    def _stored(self, table: Cells, key: Key) -> list[int] | None:
        with self.database.reading() as connection:
            number = connection.execute(select(TENANT.c.id).where(TENANT.c.name == key[0])).scalar()
            return None if number is None else table.cell(connection, (number, *key[1:]))

    def _again(self, start: int) -> Fold:
        """All cells over the entries from ``start`` on that stand; complete for those that begin there or later."""
        with self.database.reading() as connection:
            query = select(WITHDRAWAL.c.seq).where(WITHDRAWAL.c.seq >= start, WITHDRAWAL.c.kind.in_(_SUMMED))
            gone = set(connection.execute(query).scalars())
        gone |= self.taken.gone.keys()
        again = Fold(start, start)
        for rows in self.entries.rows(start, self.fold.stop):
            again.take([row for row in rows if row.kind in _SUMMED and row.seq not in gone])
        return again


def _joined(one: Sequence[int] | None, other: Sequence[int] | None) -> list[int] | None:
    """A stored cell and what a fold adds to it."""
    if one is None or other is None:
        return list(one or other or ()) or None
    outer = zip((min, max, min, max), one[-4:], other[-4:], strict=True)
    return [*map(add, one[:-4], other[:-4]), *(pick(a, b) for pick, a, b in outer)]

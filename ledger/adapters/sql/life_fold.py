"""
The fold of new events into the lives of a tenant's assets, all in one transaction.

What an event moves is found first: the things it names, and what is in them. An asset for which all of this is later
than what it felt last goes on from its stored state. One for which something is earlier (a scan that came late, an
error declaration, a further code) is told again from its first event, with the units that carried it. Both are the
same function, ``lifecycle.lives.Lives.apply``, so the order of arrival leaves no trace.
"""

# ruff: noqa: S608 - what is put into a statement is our own names and numbers; values travel as parameters

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from msgspec import json

from ledger.adapters.sql.folding import product_of
from ledger.adapters.sql.life_reading import FIELDS, Reading
from ledger.adapters.sql.life_rows import SELF, UNIT_STEM, links, numbered, said
from ledger.adapters.sql.life_tables import LIFE, LIFE_ANOMALY, LIFE_CODE, LIFE_EVENT, LIFE_LINK
from ledger.adapters.sql.upsert import Upsert
from ledger.lifecycle.aliases import Claim, renamed, settle
from ledger.lifecycle.anomaly import Anomaly, Coordinates, site
from ledger.lifecycle.event import Event
from ledger.lifecycle.lives import Life, Lives
from ledger.log.entry import record_key, record_keys

_CODES: Final = Upsert(LIFE_CODE, ("tenant_id", "id", "product", "is_unit"), ("id", "tenant_id"))
_EVENTS: Final = Upsert(
    LIFE_EVENT, ("seq", "tenant_id", "at", "key", "parent_no", "alias_of_no", "void", "voids", "said"), ("seq",)
)
_LINKS: Final = Upsert(LIFE_LINK, ("code_no", "role", "seq", "tid"), ("code_no", "role", "seq"))
_STATES: Final = Upsert(LIFE, ("no", "tenant_id", "site_key", *FIELDS), ("no",), moved=("site_key", *FIELDS))
_FLAGS: Final = Upsert(
    LIFE_ANOMALY, ("code_no", "seq", "code", "tenant_id", "other_seq", "at", "detail"), ("code_no", "seq", "code")
)
_values = attrgetter(*FIELDS)
_ORDER: Final = attrgetter("order")
_ALIAS: Final = "alias-conflict"
Order = tuple[int, int]


def site_key(place: str) -> int:
    """Under which assets at a place are found: 64 bits of a hash, because a place may be a long text."""
    return record_key("", site(place)) if place else 0


@dataclass
class LifeFold:
    """New events of one tenant on their way into the tables."""

    reading: Reading
    tenant_name: str
    coordinates: Coordinates
    affected: dict[int, Order] = field(default_factory=dict)
    """Assets that feel something new, and the first of it."""
    retold: set[int] = field(default_factory=set)
    """Assets whose past changed."""
    gone: set[int] = field(default_factory=set)
    """Codes that have no state of their own any more: they became another's."""

    def run(self, given: Sequence[Event[str]]) -> None:
        """Fold them in."""
        number = self._numbers(given)
        events = [numbered(event, lambda code: number[code][0]) for event in given]
        voided_now = self._keep(events)
        primary = {no: asset for no, asset in number.values() if no != asset}
        if self._settle_aliases([*events, *voided_now]):
            primary = self.reading.primaries(code for event in (*events, *voided_now) for code in event.named())
        fresh = {event.seq: renamed(event, primary) for event in events if not event.voids}
        for event in fresh.values():
            self._touch(event)
        for event in voided_now:
            found = renamed(event, primary)
            self.retold |= set(found.named())
            self._touch(found)
        self._reach_contents()
        self._tell(fresh)

    def _numbers(self, given: Sequence[Event[str]]) -> dict[str, tuple[int, int]]:
        """Number and asset of every code named, new ones numbered."""
        named = dict.fromkeys(code for event in given for code in event.named())
        named |= dict.fromkeys(event.alias_of for event in given if event.alias_of is not None)
        known = self.reading.numbers(named)
        new = [code for code in named if code not in known]
        if new:
            rows = [(self.reading.tenant, code, product_of(code), code.startswith(UNIT_STEM)) for code in new]
            _CODES.run(self.reading.database, self.reading.connection, rows)
            known |= self.reading.numbers(new)
        return known

    def _keep(self, events: list[Event[int]]) -> list[Event[int]]:
        """Store the events; those that are void are taken out of the list, older ones that became so come back."""
        database, connection, tenant = self.reading.database, self.reading.connection, self.reading.tenant
        keys = record_keys(self.tenant_name, [event.id for event in events])
        query = f"SELECT key, seq, voids, void, said FROM life_event WHERE tenant_id = {tenant} AND key IN"
        older = self.reading.among(query, set(keys))
        declared = {event.id for event in events if event.voids}
        declared |= {_id_of(text) for _, _, voids, _, text in older if voids}
        newly = [seq for _, seq, voids, void, text in older if not voids and not void and _id_of(text) in declared]
        rows = [
            (e.seq, tenant, e.at, key, e.parent, e.alias_of, e.id in declared and not e.voids, e.voids, said(e))
            for e, key in zip(events, keys, strict=True)
        ]
        _EVENTS.run(database, connection, rows)
        _LINKS.run(database, connection, list(dict.fromkeys(link for event in events for link in links(event))))
        events[:] = [event for event in events if not event.voids and event.id not in declared]
        return self._void(newly)

    def _void(self, seqs: list[int]) -> list[Event[int]]:
        """Older events that a declaration now voids, each as all it names feel it."""
        if not seqs:
            return []
        found = self.reading.among("SELECT DISTINCT code_no FROM life_link WHERE seq IN", seqs)
        primary = self.reading.primaries(code for (code,) in found)
        _, events = self.reading.whole(primary.get(code, code) for (code,) in found)
        self.reading.change("UPDATE life_event SET void = TRUE WHERE seq IN", seqs)
        wanted = set(seqs)
        return [event for event in events if event.seq in wanted]

    def _settle_aliases(self, events: Iterable[Event[int]]) -> bool:
        """Which code is whose, computed again for whatever hangs together with a new or a voided claim."""
        waiting = {c for e in events if e.alias_of is not None for c in (*e.selves, e.alias_of)}
        if not waiting:
            return False
        waiting |= self.reading.codes(waiting).keys() | set(self.reading.primaries(waiting).values())
        known, found = set[int](), dict[tuple[int, int, int], Claim[int]]()
        while waiting:
            known |= waiting
            near = set[int]()
            for alias, primary, seq, at in self._claims(waiting):
                if alias != primary:
                    found[alias, primary, seq] = Claim(seq, at, alias, primary)
                near |= {alias, primary}
            waiting = near - known
        asset, conflicts = settle(found.values())
        before = self.reading.primaries(known)
        connection, c = self.reading.connection, LIFE_CODE.c
        for code in known:
            if before.get(code) != asset.get(code):
                connection.execute(LIFE_CODE.update().where(c.no == code).values(primary_no=asset.get(code)))
                self.retold |= {asset.get(no, no) for no in (code, before.get(code, code))}
        self.gone = known & asset.keys()
        self._drop_flags(known, f"code = '{_ALIAS}'")
        self._flag(conflicts)
        for code in self.retold:
            self.affected.setdefault(code, (-(2**63), -1))
        return True

    def _claims(self, codes: set[int]) -> Iterable[tuple[int, int, int, int]]:
        query = (
            "SELECT l.code_no, e.alias_of_no, e.seq, e.at FROM life_event e JOIN life_link l ON l.seq = e.seq "
            f"AND l.role = {SELF} WHERE e.alias_of_no IS NOT NULL AND NOT e.void AND NOT e.voids AND "
        )
        for column in ("l.code_no", "e.alias_of_no"):
            for row in self.reading.among(f"{query} {column} IN", codes):
                yield row[0], row[1], row[2], row[3]

    def _touch(self, event: Event[int]) -> None:
        order, affected = event.order, self.affected
        for code in event.named():
            known = affected.get(code)
            if known is None or order < known:
                affected[code] = order

    def _reach_contents(self) -> None:
        """Everything that is, or at that time was, in what is affected; box by box."""
        waiting = dict(self.affected)
        while waiting:
            found = self.reading.inside(waiting)
            after: dict[int, Order] = {}
            for unit, asset in found:
                order, known = waiting[unit], self.affected.get(asset)
                if known is None or order < known:
                    self.affected[asset] = after[asset] = order
            waiting = after

    def _tell(self, fresh: dict[int, Event[int]]) -> None:
        """Go on from the stored states, or from the beginning; write what came of it."""
        states = self.reading.states(self.affected)
        for asset, order in self.affected.items():
            life = states.get(asset)
            if life is not None and order <= life.order:
                self.retold.add(asset)
        events = dict(fresh)
        if self.retold:
            self.retold, past = self.reading.whole(self.retold)
            events = {event.seq: event for event in past} | events
        lives: Lives[int] = Lives(self.coordinates)
        for asset, life in states.items():
            if asset not in self.retold:
                lives.hold(asset, life)
        for event in sorted(events.values(), key=_ORDER):
            lives.apply(event)
        self._write(lives)

    def _write(self, lives: Lives[int]) -> None:
        database, connection, tenant = self.reading.database, self.reading.connection, self.reading.tenant
        if self.retold:
            self._drop_flags(self.retold | self.gone, f"code <> '{_ALIAS}'")
            gone = [asset for asset in self.retold | self.gone if asset not in lives.states]
            self.reading.change("DELETE FROM life WHERE no IN", gone)
        rows = [(asset, tenant, *_row(life)) for asset, life in lives.states.items()]
        _STATES.run(database, connection, rows)
        self._flag(lives.anomalies)

    def _drop_flags(self, assets: Iterable[int], which: str) -> None:
        self.reading.change(f"DELETE FROM life_anomaly WHERE {which} AND code_no IN", assets)

    def _flag(self, found: Iterable[Anomaly[Any]]) -> None:
        rows = {
            (one.key, one.seq, one.code): (
                *(one.key, one.seq, one.code, self.reading.tenant, one.other, one.at),
                json.encode(one.detail).decode(),
            )
            for one in found
        }
        _FLAGS.run(self.reading.database, self.reading.connection, list(rows.values()))


def _row(life: Life[int]) -> tuple[Any, ...]:
    return site_key(life.place), *_values(life)


def _id_of(text: str) -> str:
    event_id: str = json.decode(text)[0]
    return event_id

"""What the log's EPCIS events say of a site in a year, counted from the entries of a log of some length alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.lifecycle.at_place import AtPlace, at_place
from ledger.lifecycle.event import Event, read
from ledger.lifecycle.kpi import DAY
from ledger.packaging.returns import Seen, each_outing
from ledger.ports import EntryStore
from ledger.programme.warehouse.errors import EventsTooMany
from ledger.programme.warehouse.site_year import Counted, SiteYear
from ledger.records.record import KIND_NUMBERS, microseconds

MOST_EVENTS: Final = 300_000
"""That are counted at once."""
_SCAN: Final = KIND_NUMBERS["epcis_event"]


def with_events(entries: EntryStore, tenant: str, year: SiteYear, size: int, at: datetime) -> SiteYear:
    """
    The year with what the first ``size`` entries say of its site, up to its end or to the moment ``at``.

    Nothing is read before it is asked for. A site whose location nobody states has no events.
    """
    facts = year.facts_on(date(year.year, 12, 31))
    location = None if facts is None else facts[1].location
    if location is None:
        return year
    return replace(year, events=LoggedEvents(entries, tenant, _place(location), year, size, min(at, year.end)))


@dataclass(frozen=True)
class LoggedEvents:
    """``SiteEvents`` of the first ``size`` entries, before ``until``."""

    entries: EntryStore
    tenant: str
    place: str
    year: SiteYear
    size: int
    until: datetime

    @cached_property
    def told(self) -> AtPlace:
        """All that events say. Raises ``EventsTooMany``."""
        return at_place(self._events(), self.place, microseconds(self.year.start), microseconds(self.until))

    def idle(self, days: int) -> tuple[Counted, Counted]:
        """See ``SiteEvents``."""
        lying = self.told.lying
        before = self.told.end - days * DAY
        return _counted(one.entries for one in lying if one.last_at < before), _counted(one.entries for one in lying)

    def reused(self) -> tuple[Counted, Counted]:
        """See ``SiteEvents``."""
        found = self.told.came_off
        again = [(*one.entries, one.reused) for one in found if one.reused is not None]
        return _counted(again), _counted(one.entries for one in found)

    def returned(self) -> tuple[Counted, Counted]:
        """See ``SiteEvents``."""
        out = list(self._outings())
        back = [both for both in out if len(both) > 1]
        return _counted(back), _counted(both[:1] for both in out)

    def _outings(self) -> Iterator[tuple[int, ...]]:
        """Of outings from here that began in the year, the entry that began each, and the one that ended it."""
        for felt in self.told.felt.values():
            for one in each_outing(Seen(row.step, row.disposition, row.place) for row in felt):
                if self.told.here(one.home) and felt[one.left].at >= self.told.start:
                    yield (felt[one.left].seq, *(() if one.back is None else (felt[one.back].seq,)))

    def _events(self) -> Iterator[Event[str]]:
        before, found = microseconds(self.until), 0
        for rows in self.entries.rows(0, self.size):
            for row in rows:
                if row.kind == _SCAN and row.tenant == self.tenant and row.occurred_at < before:
                    found += 1
                    if found > MOST_EVENTS:
                        raise EventsTooMany(site=self.year.site, most=MOST_EVENTS)
                    yield read(row.seq, row.occurred_at, row.body)


def _counted(found: Iterable[tuple[int, ...]]) -> Counted:
    things = list(found)
    return Counted(len(things), tuple(sorted({entry for one in things for entry in one if entry >= 0})))


def _place(location: str) -> str:
    """As events have it: its canonical text; a name that is of no known form stands for itself."""
    try:
        return canonical(location)
    except IdentityError:
        return location

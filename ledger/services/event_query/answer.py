"""Answer a query page by page: the index says where the events are, the log says what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

from ledger.ports import Clock, EntryStore, EventIndex, Hit, QueryStore, StoreUnavailable
from ledger.ports.event_index import EventQuery
from ledger.records.record import microseconds
from ledger.services.event_query.errors import PageTokenRefused, QueryTooLarge
from ledger.services.event_query.page_token import LIFETIME, PageTokens, Place
from ledger.services.event_query.parameters import Asked
from ledger.services.event_query.presented import EpcFormat, presented
from ledger.services.project import catch_up

SHORTFALL: Final = 4_096
"""Entries the index may be behind for a reader to fold them; more is the worker's business."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events of one page, and the token of the next if there is one."""

    events: list[dict[str, Any]]
    next_token: str | None
    expires: int = 0


class Wish(NamedTuple):
    """Which page is wanted of an answer."""

    given: Mapping[str, Any]
    """Everything that tells this query from others; a token is good for it alone."""
    per_page: int
    token: str | None = None


@dataclass(frozen=True, slots=True)
class NamePage:
    """Names of one page, and the token of the next if there is one."""

    names: list[str]
    next_token: str | None
    expires: int = 0


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering takes."""

    entries: EntryStore
    events: EventIndex
    queries: QueryStore
    clock: Clock
    tokens: PageTokens

    def page(self, tenant: str, asked: Asked, wish: Wish, form: EpcFormat) -> EventPage:
        """A page of the events a tenant asked for. Raises ``QueryTooLarge`` and ``PageTokenRefused``."""
        now, token, given = self._now(), wish.token, wish.given
        if token is None:
            self.freshen()
            below, after, left = self.events.watermark(), None, asked.limit
            if (
                asked.most is not None
                and len(self._find(tenant, asked.query, asked.most + 1, None, below)) > asked.most
            ):
                raise QueryTooLarge(most=asked.most)
        else:
            place = self._place(token, tenant, given, now)
            seq, _, event_at = place.after.partition(" ")
            below, after, left = place.below, Hit(int(seq), int(event_at)), place.left
        wanted = wish.per_page if left is None else min(wish.per_page, left)
        hits = self._find(tenant, asked.query, wanted + 1, after, below)
        shown = hits[:wanted]
        left = None if left is None else left - len(shown)
        events = self.read(shown, asked.query, form)
        if len(hits) <= wanted or left == 0:
            return EventPage(events, None)
        last, expires = shown[-1], now + LIFETIME
        following = Place(below, f"{last.seq} {last.event_at}", left, expires)
        return EventPage(events, self.tokens.write(following, tenant, given), expires)

    def walk(self, tenant: str, what: str, wish: Wish, listed: Callable[[int, str], list[str]]) -> NamePage:
        """A page of texts that ``listed(limit, after)`` gives in order. Raises ``PageTokenRefused``."""
        now, token, per_page, given = self._now(), wish.token, wish.per_page, {**wish.given, "walk": what}
        after = "" if token is None else self._place(token, tenant, given, now).after
        found = listed(per_page + 1, after)
        if len(found) <= per_page:
            return NamePage(found, None)
        shown, expires = found[:per_page], now + LIFETIME
        return NamePage(shown, self.tokens.write(Place(0, shown[-1], None, expires), tenant, given), expires)

    def end(self, tenant: str, token: str) -> None:
        """Take a page token no more."""
        self.queries.end(_ended(tenant, token), self._now() + LIFETIME)

    def _place(self, token: str, tenant: str, given: Mapping[str, Any], now: int) -> Place:
        place = self.tokens.read(token, tenant, given, now)
        if self.queries.has_ended(_ended(tenant, token)):
            raise PageTokenRefused
        return place

    def freshen(self) -> None:
        """Fold the few entries that came since the worker last did, so that what was acknowledged is found."""
        behind = self.entries.size() - self.events.watermark()
        if 0 < behind <= SHORTFALL:
            with suppress(StoreUnavailable):  # a busy database answers with what it has indexed
                catch_up(self.entries, self.events)

    def read(self, hits: list[Hit], query: EventQuery, form: EpcFormat) -> list[dict[str, Any]]:
        """The events at these places, as they go out; of eventIDs, those that are really meant."""
        entries = self.entries.gathered([hit.seq for hit in hits]) if hits else {}
        listed = (entries[hit.seq] for hit in hits)
        found = [presented(entry, instant(entry.recorded_at), form) for entry in listed]
        return [event for event in found if event["eventID"] in query.event_ids] if query.event_ids else found

    def _require_few(self, tenant: str, asked: Asked, below: int) -> None:
        if asked.most is not None and len(self._find(tenant, asked.query, asked.most + 1, None, below)) > asked.most:
            raise QueryTooLarge(most=asked.most)

    def _find(self, tenant: str, query: EventQuery, limit: int, after: Hit | None, below: int) -> list[Hit]:
        return self.events.find(tenant, query, limit, after=after, below=below)

    def _now(self) -> int:
        return microseconds(self.clock.now()) // 1_000_000


def _ended(tenant: str, token: str) -> bytes:
    return sha256(f"{tenant}\n{token}".encode()).digest()


def instant(moment: int) -> str:
    """RFC 3339 UTC text of microseconds since the Unix epoch."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat(timespec="microseconds").replace("+00:00", "Z")

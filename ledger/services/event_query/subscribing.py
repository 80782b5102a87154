"""
Subscriptions: a named query whose new answers are taken to a subscriber (GS1 EPCIS 2.0, 8.2.5 and 12.9).

``next_seq`` moves on only when the subscriber has taken a report, so nothing is lost and nothing that was taken is sent
again; a worker that dies between the two sends the same report once more, under the same ``GS1-Report`` number. A
subscriber that fails is offered the same report at growing distances, and no more after ``MOST_ATTEMPTS``; its place
is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from ledger.errors import LedgerError, QueryError
from ledger.ports import Clock, EventIndex, Hit, Random
from ledger.ports.subscriptions import Delivery, Subscription, SubscriptionStore
from ledger.records.record import microseconds
from ledger.services.event_query.answer import Answering, instant
from ledger.services.event_query.errors import SubscriptionRefused, SubscriptionUnknown
from ledger.services.event_query.named import asked_by, the_query
from ledger.services.event_query.presented import query_document
from ledger.services.event_query.schedule import Schedule, following
from ledger.services.event_query.values import moment

SECOND: Final = 1_000_000
STREAM: Final = 1
"""Seconds between two looks for a subscriber that wants events as they come."""
CLAIM: Final = 60
"""Seconds that a worker has for one delivery before another may take it over."""
MOST_EVENTS: Final = 500
"""Events of one report."""
MOST_ATTEMPTS: Final = 16
FIRST_PAUSE: Final = 2
LONGEST_PAUSE: Final = 6 * 3_600
NEVER: Final = 2**62
_SHORTEST_SECRET: Final = 16
_LONGEST_SECRET: Final = 200


class Terms(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a subscriber asks for; names as in the standard's OpenAPI."""

    dest: str
    signature_token: str = ""
    report_if_empty: bool = False
    initial_record_time: str | None = None
    stream: bool = False
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Makes subscriptions and works on them."""

    answering: Answering
    subscriptions: SubscriptionStore
    delivery: Delivery
    clock: Clock
    random: Random

    @property
    def events(self) -> EventIndex:
        """Where events are found."""
        return self.answering.events

    def subscribe(self, tenant: str, query: str, terms: Terms) -> Subscription:
        """
        A new subscription to a tenant's query; without a ``signatureToken`` of the subscriber's, one is made.

        Raises ``QueryNameUnknown``, ``DestinationRefused``, ``SubscriptionRefused``, ``ParameterError``.
        """
        asked = asked_by(the_query(self.answering.queries, tenant, query).query)
        if asked.query.order != "recordTime" or asked.query.descending or asked.limit or asked.most:
            raise SubscriptionRefused(why="orderBy, eventCountLimit, maxEventCount")
        if terms.stream == (terms.schedule is not None):
            raise SubscriptionRefused(why="schedule / stream: true")
        secret = terms.signature_token or self.random.token(32).hex()
        if not _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET:
            raise SubscriptionRefused(why=f"signatureToken: {_SHORTEST_SECRET}-{_LONGEST_SECRET}")
        self.delivery.check(terms.dest)
        now = microseconds(self.clock.now())
        since = terms.initial_record_time
        made = Subscription(
            id=self.random.token(16).hex(),
            tenant=tenant,
            query=query,
            destination=terms.dest,
            secret=secret.encode(),
            schedule=msgspec.json.encode(terms.schedule) if terms.schedule else b"",
            report_if_empty=terms.report_if_empty,
            created_at=now,
            next_seq=self.answering.entries.size() if since is None else 0,
            record_from=0 if since is None else moment("initialRecordTime", since),
            due_at=now if terms.schedule is None else following(terms.schedule, now),
        )
        self.subscriptions.add(made)
        return made

    def the_subscription(self, tenant: str, query: str, subscription_id: str) -> Subscription:
        """A tenant's subscription. Raises ``SubscriptionUnknown``."""
        found = self.subscriptions.get(tenant, query, subscription_id[:60])
        if found is None:
            raise SubscriptionUnknown(id=subscription_id[:60])
        return found

    def deliver(self, most: int = 100, stopped: Callable[[], bool] = lambda: False) -> int:
        """Work on what is due; how many subscriptions that was. Any number of workers may do it at once."""
        for done in range(most):
            now = microseconds(self.clock.now())
            due = None if stopped() else self.subscriptions.claim(now, now + CLAIM * SECOND)
            if due is None:
                return done
            self.subscriptions.settle(self._worked(due))
        return most

    def _worked(self, due: Subscription) -> Subscription:
        """The subscription after one attempt."""
        try:
            moved, more = self._reported(due)
        except LedgerError as trouble:
            if not isinstance(trouble, QueryError):
                raise
            attempts = due.attempts + 1
            pause = min(FIRST_PAUSE << (attempts - 1), LONGEST_PAUSE) * SECOND
            due_at = NEVER if attempts >= MOST_ATTEMPTS else microseconds(self.clock.now()) + pause
            return due._replace(attempts=attempts, due_at=due_at, trouble=trouble.code)
        return moved._replace(attempts=0, trouble="", due_at=self._next_time(due, soon=more))

    def _reported(self, due: Subscription) -> tuple[Subscription, bool]:
        """Take what is new to the subscriber; whether there is more. Raises ``DeliveryFailed``."""
        self.answering.freshen()
        below = self.events.watermark()
        asked = asked_by(the_query(self.answering.queries, due.tenant, due.query).query)
        after = Hit(due.next_seq - 1, 0)
        query = replace(asked.query, record_from=max(asked.query.record_from or 0, due.record_from))
        hits = self.events.find(due.tenant, query, MOST_EVENTS + 1, after=after, below=below)
        shown = hits[:MOST_EVENTS]
        stop = shown[-1].seq + 1 if len(hits) > len(shown) else below
        events = self.answering.read(shown, query, "Always_GS1_Digital_Link")
        if events or (due.report_if_empty and due.schedule):
            self._send(due, events, stop)
            due = due._replace(delivered_at=microseconds(self.clock.now()))
        return due._replace(next_seq=max(stop, due.next_seq)), len(hits) > len(shown)

    def _send(self, due: Subscription, events: list[dict[str, Any]], stop: int) -> None:
        created = instant(microseconds(self.clock.now()))
        document = query_document(events, created, queryName=due.query, subscriptionID=due.id)
        body = msgspec.json.encode(document)
        self.delivery.send(due.destination, body, {
            "Content-Type": "application/json",
            "GS1-EPCIS-Version": "2.0.0",
            "GS1-Signature": signature(due.secret, body),
            "GS1-Report": f"{due.id}.{due.next_seq}-{stop}",
        })  # fmt: skip

    def _next_time(self, due: Subscription, *, soon: bool) -> int:
        now = microseconds(self.clock.now())
        if soon:
            return now
        if not due.schedule:
            return now + STREAM * SECOND
        return following(msgspec.json.decode(due.schedule, type=Schedule), now)


def signature(secret: bytes, body: bytes) -> str:
    """The value of GS1-Signature: HMAC-SHA-256 (RFC 2104) of the body under the signatureToken, in hex."""
    return f"sha256={hmac.digest(secret, body, 'sha256').hex()}"

"""Subscriptions to named queries, and how their reports are delivered."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ledger.errors import QueryError


class DeliveryFailed(QueryError):
    """A subscriber that did not take a report. It is offered again."""

    code = "query.delivery-failed"
    reason: str
    en = "the subscriber did not take the report: {reason}"
    zh = "订阅方未接收报告：{reason}"
    fix_en = "The subscriber's address must answer POST with 2xx within the time allowed"
    fix_zh = "订阅方地址须在时限内以 2xx 应答 POST"


class DestinationRefused(QueryError):
    """An address that reports may not be sent to."""

    code = "query.destination"
    destination: str
    why: str
    en = "reports cannot be sent to {destination!r}: {why}"
    zh = "报告不能发送到 {destination!r}：{why}"
    fix_en = "Use an https address on a host that the operator has allowed (ONECODE_WEBHOOK_HOSTS)"
    fix_zh = "请使用运维人员已允许的主机上的 https 地址（ONECODE_WEBHOOK_HOSTS）"


class Subscription(NamedTuple):
    """A subscriber of a tenant's named query. Times are microseconds since the Unix epoch."""

    id: str
    tenant: str
    query: str
    destination: str
    secret: bytes
    """Signs the reports; kept sealed, and never part of an answer."""
    schedule: bytes
    """The schedule as JSON; empty for one that reports as events come (``stream``)."""
    report_if_empty: bool
    created_at: int
    next_seq: int
    """The first entry that was not reported yet."""
    record_from: int
    """Events recorded before are not of interest."""
    due_at: int
    attempts: int = 0
    """Deliveries that failed since the last that did not."""
    delivered_at: int = 0
    trouble: str = ""
    """Code of what kept the last report from being taken."""


class SubscriptionStore(Protocol):
    """Subscriptions; each is worked on by one worker at a time."""

    def add(self, subscription: Subscription) -> None:
        """Keep a new subscription."""
        ...

    def get(self, tenant: str, query: str, subscription_id: str) -> Subscription | None:
        """A tenant's subscription to a query."""
        ...

    def listed(self, tenant: str, query: str, limit: int, after: str = "") -> list[Subscription]:
        """Subscriptions to a tenant's query, by id."""
        ...

    def remove(self, tenant: str, query: str, subscription_id: str) -> bool:
        """End a subscription; False when there was none."""
        ...

    def claim(self, now: int, until: int) -> Subscription | None:
        """The one that is due for longest and that nobody works on, for one worker until then."""
        ...

    def settle(self, subscription: Subscription) -> None:
        """Keep how far it has come, and let go of it."""
        ...


class Delivery(Protocol):
    """Takes a report to its subscriber."""

    def check(self, destination: str) -> None:
        """Raise ``DestinationRefused`` for an address that reports may not go to."""
        ...

    def send(self, destination: str, body: bytes, headers: dict[str, str]) -> None:
        """
        POST the body; returns once the subscriber has taken it.

        Raises ``DestinationRefused``, and ``DeliveryFailed`` for anything but a 2xx in time.
        """
        ...

"""Partners that footprints are exchanged with: what waits to be sent, what came from them, and the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from ledger.errors import ExchangeError

Major = Literal[2, 3]
Waits = Literal["waiting", "sent", "dead"]
Asked = Literal["sent", "accepted", "refused", "fulfilled", "rejected", "expired"]


class Passed(NamedTuple):
    """The last of a page: when it was made, and its id. What was made at one time stands by id."""

    at: int
    id: str


class PartnerRefuses(ExchangeError):
    """A partner whose server refuses for good: the same again would be refused again."""

    code = "exchange.refused"
    status: int
    en = "the partner refuses it: HTTP {status}"
    zh = "合作方拒绝：HTTP {status}"
    fix_en = "Ask the partner why; then try again by hand"
    fix_zh = "请向合作方了解原因，再手动重试"


class PartnerUnreachable(ExchangeError):
    """A partner that could not be reached, or whose server did not give what was asked for; later it may."""

    code = "exchange.unreachable"
    retryable = True
    reason: str
    en = "the partner could not be reached: {reason}"
    zh = "无法连接合作方：{reason}"
    fix_en = "It is tried again by itself; test the connection on the page Partners"
    fix_zh = "系统会自动重试；可在“合作方”页面测试连接"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """
    A counterparty: an organisation of kind partner, where its interface is, and our client at its token server.

    ``client_secret`` is what is sent; stores keep it encrypted. ``wire`` is the version spoken with it.
    """

    tenant: str
    organisation: str
    base_url: str
    auth_base: str
    client_id: str
    client_secret: str = field(repr=False)
    wire: Major = 3


class Taken(NamedTuple):
    """An event that came in and waits to be dealt with. Times are microseconds."""

    tenant: str
    partner: str
    major: Major
    happening: str
    id: str
    source: str
    data: Mapping[str, Any]
    taken_at: int
    attempts: int = 0
    """How often dealing with it was put off."""


class Outgoing(NamedTuple):
    """An event that is to be sent: at least once, until ``state`` is sent or dead."""

    id: str
    tenant: str
    partner: str
    major: Major
    event: Mapping[str, Any]
    state: Waits
    attempts: int
    next_at: int
    created_at: int
    trouble: str = ""


class Request(NamedTuple):
    """A request of ours to a partner, and what became of it."""

    id: str
    tenant: str
    partner: str
    major: Major
    data: Mapping[str, Any]
    state: Asked
    asked_at: int
    note: str = ""


class ExchangeStore(Protocol):
    """What the exchange keeps beside the log: nothing in it is evidence."""

    def keep_partner(self, partner: Partner) -> None:
        """Enter a partner, or what changed of it."""
        ...

    def partners(self, tenant: str) -> list[Partner]:
        """A tenant's partners by organisation."""
        ...

    def partner(self, tenant: str, organisation: str) -> Partner | None:
        """One of them."""
        ...

    def every_partner(self) -> list[Partner]:
        """The partners of all tenants."""
        ...

    def take(self, event: Taken) -> bool:
        """Keep an event that came in; False when (partner, source, id) came before."""
        ...

    def untended(self, now: int, limit: int) -> list[Taken]:
        """Events to deal with now, the longest due first."""
        ...

    def postponed(self, event: Taken, next_at: int) -> None:
        """Look at it again then; ``attempts`` is kept."""
        ...

    def tended(self, event: Taken, note: str) -> None:
        """Done with; ``note`` says how."""
        ...

    def send(self, events: Sequence[Outgoing]) -> None:
        """Put events into the outbox; one whose id is there already is left as it is."""
        ...

    def due(self, now: int, limit: int) -> list[Outgoing]:
        """What waits and is due, oldest first."""
        ...

    def moved(self, outgoing: Outgoing) -> None:
        """Keep how the sending went."""
        ...

    def outbox(self, tenant: str, limit: int, *, partner: str = "", behind: Passed | None = None) -> list[Outgoing]:
        """The newest of a tenant, of one partner where given, behind one of them where given."""
        ...

    def outgoing(self, tenant: str, name: str) -> Outgoing | None:
        """One of them by its id."""
        ...

    def troubles(self, tenant: str) -> dict[str, str]:
        """By partner, the trouble of the newest of them that could not be sent so far."""
        ...

    def ask(self, request: Request) -> None:
        """Keep a request of ours, or what became of it."""
        ...

    def request(self, tenant: str, request_id: str) -> Request | None:
        """One of ours."""
        ...

    def requests(self, tenant: str, limit: int, *, partner: str = "", behind: Passed | None = None) -> list[Request]:
        """The newest of a tenant, of one partner where given, behind one of them where given."""
        ...

    def expire(self, before: int) -> int:
        """Requests from before that time which nobody answered are expired; how many."""
        ...

    def mark(self, tenant: str, name: str) -> int:
        """Up to which entry something was done; 0 at first."""
        ...

    def set_mark(self, tenant: str, name: str, entry: int) -> None:
        """Up to which entry it is done now."""
        ...


class Answer(NamedTuple):
    """What a partner's server answered."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


class Caller(Protocol):
    """The way to a partner's server."""

    def check(self, address: str) -> None:
        """Raise ``DestinationRefused`` for an address that nothing is sent to."""
        ...

    def call(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """
        One request to one address, no redirect followed, the answer bounded.

        Raises ``DestinationRefused`` and ``PartnerUnreachable``.
        """
        ...

"""Queries that are kept under a name, and page tokens that were ended before their time."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class NamedQuery(NamedTuple):
    """A query of a tenant under a name."""

    name: str
    query: bytes
    """The parameters, as JSON."""
    created_at: int
    """Microseconds since the Unix epoch."""


class QueryStore(Protocol):
    """What askers leave with the ledger between two requests. None of it is part of the log."""

    def add(self, tenant: str, query: NamedQuery) -> bool:
        """Keep a query; False when the tenant has one of that name."""
        ...

    def get(self, tenant: str, name: str) -> NamedQuery | None:
        """A tenant's query by its name."""
        ...

    def listed(self, tenant: str, limit: int, after: str = "") -> list[NamedQuery]:
        """A tenant's queries in the order of their names."""
        ...

    def remove(self, tenant: str, name: str) -> bool:
        """Forget a query and its subscriptions; False when there was none."""
        ...

    def end(self, token: bytes, expires: int) -> None:
        """Take no more of a page token, by its hash; kept until it would have expired (seconds since the epoch)."""
        ...

    def has_ended(self, token: bytes) -> bool:
        """Whether a page token was ended."""
        ...

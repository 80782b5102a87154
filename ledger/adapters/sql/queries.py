"""Named queries and ended page tokens, on a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.query_tables import ENDED_TOKEN, NAMED_QUERY, SUBSCRIPTION
from ledger.adapters.sql.tables import TENANT
from ledger.ports.queries import NamedQuery


@dataclass(frozen=True, slots=True)
class SqlQueries:
    """``ports.QueryStore`` on a database."""

    database: Database

    def add(self, tenant: str, query: NamedQuery) -> bool:
        """See ``QueryStore.add``."""
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, tenant)
            insert = self.database.insert_missing()(NAMED_QUERY).values(tenant_id=number, **query._asdict())
            added = insert.on_conflict_do_nothing().returning(NAMED_QUERY.c.name)
            return connection.execute(added).first() is not None

    def get(self, tenant: str, name: str) -> NamedQuery | None:
        """See ``QueryStore.get``."""
        with self.database.reading() as connection:
            row = connection.execute(_of(tenant).where(NAMED_QUERY.c.name == name)).first()
        return _query(row) if row else None

    def listed(self, tenant: str, limit: int, after: str = "") -> list[NamedQuery]:
        """See ``QueryStore.listed``."""
        query = _of(tenant).where(NAMED_QUERY.c.name > after).order_by(NAMED_QUERY.c.name).limit(limit)
        with self.database.reading() as connection:
            return list(map(_query, connection.execute(query)))

    def remove(self, tenant: str, name: str) -> bool:
        """See ``QueryStore.remove``."""
        owner = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
        with self.database.writing() as connection:
            subscribed = (SUBSCRIPTION.c.tenant_id == owner) & (SUBSCRIPTION.c.query == name)
            connection.execute(delete(SUBSCRIPTION).where(subscribed))
            own = (NAMED_QUERY.c.tenant_id == owner) & (NAMED_QUERY.c.name == name)
            return connection.execute(delete(NAMED_QUERY).where(own)).rowcount == 1

    def end(self, token: bytes, expires: int) -> None:
        """See ``QueryStore.end``."""
        insert = self.database.insert_missing()(ENDED_TOKEN).values(token=token, expires_at=expires)
        with self.database.writing() as connection:
            connection.execute(delete(ENDED_TOKEN).where(ENDED_TOKEN.c.expires_at < expires - KEPT_SECONDS))
            connection.execute(insert.on_conflict_do_nothing())

    def has_ended(self, token: bytes) -> bool:
        """See ``QueryStore.has_ended``."""
        with self.database.reading() as connection:
            return (
                connection.execute(select(ENDED_TOKEN.c.token).where(ENDED_TOKEN.c.token == token)).first() is not None
            )


KEPT_SECONDS = 86_400
"""How long an ended token stays known; longer than any is good for."""


def _of(tenant: str) -> Select[Any]:
    c = NAMED_QUERY.c
    chosen = select(c.name, c.query, c.created_at).join(TENANT, TENANT.c.id == c.tenant_id)
    return chosen.where(TENANT.c.name == tenant)


def _query(row: Any) -> NamedQuery:
    return NamedQuery(row.name, bytes(row.query), row.created_at)

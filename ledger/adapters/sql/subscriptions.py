"""Subscriptions on a database; secrets are sealed before they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from sqlalchemy import Select, delete, insert, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.query_tables import SUBSCRIPTION
from ledger.adapters.sql.tables import TENANT
from ledger.ports.subscriptions import Subscription

_NONCE = 12


@dataclass(frozen=True, slots=True)
class SqlSubscriptions:
    """``ports.SubscriptionStore`` on a database."""

    database: Database
    key: bytes
    """32 bytes that seal the secrets: a copy of the database alone signs nothing."""

    def add(self, subscription: Subscription) -> None:
        """See ``SubscriptionStore.add``."""
        fields = subscription._asdict()
        tenant = fields.pop("tenant")
        # A subscription's id is random and used once, so it is the nonce.
        fields["secret"] = self._cipher().encrypt(_nonce(subscription.id), subscription.secret, None)
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, tenant)
            connection.execute(insert(SUBSCRIPTION).values(tenant_id=number, claimed_until=0, **fields))

    def get(self, tenant: str, query: str, subscription_id: str) -> Subscription | None:
        """See ``SubscriptionStore.get``."""
        c = SUBSCRIPTION.c
        wanted = _all().where(TENANT.c.name == tenant, c.query == query, c.id == subscription_id)
        with self.database.reading() as connection:
            row = connection.execute(wanted).first()
        return self._opened(row) if row else None

    def listed(self, tenant: str, query: str, limit: int, after: str = "") -> list[Subscription]:
        """See ``SubscriptionStore.listed``."""
        c = SUBSCRIPTION.c
        wanted = _all().where(TENANT.c.name == tenant, c.query == query, c.id > after).order_by(c.id).limit(limit)
        with self.database.reading() as connection:
            return [self._opened(row) for row in connection.execute(wanted)]

    def remove(self, tenant: str, query: str, subscription_id: str) -> bool:
        """See ``SubscriptionStore.remove``."""
        c = SUBSCRIPTION.c
        owner = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
        own = (c.tenant_id == owner) & (c.query == query) & (c.id == subscription_id)
        with self.database.writing() as connection:
            return connection.execute(delete(SUBSCRIPTION).where(own)).rowcount == 1

    def claim(self, now: int, until: int) -> Subscription | None:
        """See ``SubscriptionStore.claim``."""
        c = SUBSCRIPTION.c
        due = (c.due_at <= now) & (c.claimed_until < now)
        longest = select(c.id).where(due).order_by(c.due_at, c.id).limit(1)
        with self.database.reading() as connection:
            if connection.execute(longest).first() is None:
                return None
        with self.database.writing() as connection:
            found = connection.execute(longest.with_for_update(skip_locked=True)).scalar()
            if found is None:
                return None
            connection.execute(update(SUBSCRIPTION).where(c.id == found).values(claimed_until=until))
            return self._opened(connection.execute(_all().where(c.id == found)).one())

    def settle(self, subscription: Subscription) -> None:
        """See ``SubscriptionStore.settle``."""
        moved = {
            name: getattr(subscription, name) for name in ("next_seq", "due_at", "attempts", "delivered_at", "trouble")
        }
        own = SUBSCRIPTION.c.id == subscription.id
        with self.database.writing() as connection:
            connection.execute(update(SUBSCRIPTION).where(own).values(claimed_until=0, **moved))

    def _opened(self, row: Any) -> Subscription:
        found = Subscription(*row)
        secret = self._cipher().decrypt(_nonce(found.id), bytes(found.secret), None)
        return found._replace(
            secret=secret, schedule=bytes(found.schedule), report_if_empty=bool(found.report_if_empty)
        )

    def _cipher(self) -> AESGCMSIV:
        return AESGCMSIV(self.key)


def _nonce(subscription_id: str) -> bytes:
    return subscription_id.encode()[:_NONCE].ljust(_NONCE, b"\0")


def _all() -> Select[Any]:
    c = SUBSCRIPTION.c
    names = (c.destination, c.secret, c.schedule, c.report_if_empty, c.created_at, c.next_seq, c.record_from)
    state = (c.due_at, c.attempts, c.delivered_at, c.trouble)
    chosen = select(c.id, TENANT.c.name.label("tenant"), c.query, *names, *state)
    return chosen.join(TENANT, TENANT.c.id == c.tenant_id)

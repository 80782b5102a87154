"""The principals, in the database beside the entries; the one table here that is updated in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import PRINCIPAL, TENANT
from ledger.services.access import Principal, StoredPrincipal


@dataclass(frozen=True, slots=True)
class SqlPrincipals:
    """``services.access.PrincipalStore`` on a database."""

    database: Database

    def add(self, stored: StoredPrincipal) -> bool:
        """See ``PrincipalStore.add``."""
        who = stored.principal
        with self.database.writing() as connection:
            values = principal_row(stored, self.database.tenant_id(connection, who.tenant))
            insert = self.database.insert_missing()(PRINCIPAL).values(values)
            # Neither driver counts the rows of an INSERT reliably; what it returns is what it wrote.
            return connection.execute(insert.on_conflict_do_nothing().returning(PRINCIPAL.c.id)).first() is not None

    def get(self, principal_id: str) -> StoredPrincipal | None:
        """See ``PrincipalStore.get``."""
        with self.database.reading() as connection:
            row = connection.execute(_SELECT.where(PRINCIPAL.c.id == principal_id)).first()
        return StoredPrincipal(_principal(row), bytes(row.secret_hash)) if row else None

    def of_tenant(self, tenant: str) -> list[Principal]:
        """See ``PrincipalStore.of_tenant``."""
        query = _SELECT.where(TENANT.c.name == tenant).order_by(PRINCIPAL.c.created_at, PRINCIPAL.c.id)
        with self.database.reading() as connection:
            return [_principal(row) for row in connection.execute(query)]

    def of_organisation(self, tenant: str, organisation: str) -> list[str]:
        """See ``PrincipalStore.of_organisation``."""
        query = select(PRINCIPAL.c.id).join(TENANT, TENANT.c.id == PRINCIPAL.c.tenant_id)
        mine = query.where(TENANT.c.name == tenant, PRINCIPAL.c.organisation == organisation)
        with self.database.reading() as connection:
            return [str(row.id) for row in connection.execute(mine.order_by(PRINCIPAL.c.id))]

    def revoke(self, tenant: str, principal_id: str) -> bool:
        """See ``PrincipalStore.revoke``."""
        owner = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
        found = (PRINCIPAL.c.id == principal_id) & (PRINCIPAL.c.tenant_id == owner)
        with self.database.writing() as connection:
            return connection.execute(update(PRINCIPAL).where(found).values(revoked=True)).rowcount == 1

    def end(self, tenant: str, principal_id: str, moment: int) -> bool:
        """See ``PrincipalStore.end``."""
        owner = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
        found = (PRINCIPAL.c.id == principal_id) & (PRINCIPAL.c.tenant_id == owner)
        earlier = case((PRINCIPAL.c.expires_at < moment, PRINCIPAL.c.expires_at), else_=moment)
        with self.database.writing() as connection:
            return connection.execute(update(PRINCIPAL).where(found).values(expires_at=earlier)).rowcount == 1

    def renew(self, principal_id: str, secret_hash: bytes) -> bool:
        """See ``PrincipalStore.renew``."""
        change = update(PRINCIPAL).where(PRINCIPAL.c.id == principal_id).values(secret_hash=secret_hash)
        with self.database.writing() as connection:
            return connection.execute(change).rowcount == 1


_SELECT = select(
    PRINCIPAL.c.id,
    TENANT.c.name.label("tenant"),
    PRINCIPAL.c.name,
    PRINCIPAL.c.role,
    PRINCIPAL.c.created_at,
    PRINCIPAL.c.expires_at,
    PRINCIPAL.c.revoked,
    PRINCIPAL.c.secret_hash,
    PRINCIPAL.c.organisation,
    PRINCIPAL.c.scope,
).join(TENANT, TENANT.c.id == PRINCIPAL.c.tenant_id)


def principal_row(stored: StoredPrincipal, tenant_id: int) -> dict[str, Any]:
    """A new principal's columns."""
    who = stored.principal
    return {
        "id": who.id,
        "tenant_id": tenant_id,
        "name": who.name,
        "role": who.role,
        "secret_hash": stored.secret_hash,
        "created_at": who.created_at,
        "expires_at": who.expires_at,
        "revoked": who.revoked,
        "organisation": who.organisation,
        "scope": " ".join(sorted(who.scope)),
    }


def _principal(row: Any) -> Principal:
    who = (row.id, row.tenant, row.name, row.role, row.created_at, row.expires_at)
    scope = frozenset(row.scope.split())
    return Principal(*who, revoked=bool(row.revoked), organisation=row.organisation, scope=scope)

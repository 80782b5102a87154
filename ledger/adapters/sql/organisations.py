"""The organisations, in the database beside the entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import json
from sqlalchemy import select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.people_tables import ORGANISATION
from ledger.adapters.sql.tables import TENANT
from ledger.services.organisations import Organisation


@dataclass(frozen=True, slots=True)
class SqlOrganisations:
    """``services.organisations.OrganisationStore`` on a database."""

    database: Database

    def add(self, organisation: Organisation) -> bool:
        """See ``OrganisationStore.add``."""
        with self.database.writing() as connection:
            insert = self.database.insert_missing()(ORGANISATION).values(
                tenant_id=self.database.tenant_id(connection, organisation.tenant),
                id=organisation.id,
                name=organisation.name,
                kind=organisation.kind,
                identifiers=json.encode(organisation.identifiers).decode(),
                created_at=organisation.created_at,
            )
            added = insert.on_conflict_do_nothing().returning(ORGANISATION.c.id)
            return connection.execute(added).first() is not None

    def get(self, tenant: str, organisation_id: str) -> Organisation | None:
        """See ``OrganisationStore.get``."""
        query = _SELECT.where(TENANT.c.name == tenant, ORGANISATION.c.id == organisation_id)
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return _organisation(row) if row else None

    def listed(self, tenant: str) -> list[Organisation]:
        """See ``OrganisationStore.listed``."""
        query = _SELECT.where(TENANT.c.name == tenant).order_by(ORGANISATION.c.name, ORGANISATION.c.id)
        with self.database.reading() as connection:
            return [_organisation(row) for row in connection.execute(query)]


_SELECT = select(
    ORGANISATION.c.id,
    TENANT.c.name.label("tenant"),
    ORGANISATION.c.name,
    ORGANISATION.c.kind,
    ORGANISATION.c.identifiers,
    ORGANISATION.c.created_at,
).join(TENANT, TENANT.c.id == ORGANISATION.c.tenant_id)


def _organisation(row: Any) -> Organisation:
    identifiers = json.decode(row.identifiers, type=tuple[str, ...])
    return Organisation(row.id, row.tenant, row.name, row.kind, identifiers, row.created_at)

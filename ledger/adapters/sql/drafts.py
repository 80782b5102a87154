"""Drafts of forms on a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Select, and_, delete, or_, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.draft_tables import DRAFT
from ledger.adapters.sql.tables import TENANT
from ledger.ports.drafts import Draft


@dataclass(frozen=True, slots=True)
class SqlDrafts:
    """``ports.drafts.DraftStore`` on a database."""

    database: Database

    def keep(self, draft: Draft, seen: int) -> bool:
        """See ``DraftStore.keep``."""
        said = {"said": msgspec.json.encode(draft.said), "changed_at": draft.changed_at, "discarded_at": 0}
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, draft.tenant)
            key = {"tenant_id": number, "person": draft.person, "id": draft.id}
            own = and_(*(DRAFT.c[name] == value for name, value in key.items()))
            if seen:
                changed = update(DRAFT).where(own, DRAFT.c.changed_at == seen).values(**said)
                return connection.execute(changed).rowcount == 1
            insert = self.database.insert_missing()(DRAFT).values(**key, **said).on_conflict_do_nothing()
            return connection.execute(insert.returning(DRAFT.c.id)).first() is not None

    def get(self, tenant: str, person: str, draft_id: str) -> Draft | None:
        """See ``DraftStore.get``."""
        return next(iter(self._found(_own(tenant, person).where(DRAFT.c.id == draft_id))), None)

    def listed(self, tenant: str, person: str, limit: int) -> list[Draft]:
        """See ``DraftStore.listed``."""
        return self._found(_own(tenant, person).order_by(DRAFT.c.changed_at.desc(), DRAFT.c.id).limit(limit))

    def discard(self, tenant: str, person: str, draft_id: str, at: int) -> bool:
        """See ``DraftStore.discard``."""
        with self.database.writing() as connection:
            own = self._mine(connection, tenant, person, draft_id)
            return connection.execute(update(DRAFT).where(own).values(discarded_at=at)).rowcount == 1

    def forget(self, tenant: str, person: str, draft_id: str) -> None:
        """See ``DraftStore.forget``."""
        with self.database.writing() as connection:
            connection.execute(delete(DRAFT).where(self._mine(connection, tenant, person, draft_id)))

    def sweep(self, discarded_before: int, changed_before: int) -> int:
        """See ``DraftStore.sweep``."""
        c = DRAFT.c
        over = or_((c.discarded_at > 0) & (c.discarded_at < discarded_before), c.changed_at < changed_before)
        with self.database.writing() as connection:
            return connection.execute(delete(DRAFT).where(over)).rowcount

    def _mine(self, connection: Any, tenant: str, person: str, draft_id: str) -> Any:
        number = self.database.tenant_id(connection, tenant)
        return (DRAFT.c.tenant_id == number) & (DRAFT.c.person == person) & (DRAFT.c.id == draft_id)

    def _found(self, query: Select[Any]) -> list[Draft]:
        with self.database.reading() as connection:
            rows = list(connection.execute(query))
        return list(map(_draft, rows))


def _draft(row: Any) -> Draft:
    said = msgspec.json.decode(bytes(row.said))
    return Draft(row.tenant, row.person, row.id, said, row.changed_at, row.discarded_at)


def _own(tenant: str, person: str) -> Select[Any]:
    named = select(DRAFT, TENANT.c.name.label("tenant")).join(TENANT, TENANT.c.id == DRAFT.c.tenant_id)
    return named.where(TENANT.c.name == tenant, DRAFT.c.person == person)

"""People and their invitations, in the database beside the entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, insert, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.people_tables import INVITATION, PERSON
from ledger.adapters.sql.principals import principal_row
from ledger.adapters.sql.tables import PRINCIPAL, TENANT
from ledger.services.access import StoredPrincipal
from ledger.services.people import Invitation, Person, StoredPerson


@dataclass(frozen=True, slots=True)
class SqlPeople:
    """``services.people.PeopleStore`` on a database."""

    database: Database

    def by_id(self, person_id: str) -> StoredPerson | None:
        """See ``PeopleStore.by_id``."""
        return self._one(PERSON.c.id == person_id)

    def by_email(self, email: str) -> StoredPerson | None:
        """See ``PeopleStore.by_email``."""
        return self._one(PERSON.c.email == email)

    def by_subject(self, subject: str) -> StoredPerson | None:
        """See ``PeopleStore.by_subject``."""
        return self._one(PERSON.c.subject == subject)

    def _one(self, found: Any) -> StoredPerson | None:
        with self.database.reading() as connection:
            row = connection.execute(_PEOPLE.where(found)).first()
        return StoredPerson(_person(row), row.password, row.failures, row.locked_until) if row else None

    def of_tenant(self, tenant: str) -> list[Person]:
        """See ``PeopleStore.of_tenant``."""
        query = _PEOPLE.where(TENANT.c.name == tenant).order_by(PRINCIPAL.c.name, PERSON.c.email)
        with self.database.reading() as connection:
            return list(map(_person, connection.execute(query)))

    def failed(self, person_id: str, most: int, until: int) -> None:
        """See ``PeopleStore.failed``."""
        full = PERSON.c.failures + 1 >= most
        values = {
            "failures": case((full, 0), else_=PERSON.c.failures + 1),
            "locked_until": case((full, until), else_=PERSON.c.locked_until),
        }
        self._change(person_id, values)

    def signed_in(self, person_id: str, now: int) -> None:
        """See ``PeopleStore.signed_in``."""
        self._change(person_id, {"failures": 0, "locked_until": 0, "signed_in_at": now})

    def _change(self, person_id: str, values: dict[str, Any]) -> None:
        with self.database.writing() as connection:
            connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))

    def set_password(self, person_id: str, password: str, secret_hash: bytes) -> None:
        """See ``PeopleStore.set_password``."""
        with self.database.writing() as connection:
            _renewed(connection, person_id, password, secret_hash)

    def link(self, person_id: str, subject: str) -> bool:
        """See ``PeopleStore.link``."""
        taken = select(PERSON.c.id).where(PERSON.c.subject == subject).exists()
        free = (PERSON.c.id == person_id) & PERSON.c.subject.is_(None) & ~taken
        with self.database.writing() as connection:
            return connection.execute(update(PERSON).where(free).values(subject=subject)).rowcount == 1

    def invite(self, invitation: Invitation, token_hash: bytes) -> None:
        """See ``PeopleStore.invite``."""
        with self.database.writing() as connection:
            tenant = self.database.tenant_id(connection, invitation.tenant)
            c = INVITATION.c
            earlier = (c.tenant_id == tenant) & (c.email == invitation.email) & (c.taken_at == 0)
            connection.execute(update(INVITATION).where(earlier).values(revoked=True))
            connection.execute(
                insert(INVITATION).values(
                    token_hash=token_hash,
                    id=invitation.id,
                    tenant_id=tenant,
                    email=invitation.email,
                    name=invitation.name,
                    role=invitation.role,
                    organisation=invitation.organisation,
                    created_at=invitation.created_at,
                    expires_at=invitation.expires_at,
                    taken_at=invitation.taken_at,
                    revoked=invitation.revoked,
                )
            )

    def invitation(self, token_hash: bytes) -> Invitation | None:
        """See ``PeopleStore.invitation``."""
        found = self._invitations(INVITATION.c.token_hash == token_hash)
        return found[0] if found else None

    def invited(self, email: str) -> list[Invitation]:
        """See ``PeopleStore.invited``."""
        return self._invitations(INVITATION.c.email == email)

    def invitations(self, tenant: str) -> list[Invitation]:
        """See ``PeopleStore.invitations``."""
        return self._invitations(TENANT.c.name == tenant)

    def _invitations(self, found: Any) -> list[Invitation]:
        query = _INVITATIONS.where(found).order_by(INVITATION.c.created_at.desc(), INVITATION.c.id)
        with self.database.reading() as connection:
            return list(map(_invitation, connection.execute(query)))

    def revoke_invitation(self, tenant: str, invitation_id: str) -> bool:
        """See ``PeopleStore.revoke_invitation``."""
        c = INVITATION.c
        owner = select(TENANT.c.id).where(TENANT.c.name == tenant).scalar_subquery()
        found = and_(c.id == invitation_id, c.tenant_id == owner, c.taken_at == 0, c.revoked.is_(False))
        with self.database.writing() as connection:
            return connection.execute(update(INVITATION).where(found).values(revoked=True)).rowcount == 1

    def accept(self, invitation: Invitation, principal: StoredPrincipal, password: str, now: int) -> str | None:
        """See ``PeopleStore.accept``."""
        c = INVITATION.c
        still = and_(c.id == invitation.id, c.taken_at == 0, c.revoked.is_(False), c.expires_at > now)
        with self.database.writing() as connection:
            # The row is locked by this change: a second use of the same link waits, and finds it taken.
            if connection.execute(update(INVITATION).where(still).values(taken_at=now)).rowcount != 1:
                return None
            known = connection.execute(_PEOPLE.where(PERSON.c.email == invitation.email)).first()
            if known is not None and known.tenant != invitation.tenant:
                return None
            if known is not None and not known.revoked:
                if password:
                    _renewed(connection, known.id, password, principal.secret_hash)
                return str(known.id)
            who = principal.principal
            tenant = self.database.tenant_id(connection, who.tenant)
            connection.execute(insert(PRINCIPAL).values(principal_row(principal, tenant)))
            row = {"id": who.id, "password": password, "failures": 0, "locked_until": 0, "signed_in_at": now}
            if known is not None:  # somebody who was here before: what the old id handed in stays the old id's
                connection.execute(update(PERSON).where(PERSON.c.id == known.id).values(subject=None, **row))
            else:
                connection.execute(insert(PERSON).values(tenant_id=tenant, email=invitation.email, **row))
            return who.id


def _renewed(connection: Connection, person_id: str, password: str, secret_hash: bytes) -> None:
    values = {"password": password, "failures": 0, "locked_until": 0}
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))
    connection.execute(update(PRINCIPAL).where(PRINCIPAL.c.id == person_id).values(secret_hash=secret_hash))


_PEOPLE = (
    select(
        PERSON.c.id,
        TENANT.c.name.label("tenant"),
        PERSON.c.email,
        PRINCIPAL.c.name,
        PRINCIPAL.c.role,
        PRINCIPAL.c.organisation,
        PRINCIPAL.c.created_at,
        PRINCIPAL.c.revoked,
        PERSON.c.password,
        PERSON.c.subject,
        PERSON.c.failures,
        PERSON.c.locked_until,
        PERSON.c.signed_in_at,
    )
    .join(PRINCIPAL, PRINCIPAL.c.id == PERSON.c.id)
    .join(TENANT, TENANT.c.id == PERSON.c.tenant_id)
)
_INVITATIONS = select(
    INVITATION.c.id,
    TENANT.c.name.label("tenant"),
    INVITATION.c.email,
    INVITATION.c.name,
    INVITATION.c.role,
    INVITATION.c.organisation,
    INVITATION.c.created_at,
    INVITATION.c.expires_at,
    INVITATION.c.taken_at,
    INVITATION.c.revoked,
).join(TENANT, TENANT.c.id == INVITATION.c.tenant_id)


def _person(row: Any) -> Person:
    who = (row.id, row.tenant, row.email, row.name, row.role, row.organisation, row.created_at, row.signed_in_at)
    return Person(*who, revoked=bool(row.revoked), subject=row.subject or "")


def _invitation(row: Any) -> Invitation:
    who = (row.id, row.tenant, row.email, row.name, row.role, row.organisation, row.created_at, row.expires_at)
    return Invitation(*who, taken_at=row.taken_at, revoked=bool(row.revoked))

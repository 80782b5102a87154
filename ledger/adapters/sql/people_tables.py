"""Tables of organisations, people and invitations: rows, not entries, because nothing of a person goes into the log."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from ledger.adapters.sql.tables import METADATA

ORGANISATION = Table(
    "organisation",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("identifiers", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "name", name="organisation_name"),
    sqlite_with_rowid=False,
)
"""``identifiers`` is a JSON array of URNs."""

PERSON = Table(
    "person",
    METADATA,
    Column("id", String(60), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("subject", String(600), unique=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger, nullable=False),
    Index("person_tenant", "tenant_id"),
)
"""
Beside the principal of the same id. ``password`` is an argon2id string, empty when there is none; ``subject`` is who an
OpenID provider says it is, ``issuer subject``, once it did.
"""

INVITATION = Table(
    "invitation",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("id", String(60), nullable=False, unique=True),
    Column("tenant_id", Integer, nullable=False),
    Column("email", String(254), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("organisation", String(60), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Index("invitation_tenant", "tenant_id", "created_at"),
)
"""One-time links by the hash of their secret."""

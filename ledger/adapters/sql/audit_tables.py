"""The table of recorded deeds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from ledger.adapters.sql.tables import METADATA

AUDIT_LINE = Table(
    "audit_line",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("act", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("principal", String(200), nullable=False),
    Column("object", String(200), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("request", String(64), nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("audit_principal", "tenant_id", "principal", "seq"),
    Index("audit_act", "tenant_id", "act", "seq"),
    Index("audit_time", "tenant_id", "first_at"),
    sqlite_with_rowid=False,
)
"""One row for each entry of the kind ``audit``, as ``ports.audit.AuditLine`` has it."""

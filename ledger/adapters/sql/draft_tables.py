"""The table of drafts of forms: rows, not entries, because nothing in them was said."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ledger.adapters.sql.tables import METADATA

DRAFT = Table(
    "draft",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("said", LargeBinary, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("discarded_at", BigInteger, nullable=False),
    Index("draft_list", "tenant_id", "person", "changed_at"),
)

"""The table of plans on their way: rows, not entries, because nothing in them was said."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ledger.adapters.sql.tables import METADATA

_Ordered = String(60).with_variant(String(60, collation="C"), "postgresql")

PLAN_DRAFT = Table(
    "plan_draft",
    METADATA,
    Column("id", _Ordered, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("day", _Ordered, nullable=False),
    Column("stage", String(12), nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Column("discarded_at", BigInteger, nullable=False),
    Column("draft", LargeBinary, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Index("plan_draft_day", "tenant_id", "kind", "day", "id"),
    Index("plan_draft_open", "stage", "claimed_until"),
)
"""``draft`` is the whole of it as JSON; the other columns repeat what is looked for."""

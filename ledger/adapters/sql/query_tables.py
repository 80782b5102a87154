"""Tables of the EPCIS query interface: named queries, their subscriptions, ended page tokens."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from ledger.adapters.sql.tables import METADATA

_Ordered = String(200).with_variant(String(200, collation="C"), "postgresql")

NAMED_QUERY = Table(
    "named_query",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("name", _Ordered, primary_key=True),
    Column("query", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

SUBSCRIPTION = Table(
    "subscription",
    METADATA,
    Column("id", String(60), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("query", _Ordered, nullable=False),
    Column("destination", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("schedule", LargeBinary, nullable=False),
    Column("report_if_empty", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("next_seq", BigInteger, nullable=False),
    Column("record_from", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", BigInteger, nullable=False),
    Column("trouble", String(60), nullable=False),
    Index("subscription_query", "tenant_id", "query"),
    Index("subscription_due", "due_at"),
)
"""``next_seq`` is the first entry not delivered yet; ``secret`` is sealed with a key of the ledger's home."""

ENDED_TOKEN = Table(
    "ended_token",
    METADATA,
    Column("token", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
)

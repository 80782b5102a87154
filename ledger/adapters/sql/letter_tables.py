"""Tables of letters and of a tenant's settings for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from ledger.adapters.sql.tables import METADATA

LETTER = Table(
    "letter",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("id", String(400), primary_key=True),
    Column("person", String(60), nullable=False),
    Column("request", String(200), nullable=False),
    Column("due", String(10), nullable=False),
    Column("days", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Index("letter_due", "state", "next_at"),
    Index("letter_request", "tenant_id", "request"),
    Index("letter_token", "token_hash"),
)

DESK_SETTING = Table(
    "desk_setting",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)
"""``calendar`` as JSON, ``language`` and a person's id."""

"""Tables of the exchange of footprints with partners, beside the log: nothing in them is evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, SmallInteger, String, Table, Text

from ledger.adapters.sql.tables import METADATA

EXCHANGE_PARTNER = Table(
    "exchange_partner",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("organisation", String(60), primary_key=True),
    Column("base_url", Text, nullable=False),
    Column("auth_base", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_secret", LargeBinary, nullable=False),
    Column("wire", SmallInteger, nullable=False),
)

EXCHANGE_EVENT = Table(
    "exchange_event",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("partner", String(60), primary_key=True),
    Column("source", String(500), primary_key=True),
    Column("id", String(500), primary_key=True),
    Column("major", SmallInteger, nullable=False),
    Column("happening", String(20), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("done", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Index("exchange_event_due", "done", "next_at"),
)

EXCHANGE_OUTBOX = Table(
    "exchange_outbox",
    METADATA,
    Column("id", String(500), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("partner", String(60), nullable=False),
    Column("major", SmallInteger, nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("trouble", Text, nullable=False),
    Index("exchange_outbox_due", "state", "next_at"),
    Index("exchange_outbox_tenant", "tenant_id", "created_at"),
    Index("exchange_outbox_partner", "tenant_id", "partner", "created_at"),
)

EXCHANGE_REQUEST = Table(
    "exchange_request",
    METADATA,
    Column("id", String(60), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("partner", String(60), nullable=False),
    Column("major", SmallInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Index("exchange_request_tenant", "tenant_id", "asked_at"),
    Index("exchange_request_partner", "tenant_id", "partner", "asked_at"),
)

EXCHANGE_MARK = Table(
    "exchange_mark",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("entry", BigInteger, nullable=False),
)

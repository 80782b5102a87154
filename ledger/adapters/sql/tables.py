"""The schema, as SQLAlchemy Core tables. Alembic's migrations create it; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
_Big = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives an INTEGER PRIMARY KEY the row's own place; any other type costs a second tree."""

TENANT = Table(
    "tenant",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
)

ENTRY_BLOCK = Table(
    "entry_block",
    METADATA,
    Column("first", _Big, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    *(Column(name, LargeBinary, nullable=False) for name in ("tenants", "kinds", "occurred_at")),
    *(Column(name, LargeBinary, nullable=False) for name in ("salts", "leaves", "ends", "bodies")),
)
"""The entries, in runs that were recorded together: ``blocks`` says how."""

ENTRY_KEY = Table(
    "entry_key",
    METADATA,
    Column("key", _Big, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
)
"""Which entry has a record id: ``log.entry.record_key``."""

TILE = Table(
    "tile",
    METADATA,
    Column("level", SmallInteger, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
)

CHECKPOINT = Table(
    "checkpoint",
    METADATA,
    Column("size", _Big, primary_key=True, autoincrement=False),
    Column("previous_size", BigInteger, nullable=False),
    Column("origin", Text, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("tx_raw", LargeBinary),
    Column("tx_hash", LargeBinary),
    Column("tx_sender", String(42)),
    Column("tx_nonce", BigInteger),
    Column("chain_id", BigInteger),
    Column("contract", String(42)),
    Column("block_number", BigInteger),
    Column("block_hash", LargeBinary),
    Column("block_time", BigInteger),
    Column("gas_used", BigInteger),
    Column("receipt_note", Text, nullable=False, server_default=""),
    UniqueConstraint("previous_size", name="checkpoint_one_successor"),
)

LEASE = Table(
    "lease",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

WATERMARK = Table(
    "watermark",
    METADATA,
    Column("projection", String(60), primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

ASSET = Table(
    "asset",
    METADATA,
    Column("no", Integer, primary_key=True),
    Column("id", String(2048), nullable=False),
    Column("tenant_id", Integer, nullable=False),
    Column("product", String(2048), nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("step", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("place", Text, nullable=False),
    UniqueConstraint("id", "tenant_id", name="asset_id"),
    Index("asset_tenant", "tenant_id", "no"),
    Index("asset_product", "product"),
)
"""State of a thing within a tenant by its latest event there (by event time, then by entry)."""

ASSET_EVENT = Table(
    "asset_event",
    METADATA,
    Column("asset_no", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)

_LIMBS = ("activity_high", "activity_low", "driven_high", "driven_low")

ACTIVITY = Table(
    "activity",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("route", String(200), primary_key=True),
    Column("product", String(200), primary_key=True),
    Column("vehicle", String(200), primary_key=True),
    Column("mode", String(20), primary_key=True),
    Column("basis", String(3), primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("grams", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _LIMBS),
    Column("driven_legs", BigInteger, nullable=False),
    Column("legs", BigInteger, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Index("activity_product", "tenant_id", "product"),
    sqlite_with_rowid=False,
)
"""Sums of legs by what a factor depends on. Gram-metres pass 2^63, so they are two limbs of base 10^9."""

HUB_ACTIVITY = Table(
    "hub_activity",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("hub", String(200), primary_key=True),
    Column("route", String(200), primary_key=True),
    Column("product", String(200), primary_key=True),
    Column("operation", String(20), primary_key=True),
    Column("temperature", String(20), primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("grams", BigInteger, nullable=False),
    Column("operations", BigInteger, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

FACT = Table(
    "fact",
    METADATA,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("subject", String(2048).with_variant(String(2048, collation="C"), "postgresql"), nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Index("fact_subject", "tenant_id", "kind", "subject"),
    Index("fact_order", "tenant_id", "kind", "seq"),
)
"""Where to find the few records that are read whole: declared footprints, energy, schemes, bids, score sheets."""

WITHDRAWAL = Table(
    "withdrawal",
    METADATA,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("by_seq", BigInteger, nullable=False),
    Index("withdrawal_tenant", "tenant_id", "by_seq"),
)
"""Entries that count no more, and the correction or error declaration that says so."""

DECLARED_AHEAD = Table(
    "declared_ahead",
    METADATA,
    Column("by_seq", _Big, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("event_id", String(2048), nullable=False),
)
"""Error declarations whose event has not come yet."""

LABEL_JOB = Table(
    "label_job",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("job", String(200), primary_key=True),
    Column("first_seq", BigInteger, nullable=False),
    Column("printed_at", BigInteger, nullable=False),
    Column("labels", BigInteger, nullable=False),
    Column("verified", BigInteger, nullable=False),
    Column("reprints", BigInteger, nullable=False),
    Column("voids", BigInteger, nullable=False),
    Column("stock", Text, nullable=False),
    Column("format", String(8), nullable=False),
    Index("label_job_order", "tenant_id", "first_seq"),
    sqlite_with_rowid=False,
)
"""Print jobs of labels, for their list; what was done with one is read from its entries."""

PRINCIPAL = Table(
    "principal",
    METADATA,
    Column("id", String(60), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("organisation", String(200), nullable=False, server_default=""),
    Column("scope", Text, nullable=False, server_default=""),
)
"""``scope``: names of permissions with spaces between, empty for all of the role's."""

FOUNDING = Table(
    "founding",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts fixed when the ledger was founded: its origin, chain id and contract."""

APPEND_ONLY = ("entry_block", "entry_key")
PROJECTIONS = ("asset", "asset_event", "activity", "hub_activity", "fact", "withdrawal", "declared_ahead")
"""Tables of ``SqlProjections``; other foldings name their own."""

from ledger.adapters.sql import (  # noqa: E402 - add tables to METADATA
    audit_tables,  # noqa: F401
    capture_tables,  # noqa: F401
    certificate_tables,  # noqa: F401
    draft_tables,  # noqa: F401
    event_tables,  # noqa: F401
    exchange_tables,  # noqa: F401
    intake_tables,  # noqa: F401
    letter_tables,  # noqa: F401
    life_tables,  # noqa: F401
    listing_tables,  # noqa: F401
    people_tables,  # noqa: F401
    period_tables,  # noqa: F401
    plan_tables,  # noqa: F401
    query_tables,  # noqa: F401
    scan_tables,  # noqa: F401
    shipment_tables,  # noqa: F401
    window_tables,  # noqa: F401
    witness_tables,  # noqa: F401
)

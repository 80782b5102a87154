"""Tables of scanning, beside the log: nothing in them is evidence, all of it is about what just happened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ledger.adapters.sql.tables import METADATA

_Big = BigInteger().with_variant(Integer, "sqlite")

SIGHTING = Table(
    "sighting",
    METADATA,
    Column("key", _Big, primary_key=True, autoincrement=False),
    Column("event_id", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    Index("sighting_event", "event_id"),
    Index("sighting_kept", "kept_at"),
)
"""A short memory of scans: which event showed a thing for a step at a place first."""

_COUNTS = ("taken", "weak", "elsewhere", "foreign", "unknown")

FIXED_READER = Table(
    "fixed_reader",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("id", String(60), primary_key=True),
    Column("key_id", String(60), nullable=False),
    Column("configured", LargeBinary, nullable=False),
    Column("latest_read", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("submitter", String(60), nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _COUNTS),
    Index("fixed_reader_key", "key_id"),
    sqlite_with_rowid=False,
)
"""Readers, how they are configured, and how many of their reads were what."""

PRESENCE = Table(
    "presence",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("reader", String(60), primary_key=True),
    Column("thing", String(2048), primary_key=True),
    Column("entered", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("event_id", String(60), nullable=False),
    Index("presence_waiting", "tenant_id", "reader", "event_id"),
    Index("presence_last", "last"),
    sqlite_with_rowid=False,
)
"""Windows of presence; those without an event are still to be reported."""

STRAY_TAG = Table(
    "stray_tag",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("reader", String(60), primary_key=True),
    Column("tag", String(2048), primary_key=True),
    Column("verdict", String(10), nullable=False),
    Column("reads", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""Tags that name nothing, or something of another company: kept as they were read."""

READ_EVENT = Table(
    "read_event",
    METADATA,
    Column("event_id", String(60), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("submitter", String(60), nullable=False),
    Column("event", LargeBinary, nullable=False),
)
"""Events on their way into the log: written with the windows they report, taken away once they are entries."""

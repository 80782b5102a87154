"""
Tables of the event index: a row for each event, a number for each text that events repeat, and what names what.

Names are numbered by tenant, so whatever is found by a name is the tenant's own.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from ledger.adapters.sql.tables import METADATA

_Ordered = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared by code points on both databases, so that texts can be found by how they begin."""

EVENT = Table(
    "event",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("type", SmallInteger, nullable=False),
    Column("action", SmallInteger, nullable=False),
    Column("declared", SmallInteger, nullable=False),
    Column("event_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("id_hash", BigInteger, nullable=False),
    Column("step", Integer, nullable=False),
    Column("disposition", Integer, nullable=False),
    Column("read_point", Integer, nullable=False),
    Column("biz_location", Integer, nullable=False),
    Index("event_id_hash", "id_hash"),
    Index("event_type", "tenant_id", "type", "seq"),
    Index("event_at", "tenant_id", "event_at", "seq"),
    Index("event_recorded", "tenant_id", "recorded_at", "seq"),
    Index("event_step", "step", "seq"),
    Index("event_disposition", "disposition", "seq"),
    Index("event_read_point", "read_point", "seq"),
    Index("event_biz_location", "biz_location", "seq"),
    sqlite_with_rowid=False,
)
"""``type`` and ``action`` are positions in ``EVENT_TYPES`` and ``ACTIONS`` (-1: none); a name that is absent is 0."""

EVENT_NAME = Table(
    "event_name",
    METADATA,
    Column("no", Integer, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("text", _Ordered, nullable=False),
    UniqueConstraint("tenant_id", "kind", "text", name="event_name_text"),
)

EVENT_TERM = Table(
    "event_term",
    METADATA,
    Column("name", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("role", SmallInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which events name a thing, a transaction, a field; ``role`` is a position in ``ROLES``."""

EVENT_NUMBER = Table(
    "event_number",
    METADATA,
    Column("name", Integer, primary_key=True, autoincrement=False),
    Column("value", _Ordered, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Exact numbers in events by the name of their field, as ``ordered_number.ordered`` writes them."""

EVENT_INDEX = (EVENT, EVENT_NAME, EVENT_TERM, EVENT_NUMBER)

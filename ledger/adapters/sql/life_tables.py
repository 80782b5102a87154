"""Tables of the lives of assets. Asset, unit and place are all codes; an asset's state stands under its primary one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint

from ledger.adapters.sql.tables import METADATA

_Big = BigInteger().with_variant(Integer, "sqlite")

LIFE_CODE = Table(
    "life_code",
    METADATA,
    Column("no", _Big, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("id", String(2048), nullable=False),
    Column("product", String(2048), nullable=False),
    Column("is_unit", Boolean, nullable=False),
    Column("primary_no", BigInteger),
    UniqueConstraint("id", "tenant_id", name="life_code_id"),
    Index("life_code_tenant", "tenant_id", "id"),
    Index("life_code_primary", "primary_no"),
)
"""Every code that an event of a tenant names; ``primary_no`` where it is a further code of another."""

LIFE_EVENT = Table(
    "life_event",
    METADATA,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("parent_no", BigInteger),
    Column("alias_of_no", BigInteger),
    Column("void", Boolean, nullable=False),
    Column("voids", Boolean, nullable=False),
    Column("said", Text, nullable=False),
    Index("life_event_key", "key"),
    Index("life_event_alias", "alias_of_no"),
)
"""The small view of each event, less the codes; ``key`` is ``log.entry.record_key`` of its eventID."""

LIFE_LINK = Table(
    "life_link",
    METADATA,
    Column("code_no", BigInteger, primary_key=True),
    Column("role", SmallInteger, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("tid", Text, nullable=False),
    Index("life_link_seq", "seq"),
    sqlite_with_rowid=False,
)

LIFE: Final = Table(
    "life",
    METADATA,
    Column("no", _Big, primary_key=True, autoincrement=False),
    Column("tenant_id", Integer, nullable=False),
    Column("site_key", BigInteger, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("stage_at", BigInteger, nullable=False),
    Column("stage_seq", BigInteger, nullable=False),
    Column("step", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("place_at", BigInteger, nullable=False),
    Column("place_seq", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("parent", BigInteger),
    Column("relation", String(20), nullable=False),
    Column("parent_seq", BigInteger, nullable=False),
    Column("tid", Text, nullable=False),
    Column("tid_seq", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("stock_at", BigInteger, nullable=False),
    Column("dismantled", BigInteger, nullable=False),
    Column("reused", BigInteger, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("tagged", Boolean, nullable=False),
    Column("category", Text, nullable=False),
    Column("mass_g", BigInteger, nullable=False),
    Column("length_mm", BigInteger, nullable=False),
    Column("value_fen", BigInteger, nullable=False),
    Index("life_stage", "tenant_id", "stage"),
    Index("life_site", "tenant_id", "site_key"),
    Index("life_parent", "parent"),
)
"""The fields of ``lifecycle.lives.Life`` in their order, after three of the table's own."""

LIFE_ANOMALY = Table(
    "life_anomaly",
    METADATA,
    Column("code_no", BigInteger, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("code", String(30), primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("other_seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("detail", Text, nullable=False),
    Index("life_anomaly_seq", "tenant_id", "seq"),
    sqlite_with_rowid=False,
)

TABLES: Final = (LIFE_ANOMALY, LIFE, LIFE_LINK, LIFE_EVENT, LIFE_CODE)

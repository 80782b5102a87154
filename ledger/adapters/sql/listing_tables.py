"""The table behind lists: a row for each thing that people wait for."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table

from ledger.adapters.sql.tables import METADATA

LISTED = Table(
    "listed",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("kind", SmallInteger, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("about", BigInteger, nullable=False),
    Column("supplier", String(200), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("begins", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Index("listed_place", "tenant_id", "kind", "at", "seq"),
    Index("listed_supplier", "tenant_id", "kind", "supplier", "at", "seq"),
    Index("listed_holder", "tenant_id", "kind", "holder", "at", "seq"),
    Index("listed_about", "about"),
    sqlite_with_rowid=False,
)
"""``about`` is the entry of the thing that a row is of: itself, or what an action was asked in."""

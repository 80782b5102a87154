"""The tables of products put forward for the catalogue, and of the days on which each is listed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from ledger.adapters.sql.tables import METADATA

CATALOGUE_ROW = Table(
    "catalogue_row",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("supplier", String(200), nullable=False),
    Column("catalogue", String(200), nullable=False),
    Column("category", String(200), nullable=False),
    Column("name", String(200).with_variant(String(200, collation="C"), "postgresql"), nullable=False),
    Column("since", Integer, nullable=False),
    Column("said", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Index("catalogue_place", "tenant_id", "catalogue", "category", "name", "seq"),
    Index("catalogue_supplier", "tenant_id", "supplier"),
    sqlite_with_rowid=False,
)
"""``said``: name and code as they are sought, ``owner`` the supplier's id likewise; ``since``: its first day."""

CATALOGUE_LISTED = Table(
    "catalogue_listed",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("begins", Integer, primary_key=True, autoincrement=False),
    Column("ends", Integer, nullable=False),
    Column("supplier", String(200), nullable=False),
    Index("catalogue_listed_supplier", "tenant_id", "supplier"),
    sqlite_with_rowid=False,
)
"""It is listed from the day ``begins`` on and before ``ends``, by all that is recorded now."""

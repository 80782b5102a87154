"""The tables of entries by consignment, and of consignments by operation category."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from ledger.adapters.sql.tables import METADATA

_Ordered = String(200).with_variant(String(200, collation="C"), "postgresql")

SHIPMENT_ENTRY = Table(
    "shipment_entry",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("consignment", _Ordered, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("route", String(200), nullable=False),
    Index("shipment_route", "tenant_id", "route", "consignment"),
    Index("shipment_seq", "seq"),
    sqlite_with_rowid=False,
)
"""Legs and hub operations that name a consignment."""

SHIPMENT_CATEGORY = Table(
    "shipment_category",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("category", String(204), primary_key=True),
    Column("consignment", String(200), primary_key=True),
    Column("route", String(200), primary_key=True),
    Index("shipment_category_route", "tenant_id", "category", "route"),
    sqlite_with_rowid=False,
)
"""Operation categories of the shipments that were offered, with the routes that these were carried on."""

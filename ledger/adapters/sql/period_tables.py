"""Tables of activity by month: what an inventory of a period needs and the sums over all time cannot give."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from ledger.adapters.sql.tables import METADATA

_BOUNDS = ("first_seq", "last_seq", "first_at", "last_at")
_LIMBS = ("activity_high", "activity_low", "driven_high", "driven_low")

MONTH_LEG = Table(
    "month_leg",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("month", Integer, primary_key=True),
    *(Column(name, String(200), primary_key=True) for name in ("route", "carrier", "vehicle")),
    Column("mode", String(20), primary_key=True),
    Column("basis", String(3), primary_key=True),
    Column("grams", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _LIMBS),
    Column("driven_legs", BigInteger, nullable=False),
    Column("legs", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _BOUNDS),
    sqlite_with_rowid=False,
)
"""Sums of legs by month (year x 12 + month - 1, in China), route, carrier and class; limbs as of ``ACTIVITY``."""

MONTH_HUB = Table(
    "month_hub",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("hub", String(200), primary_key=True),
    Column("operation", String(20), primary_key=True),
    Column("temperature", String(20), primary_key=True),
    Column("grams", BigInteger, nullable=False),
    Column("operations", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _BOUNDS),
    sqlite_with_rowid=False,
)

MONTH_UNIT = Table(
    "month_unit",
    METADATA,
    Column("tenant_id", Integer, primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("product", String(2048), primary_key=True),
    Column("at", String(1), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("units", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in _BOUNDS),
    sqlite_with_rowid=False,
)
"""Pieces of a product at a hub (``h``) or on a route (``r``)."""

"""
The numbers that certificates hold, of all tenants together: it has no tenant's column, because one number is held once
in the whole ledger, and nothing that tells whose it is.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from ledger.adapters.sql.tables import METADATA

_Big = BigInteger().with_variant(Integer, "sqlite")

CERTIFICATE_NUMBERS = Table(
    "certificate_numbers",
    METADATA,
    Column("seq", _Big, primary_key=True, autoincrement=False),
    Column("issuer", String(240), nullable=False),
    Column("stem", String(240), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("gone", BigInteger, nullable=False),
    Index("certificate_numbers_first", "issuer", "stem", "first"),
)
"""``gone`` is the correction that withdrew it; 0 while it stands."""

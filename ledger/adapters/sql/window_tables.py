"""The table of counts within a while."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table

from ledger.adapters.sql.tables import METADATA

COUNT_WINDOW = Table(
    "count_window",
    METADATA,
    Column("name", LargeBinary(32), primary_key=True),
    Column("times", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Index("count_window_until", "until"),
    sqlite_with_rowid=False,
)
"""Windows of ``ports.windows``, by SHA-256 of what is counted; swept when they are over."""

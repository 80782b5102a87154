"""Tables of scanning, beside the log: nothing in them is evidence, all of it is about what just happened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

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

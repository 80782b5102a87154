"""Tables of what others say of checkpoints: witnesses, and time stamping authorities."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from ledger.adapters.sql.tables import METADATA

COSIGNATURE = Table(
    "cosignature",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("witness", Text, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("line", Text, nullable=False),
)
"""A witness, by its public key, under a checkpoint; ``time`` is its own word, in seconds."""

WITNESSED = Table(
    "witnessed",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
)
"""Checkpoints at which the policy of the time was met."""

WITNESS_ANSWER = Table(
    "witness_answer",
    METADATA,
    Column("witness", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("why_zh", Text, nullable=False),
)

TIME_STAMP = Table(
    "time_stamp",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("authority", Text, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("response", LargeBinary, nullable=False),
)
"""RFC 3161 responses to a checkpoint's note, whole; ``time`` is the authority's, in microseconds."""

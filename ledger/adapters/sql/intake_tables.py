"""Tables of the intake jobs and of what they staged."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from ledger.adapters.sql.tables import METADATA

_Ordered = String(60).with_variant(String(60, collation="C"), "postgresql")

INTAKE_JOB = Table(
    "intake_job",
    METADATA,
    Column("id", _Ordered, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("organisation", String(200), nullable=False),
    Column("stage", String(12), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Column("job", LargeBinary, nullable=False),
    Index("intake_job_list", "tenant_id", "organisation", "id"),
    Index("intake_job_open", "stage", "claimed_until"),
    Index("intake_job_alike", "tenant_id", "sha256"),
)
"""``job`` is the whole of it as JSON; the other columns repeat what is looked for. ``sha256`` may be as announced."""

INTAKE_BATCH = Table(
    "intake_batch",
    METADATA,
    Column("job_id", _Ordered, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

INTAKE_REFUSED = Table(
    "intake_refused",
    METADATA,
    Column("job_id", _Ordered, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("told", LargeBinary, nullable=False),
)
"""Refused rows in the order they were found, numbered from 0."""

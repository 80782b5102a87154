"""Table of the capture jobs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from ledger.adapters.sql.tables import METADATA

_Ordered = String(60).with_variant(String(60, collation="C"), "postgresql")

CAPTURE_JOB = Table(
    "capture_job",
    METADATA,
    Column("id", _Ordered, primary_key=True),
    Column("tenant_id", Integer, nullable=False),
    Column("submitter", String(200), nullable=False),
    Column("behaviour", String(10), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("success", Boolean, nullable=False),
    Column("events", Integer, nullable=False),
    Column("errors", LargeBinary, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("claimed_until", BigInteger, nullable=False),
    Index("capture_job_tenant", "tenant_id", "id"),
    Index("capture_job_open", "finished_at", "claimed_until"),
)
"""``document`` is empty once the job is finished; the events are in the log then."""

"""Capture jobs on a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, insert, select, update

from ledger.adapters.sql.capture_tables import CAPTURE_JOB
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import TENANT
from ledger.ports.capture_jobs import CaptureJob


@dataclass(frozen=True, slots=True)
class SqlCaptureJobs:
    """``ports.CaptureJobStore`` on a database."""

    database: Database

    def accept(self, job: CaptureJob, document: bytes) -> None:
        """See ``CaptureJobStore.accept``."""
        fields = job._asdict()
        tenant = fields.pop("tenant")
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, tenant)
            row = {**fields, "tenant_id": number, "document": document, "claimed_until": 0}
            connection.execute(insert(CAPTURE_JOB).values(row))

    def claim(self, now: int, until: int) -> tuple[CaptureJob, bytes] | None:
        """See ``CaptureJobStore.claim``."""
        c = CAPTURE_JOB.c
        idle = c.finished_at.is_(None) & (c.claimed_until < now)
        oldest = select(c.id).where(idle).order_by(c.id).limit(1).with_for_update(skip_locked=True)
        with self.database.reading() as connection:
            if connection.execute(select(c.id).where(idle).limit(1)).first() is None:
                return None
        with self.database.writing() as connection:
            found = connection.execute(oldest).scalar()
            if found is None:
                return None
            connection.execute(update(CAPTURE_JOB).where(c.id == found).values(claimed_until=until))
            row = connection.execute(_jobs().add_columns(c.document).where(c.id == found)).one()
        return _job(row), bytes(row.document)

    def finish(self, job: CaptureJob) -> None:
        """See ``CaptureJobStore.finish``."""
        outcome = {name: getattr(job, name) for name in ("finished_at", "success", "events", "errors")}
        with self.database.writing() as connection:
            done = update(CAPTURE_JOB).where(CAPTURE_JOB.c.id == job.id).values(**outcome, document=b"")
            connection.execute(done)

    def get(self, tenant: str, job_id: str) -> CaptureJob | None:
        """See ``CaptureJobStore.get``."""
        query = _jobs().where(CAPTURE_JOB.c.id == job_id, TENANT.c.name == tenant)
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return _job(row) if row else None

    def listed(self, tenant: str, limit: int, after: str = "") -> list[CaptureJob]:
        """See ``CaptureJobStore.listed``."""
        query = _jobs().where(TENANT.c.name == tenant, CAPTURE_JOB.c.id > after)
        with self.database.reading() as connection:
            return [_job(row) for row in connection.execute(query.order_by(CAPTURE_JOB.c.id).limit(limit))]


def _jobs() -> Select[Any]:
    c = CAPTURE_JOB.c
    columns = (c.id, TENANT.c.name.label("tenant"), c.submitter, c.behaviour, c.locale)
    outcome = (c.created_at, c.finished_at, c.success, c.events, c.errors)
    return select(*columns, *outcome).join(TENANT, TENANT.c.id == c.tenant_id)


def _job(row: Any) -> CaptureJob:
    return CaptureJob(*row[:10])._replace(success=bool(row.success), errors=bytes(row.errors))

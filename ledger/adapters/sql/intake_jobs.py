"""Intake jobs on a database."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.intake_tables import INTAKE_BATCH, INTAKE_JOB, INTAKE_REFUSED
from ledger.adapters.sql.tables import TENANT
from ledger.ports.intake import OPEN, Batch, Change, IntakeJob, Refused
from ledger.services.intake_errors import IntakeAbsent

_JOB: Final = msgspec.json.Decoder(IntakeJob)
_BATCH: Final = msgspec.msgpack.Decoder(Batch)
_FAST: Final = 1


@dataclass(frozen=True, slots=True)
class SqlIntake:
    """``ports.intake.IntakeStore`` on a database."""

    database: Database

    def add(self, job: IntakeJob) -> None:
        """See ``IntakeStore.add``."""
        with self.database.writing() as connection:
            number = self.database.tenant_id(connection, job.tenant)
            row = {"id": job.id, "tenant_id": number, "organisation": job.organisation, **_columns(job)}
            connection.execute(insert(INTAKE_JOB).values(row))

    def get(self, tenant: str, job_id: str) -> IntakeJob | None:
        """See ``IntakeStore.get``."""
        with self.database.reading() as connection:
            return _first(connection, _jobs(tenant).where(INTAKE_JOB.c.id == job_id))

    def listed(self, tenant: str, organisation: str, limit: int, before: str = "") -> list[IntakeJob]:
        """See ``IntakeStore.listed``."""
        c = INTAKE_JOB.c
        query = _jobs(tenant).where(c.stage != "discarded").order_by(c.id.desc()).limit(limit)
        query = query.where(c.organisation == organisation) if organisation else query
        query = query.where(c.id < before) if before else query
        with self.database.reading() as connection:
            return [_JOB.decode(row.job) for row in connection.execute(query)]

    def alike(self, job: IntakeJob, sha256: str) -> list[IntakeJob]:
        """See ``IntakeStore.alike``."""
        c = INTAKE_JOB.c
        mine = (c.sha256 == sha256) & (c.organisation == job.organisation) & (c.id != job.id)
        with self.database.reading() as connection:
            found = connection.execute(_jobs(job.tenant).where(mine).order_by(c.id.desc()).limit(20))
            return [_JOB.decode(row.job) for row in found]

    def claim(self, claim: str, now: int, until: int) -> IntakeJob | None:
        """See ``IntakeStore.claim``."""
        c = INTAKE_JOB.c
        idle = c.stage.in_(sorted(OPEN)) & (c.claimed_until < now)
        with self.database.reading() as connection:  # nothing to do is the rule, and writes nothing
            if connection.execute(select(c.id).where(idle).limit(1)).first() is None:
                return None
        oldest = select(c.id, c.job).where(idle).order_by(c.id).limit(1).with_for_update(skip_locked=True)
        with self.database.writing() as connection:
            row = connection.execute(oldest).first()
            if row is None:
                return None
            job = msgspec.structs.replace(_JOB.decode(row.job), claim=claim, claimed_until=until, beat_at=now)
            connection.execute(update(INTAKE_JOB).where(c.id == row.id).values(**_columns(job)))
        return job

    def change(
        self,
        tenant: str,
        job_id: str,
        change: Change,
        batch: tuple[int, Batch] | None = None,
        refused: Sequence[Refused] = (),
    ) -> IntakeJob:
        """See ``IntakeStore.change``."""
        # Packed before the transaction: on SQLite nobody else writes while it lasts.
        packed = zlib.compress(msgspec.msgpack.encode(batch[1]), _FAST) if batch else b""
        rows = [msgspec.json.encode(row) for row in refused]
        with self.database.writing() as connection:
            query = _jobs(tenant).where(INTAKE_JOB.c.id == job_id).with_for_update(of=INTAKE_JOB)
            old = _first(connection, query)
            if old is None:
                raise IntakeAbsent(job=job_id[:100])
            job = change(old)
            connection.execute(update(INTAKE_JOB).where(INTAKE_JOB.c.id == job_id).values(**_columns(job)))
            if batch:
                c = INTAKE_BATCH.c
                connection.execute(delete(INTAKE_BATCH).where((c.job_id == job_id) & (c.number == batch[0])))
                connection.execute(insert(INTAKE_BATCH).values(job_id=job_id, number=batch[0], packed=packed))
            if rows:
                own = INTAKE_REFUSED.c.job_id == job_id
                last = connection.execute(select(func.max(INTAKE_REFUSED.c.number)).where(own)).scalar()
                first = 0 if last is None else last + 1
                found = [{"job_id": job_id, "number": first + at, "told": row} for at, row in enumerate(rows)]
                connection.execute(insert(INTAKE_REFUSED), found)
        return job

    def batch(self, job_id: str, number: int) -> Batch:
        """See ``IntakeStore.batch``."""
        c = INTAKE_BATCH.c
        query = select(c.packed).where((c.job_id == job_id) & (c.number == number))
        with self.database.reading() as connection:
            return _BATCH.decode(zlib.decompress(connection.execute(query).scalar_one()))

    def refused(self, job_id: str, after: int, limit: int) -> list[Refused]:
        """See ``IntakeStore.refused``."""
        c = INTAKE_REFUSED.c
        query = select(c.told).where((c.job_id == job_id) & (c.number >= after)).order_by(c.number).limit(limit)
        with self.database.reading() as connection:
            return [msgspec.json.decode(row) for row in connection.execute(query).scalars()]

    def busy(self, now: int) -> bool:
        """See ``IntakeStore.busy``."""
        c = INTAKE_JOB.c
        query = select(c.id).where(c.stage.in_(sorted(OPEN)) & (c.claimed_until >= now)).limit(1)
        with self.database.reading() as connection:
            return connection.execute(query).first() is not None

    def clear(self, job_id: str) -> None:
        """See ``IntakeStore.clear``."""
        with self.database.writing() as connection:
            for table in (INTAKE_BATCH, INTAKE_REFUSED):
                connection.execute(delete(table).where(table.c.job_id == job_id))


def _jobs(tenant: str) -> Select[Any]:
    joined = INTAKE_JOB.join(TENANT, TENANT.c.id == INTAKE_JOB.c.tenant_id)
    return select(INTAKE_JOB.c.job).select_from(joined).where(TENANT.c.name == tenant)


def _first(connection: Connection, query: Select[Any]) -> IntakeJob | None:
    row = connection.execute(query).first()
    return _JOB.decode(row.job) if row else None


def _columns(job: IntakeJob) -> dict[str, object]:
    """What the table repeats of a job, and the job."""
    looked_for = {"stage": job.stage, "sha256": job.sha256 or job.announced, "claimed_until": job.claimed_until}
    return {**looked_for, "job": msgspec.json.encode(job)}

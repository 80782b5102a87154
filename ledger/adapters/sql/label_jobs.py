"""``ports.LabelJobs``: the list of print jobs, folded from their entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection, Table, and_, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.tables import LABEL_JOB, TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.labels import JobRow
from ledger.records.label_print import LabelPrint
from ledger.records.record import KIND_NUMBERS, decode_body

_KIND = KIND_NUMBERS["label_print"]
_SUMS = ("reprints", "voids")
_PRINTED = ("first_seq", "printed_at", "labels", "verified", "stock", "format")
_COLUMNS = ("tenant_id", "job", *_PRINTED, *_SUMS)
_JOBS = Upsert(LABEL_JOB, _COLUMNS, ("tenant_id", "job"), added=_SUMS)


@dataclass(frozen=True, slots=True)
class SqlLabelJobs(MarkedTables):
    """The list on a database."""

    database: Database
    name: ClassVar[str] = "label_jobs"
    tables: ClassVar[tuple[Table, ...]] = (LABEL_JOB,)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        jobs = [(row.tenant, _cells(row)) for row in rows if row.kind == _KIND]

        def write(connection: Connection) -> None:
            for tenant, cells in jobs:  # one by one: a job and its reprint may be in one batch
                _JOBS.run(self.database, connection, [(self.database.tenant_id(connection, tenant), *cells)])

        return write

    def jobs(self, tenant: str, before: int | None = None, limit: int = 50) -> list[JobRow]:
        """See ``LabelJobs.jobs``."""
        c = LABEL_JOB.c
        columns = (c.job, c.first_seq, c.printed_at, c.labels, c.verified, c.reprints, c.voids, c.stock, c.format)
        mine = and_(TENANT.c.name == tenant, c.first_seq < before) if before is not None else TENANT.c.name == tenant
        query = select(*columns).join(TENANT, TENANT.c.id == c.tenant_id).where(mine).order_by(c.first_seq.desc())
        with self.database.reading() as connection:
            return [JobRow(*row) for row in connection.execute(query.limit(limit))]


def _cells(row: LeafRow) -> tuple[object, ...]:
    """What an entry says of its job; only the print's own words are kept, later ones are counted."""
    record = decode_body(row.body, "label_print")
    assert isinstance(record, LabelPrint)
    printed = (row.seq, row.occurred_at, record.count, record.verified or 0, record.stock, record.format)
    return (record.job, *printed, int(record.action == "reprint"), int(record.action == "void"))

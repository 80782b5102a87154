"""``ports.audit.AuditTrail`` on a database: the recorded deeds, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, select

from ledger.adapters.sql.audit_tables import AUDIT_LINE
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.mark import Mark
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.audit import AuditLine, WantedDeeds
from ledger.records.audit import Audit
from ledger.records.record import KIND_NUMBERS, decode_body, microseconds

NAME: Final = "audit_trail"
_KIND: Final = KIND_NUMBERS["audit"]
_ROWS: Final = Upsert(AUDIT_LINE, ("tenant_id", *AuditLine._fields), ("tenant_id", "seq"))


@dataclass(frozen=True, slots=True)
class SqlAuditTrail:
    """The rows on a database."""

    database: Database

    @property
    def _mark(self) -> Mark:
        return Mark(self.database, NAME)

    def watermark(self) -> int:
        """See ``Folding.watermark``."""
        return self._mark.at()

    def fold(self, rows: Sequence[LeafRow]) -> None:
        """See ``Folding.fold``."""
        at = self.watermark()
        fresh = [row for row in rows if row.seq >= at]
        if not fresh:
            return
        lines = [(row.tenant, _line(row)) for row in fresh if row.kind == _KIND]
        with self.database.writing() as connection:
            if not self._mark.taken(connection, fresh[0].seq, fresh[-1].seq + 1):
                return  # another worker was there first
            tenants = {name: self.database.tenant_id(connection, name) for name in {tenant for tenant, _ in lines}}
            _ROWS.run(self.database, connection, [(tenants[tenant], *line) for tenant, line in lines])

    def reset(self) -> None:
        """See ``Folding.reset``."""
        with self.database.writing() as connection:
            connection.execute(delete(AUDIT_LINE))
            self._mark.forget(connection)

    def lines(
        self, tenant: str, wanted: WantedDeeds, *, before: int | None = None, limit: int = 100
    ) -> list[AuditLine]:
        """See ``AuditTrail.lines``."""
        c = AUDIT_LINE.c
        fits: list[ColumnElement[bool]] = [TENANT.c.name == tenant]
        asked = {name: getattr(wanted, name) for name in ("principal", "act", "outcome")}
        fits += [c[name] == text for name, text in asked.items() if text]
        if wanted.since is not None:
            fits.append(c.first_at >= wanted.since)
        if wanted.until is not None:
            fits.append(c.first_at < wanted.until)
        if before is not None:
            fits.append(c.seq < before)
        columns = select(*(c[name] for name in AuditLine._fields)).join(TENANT, TENANT.c.id == c.tenant_id)
        with self.database.reading() as connection:
            return [
                AuditLine(*row) for row in connection.execute(columns.where(*fits).order_by(c.seq.desc()).limit(limit))
            ]


def _line(row: LeafRow) -> AuditLine:
    record = decode_body(row.body, "audit")
    assert isinstance(record, Audit)
    return AuditLine(
        row.seq,
        record.act,
        record.outcome,
        record.principal,
        record.object or "",
        record.reason or "",
        record.role or "",
        record.request or "",
        record.count,
        row.occurred_at,
        microseconds(record.until or record.occurred_at),
    )

"""``ports.audit.AuditTrail`` on a database: the recorded deeds, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, Connection, Table, select

from ledger.adapters.sql.audit_tables import AUDIT_LINE
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.marked_tables import MarkedTables, Write
from ledger.adapters.sql.tables import TENANT
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import LeafRow
from ledger.ports.audit import AuditLine, WantedDeeds
from ledger.records.audit import Audit
from ledger.records.record import KIND_NUMBERS, decode_body, microseconds

_KIND: Final = KIND_NUMBERS["audit"]
_ROWS: Final = Upsert(AUDIT_LINE, ("tenant_id", *AuditLine._fields), ("tenant_id", "seq"))


@dataclass(frozen=True, slots=True)
class SqlAuditTrail(MarkedTables):
    """The rows on a database."""

    database: Database
    name: ClassVar[str] = "audit_trail"
    tables: ClassVar[tuple[Table, ...]] = (AUDIT_LINE,)

    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """See ``MarkedTables.computed``."""
        lines = [(row.tenant, _line(row)) for row in rows if row.kind == _KIND]

        def write(connection: Connection) -> None:
            tenants = {name: self.database.tenant_id(connection, name) for name in {tenant for tenant, _ in lines}}
            _ROWS.run(self.database, connection, [(tenants[tenant], *line) for tenant, line in lines])

        return write

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

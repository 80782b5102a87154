"""
``ports.Snapshots``: the projections folded once more, from a tenant's entries up to a size, into a scratch database.

The same fold and the same queries as the projections of the present, so that the two cannot differ. Events are passed
over: no figure of a run reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import connect
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.projections import SqlProjections
from ledger.adapters.sql.tables import METADATA, PROJECTIONS
from ledger.ports import LeafRow
from ledger.records.correction import Correction
from ledger.records.record import KIND_NUMBERS, decode_body
from ledger.services.project import FOLD

_TABLES: Final = ("tenant", "watermark", *PROJECTIONS)
_EVENT: Final = KIND_NUMBERS["epcis_event"]
_CORRECTION: Final = KIND_NUMBERS["correction"]


@dataclass(frozen=True, slots=True)
class SqlSnapshots:
    """Snapshots of the log in a database."""

    log: Database

    @contextmanager
    def at(self, tenant: str, size: int, corrected_until: int | None = None) -> Iterator[SqlProjections]:
        """See ``Snapshots.at``."""
        with TemporaryDirectory(prefix="snapshot-") as folder:
            engine = connect(f"sqlite:///{Path(folder) / 'snapshot.db'}")
            try:
                METADATA.create_all(engine, [METADATA.tables[name] for name in _TABLES])
                scratch = SqlProjections(Database(engine), self.log)
                self._fold(scratch, tenant, size)
                if corrected_until is not None:
                    self._correct(scratch, tenant, size, corrected_until)
                yield scratch
            finally:
                engine.dispose()

    def _fold(self, scratch: SqlProjections, tenant: str, size: int) -> None:
        batch: list[LeafRow] = []
        done = first = 0
        for rows in SqlEntries(self.log).rows(0, size):
            batch += [row for row in rows if row.tenant == tenant and row.kind != _EVENT]
            done = rows[-1].seq + 1
            if done - first >= FOLD:
                self._add(scratch, batch, first, done)
                batch, first = [], done
        if done > first:
            self._add(scratch, batch, first, done)

    def _correct(self, scratch: SqlProjections, tenant: str, size: int, until: int) -> None:
        """Corrections after ``size`` of entries before it, as if they stood there: what came between is not read."""
        for rows in SqlEntries(self.log).rows(size, until):
            late = [row for row in rows if row.tenant == tenant and self._reaches(row, size)]
            if late:
                self._add(scratch, late, size, size)

    def _reaches(self, row: LeafRow, below: int) -> bool:
        if row.kind != _CORRECTION:
            return False
        record = decode_body(row.body, "correction")
        assert isinstance(record, Correction)
        found = SqlEntries(self.log).find(row.tenant, record.corrects)
        return found is not None and found.index < below

    def _add(self, scratch: SqlProjections, batch: list[LeafRow], first: int, stop: int) -> None:
        fold = scratch.summed([batch], first)
        fold.stop = stop
        scratch.add(fold)

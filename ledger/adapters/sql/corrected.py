"""What the corrections among some entries withdraw, for projections that take it away again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.entries import SqlEntries
from ledger.log.entry import Entry
from ledger.ports import LeafRow
from ledger.records.correction import corrects_of
from ledger.records.record import KIND_NUMBERS

_CORRECTION = KIND_NUMBERS["correction"]


def corrected(database: Database, rows: Iterable[LeafRow]) -> Iterator[Entry]:
    """
    The entries that corrections among ``rows`` withdraw and that came before them.

    Each once, because a correction's id follows from what it withdraws.
    """
    entries = SqlEntries(database)
    for row in rows:
        if row.kind == _CORRECTION:
            entry = entries.find(row.tenant, corrects_of(row.body))
            if entry is not None and entry.index < row.seq:
                yield entry

"""Tables that are computed from entries, moved on in one transaction with how far they have come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from sqlalchemy import Connection, Table, delete

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.mark import Mark
from ledger.ports import LeafRow

Write = Callable[[Connection], None]
"""Writes what was computed, in the transaction that is open."""


class MarkedTables(ABC):
    """
    ``ports.Folding`` for tables on a database.

    A subclass names itself and its tables, and computes what some entries add. It computes before the transaction
    begins, so that others wait only for the writing.
    """

    __slots__ = ()
    database: Database
    name: ClassVar[str]
    tables: ClassVar[tuple[Table, ...]]

    @abstractmethod
    def computed(self, rows: Sequence[LeafRow]) -> Write:
        """What entries that follow each other, one or more, add to the tables."""

    @property
    def _mark(self) -> Mark:
        return Mark(self.database, self.name)

    def watermark(self) -> int:
        """See ``Folding.watermark``."""
        return self._mark.at()

    def fold(self, rows: Sequence[LeafRow]) -> None:
        """See ``Folding.fold``."""
        at = self.watermark()
        fresh = [row for row in rows if row.seq >= at]
        if fresh and not self.moved(fresh[0].seq, fresh[-1].seq + 1, self.computed(fresh)):
            self.fold(rows)  # another worker came first, and may have left some

    def moved(self, first: int, stop: int, write: Write) -> bool:
        """Write what entries ``first`` to ``stop`` add; False when another was there. Raises ``ProjectionGap``."""
        with self.database.writing() as connection:
            if not self._mark.taken(connection, first, stop):
                return False
            write(connection)
        return True

    def reset(self) -> None:
        """See ``Folding.reset``."""
        with self.database.writing() as connection:
            for table in self.tables:
                connection.execute(delete(table))
            self._mark.forget(connection)

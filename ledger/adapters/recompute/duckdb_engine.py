"""DuckDB inside this process: the engine for one machine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ledger.adapters.recompute.expression import ROLLED_UP, statements
from ledger.adapters.recompute.results import activity
from ledger.ports.segments import SegmentStore
from ledger.segments.activity import Activity
from ledger.segments.errors import SegmentMalformed, SegmentsUnavailable
from ledger.segments.manifest import Manifest
from ledger.segments.rolled_up import RolledUp, of_rows
from ledger.segments.tables import CELLS, HUBS, LEGS, WITHDRAWALS

MEMORY = "300MB"
"""What DuckDB may use before it writes to disk."""


class DuckDbEngine:
    """See ``ports.segments.Engine``."""

    name = "duckdb"

    def activity(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> Activity:
        """See ``Engine.activity``."""
        return activity(*self._asked(store, sealed, gone, (LEGS, HUBS)))

    def rolled_up(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> RolledUp:
        """See ``Engine.rolled_up``."""
        return of_rows(*self._asked(store, sealed, gone, (ROLLED_UP,)))

    def _asked(
        self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int], names: Sequence[str]
    ) -> list[list[Any]]:
        """The rows of some statements."""
        try:
            import duckdb

            sql = statements("duckdb", withdrawals=bool(gone) or any(part.files[WITHDRAWALS].rows for part in sealed))
        except ImportError as error:
            raise SegmentsUnavailable(package=error.name or "duckdb", extra="segments") from error
        if not sealed:
            return [[] for _ in names]
        files = {
            table: [store.location(part, table) for part in (sealed[-1:] if table == CELLS else sealed)]
            for table in (LEGS, HUBS, WITHDRAWALS, CELLS)
        }
        with duckdb.connect(config={"memory_limit": MEMORY, "preserve_insertion_order": False}) as connection:
            try:
                later = connection.sql("SELECT unnest($1::BIGINT[]) AS seq, 0::BIGINT AS by", params=[[*gone]])
                for table, paths in files.items():
                    rows = connection.read_parquet(paths)
                    (rows.union(later) if table == WITHDRAWALS and gone else rows).create_view(table)
                return [connection.execute(sql[name]).fetchall() for name in names]
            except duckdb.Error as error:
                raise SegmentMalformed(segment=sealed[-1].name, why=str(error).splitlines()[0]) from error

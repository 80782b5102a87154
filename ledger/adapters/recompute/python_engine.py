"""Row by row in Python: slow, and nothing to install but what reads the files."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger.ports.segments import SegmentStore
from ledger.segments.activity import Activity
from ledger.segments.columns import Cells, HubRow, LegRow
from ledger.segments.manifest import Manifest
from ledger.segments.rolled_up import RolledUp, of_activity
from ledger.segments.tables import CELLS, HUBS, LEGS, WITHDRAWALS


class PythonEngine:
    """See ``ports.segments.Engine``."""

    name = "python"

    def activity(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> Activity:
        """See ``Engine.activity``."""
        found = Activity()
        if not sealed:
            return found
        without = {*gone, *(row[0] for part in sealed for rows in store.rows(part, WITHDRAWALS) for row in rows)}
        keys = Cells.of(row for rows in store.rows(sealed[-1], CELLS) for row in rows).keys
        for part in sealed:
            for rows in store.rows(part, LEGS):
                found.add_legs((LegRow(*row) for row in rows if row[0] not in without), keys)
            for rows in store.rows(part, HUBS):
                found.add_hubs(HubRow(*row) for row in rows if row[0] not in without)
        return found

    def rolled_up(self, store: SegmentStore, sealed: Sequence[Manifest], gone: Collection[int] = ()) -> RolledUp:
        """See ``Engine.rolled_up``."""
        return of_activity(self.activity(store, sealed, gone))

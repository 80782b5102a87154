"""The short memory of scans, in the database beside the entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.scan_tables import SIGHTING
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import Decide, Sighting

KEPT: Final = timedelta(days=2) // timedelta(microseconds=1)
_COLUMNS: Final = ("key", "event_id", "at", "kept_at")
_KEEP: Final = Upsert(SIGHTING, _COLUMNS, ("key",), moved=("event_id", "at", "kept_at"))
_FIND: Final = "SELECT key, event_id, at FROM sighting WHERE key IN"


@dataclass(frozen=True, slots=True)
class SqlSightings:
    """``ports.Sightings`` on a database."""

    database: Database

    def judge(self, keys: Sequence[int], now: int, decide: Decide) -> None:
        """See ``Sightings.judge``."""
        with self.database.writing() as connection:
            found = (Sighting(*row) for row in self.database.among(connection, _FIND, keys))
            fresh = decide({sighting.key: sighting for sighting in found})
            _KEEP.run(self.database, connection, [(*sighting, now) for sighting in fresh])
            connection.execute(delete(SIGHTING).where(SIGHTING.c.kept_at < now - KEPT))

    def forget(self, event_id: str) -> None:
        """See ``Sightings.forget``."""
        with self.database.writing() as connection:
            connection.execute(delete(SIGHTING).where(SIGHTING.c.event_id == event_id))

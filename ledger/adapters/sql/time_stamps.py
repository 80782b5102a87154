"""``ports.time_stamps.TimeStamps`` on a database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.witness_tables import TIME_STAMP
from ledger.ports.time_stamps import TimeStamp


@dataclass(frozen=True, slots=True)
class SqlTimeStamps:
    """Rows on a database."""

    database: Database

    def add(self, size: int, stamp: TimeStamp) -> None:
        """See ``TimeStamps.add``."""
        row = {"size": size, **stamp._asdict()}
        with self.database.writing() as connection:
            connection.execute(self.database.insert_missing()(TIME_STAMP).values(row).on_conflict_do_nothing())

    def of(self, size: int) -> list[TimeStamp]:
        """See ``TimeStamps.of``."""
        c = TIME_STAMP.c
        with self.database.reading() as connection:
            rows = connection.execute(
                select(c.authority, c.time, c.response).where(c.size == size).order_by(c.authority)
            )
            return [TimeStamp(row.authority, row.time, bytes(row.response)) for row in rows]

    def newest(self, authority: str) -> int:
        """See ``TimeStamps.newest``."""
        c = TIME_STAMP.c
        with self.database.reading() as connection:
            return int(connection.execute(select(func.max(c.size)).where(c.authority == authority)).scalar() or 0)

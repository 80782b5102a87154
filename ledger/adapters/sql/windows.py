"""``ports.windows.Windows`` on a database: a count is one statement, so that processes cannot count past each other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, delete, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.window_tables import COUNT_WINDOW
from ledger.ports.windows import Window


@dataclass(frozen=True, slots=True)
class SqlWindows:
    """Rows on a database."""

    database: Database

    def add(self, name: bytes, now: int, length: int) -> Window:
        """See ``Windows.add``."""
        c = COUNT_WINDOW.c
        # A window that would end later than a new one was opened by a clock that was put back since.
        is_open = (c.until > now) & (c.until <= now + length)
        first = self.database.insert_missing()(COUNT_WINDOW).values(name=name, times=1, until=now + length)
        counted = first.on_conflict_do_update(
            index_elements=[c.name],
            set_={
                "times": case((is_open, c.times + 1), else_=1),
                "until": case((is_open, c.until), else_=now + length),
            },
        ).returning(c.times, c.until)
        with self.database.writing() as connection:
            return Window(*connection.execute(counted).one())

    def get(self, name: bytes, now: int) -> Window | None:
        """See ``Windows.get``."""
        c = COUNT_WINDOW.c
        with self.database.reading() as connection:
            row = connection.execute(select(c.times, c.until).where(c.name == name, c.until > now)).first()
        return Window(*row) if row else None

    def sweep(self, now: int) -> int:
        """See ``Windows.sweep``."""
        with self.database.writing() as connection:
            return connection.execute(delete(COUNT_WINDOW).where(COUNT_WINDOW.c.until <= now)).rowcount

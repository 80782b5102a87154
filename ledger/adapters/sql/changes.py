"""Whether anything computed from the log, or known of its checkpoints, has moved: one small question, asked often."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import WATERMARK
from ledger.adapters.sql.upsert import Upsert
from ledger.ports import StoreUnavailable

CHECKPOINTS: Final = "checkpoints"
"""Its row counts every checkpoint added and every step of one, in the transaction that makes it."""
_COUNTED: Final = Upsert(WATERMARK, ("projection", "seq"), ("projection",), added=("seq",))
_QUERY: Final = "SELECT projection, seq FROM watermark ORDER BY projection"


def count_step(database: Database, connection: Connection) -> None:
    """Say, in this transaction, that a checkpoint was added or moved on."""
    _COUNTED.run(database, connection, [(CHECKPOINTS, 1)])


class SqlChanges:
    """``ports.Changes`` on a connection of its own: it never waits for one, and asks below SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: Any = None
        self._lock = Lock()

    def seen(self) -> tuple[tuple[str, int], ...]:
        """See ``Changes.seen``. A connection that was lost is opened again, once."""
        driver: Any = self._database.engine.dialect.dbapi
        with self._lock:
            for last in (False, True):
                try:
                    return self._read()
                except (driver.Error, DBAPIError) as error:
                    self._drop()
                    if last:
                        raise StoreUnavailable(reason=str(error)) from error
        raise AssertionError

    def _read(self) -> tuple[tuple[str, int], ...]:
        if self._held is None:
            lent = self._database.engine.raw_connection()
            held: Any = lent.dbapi_connection
            lent.detach()
            if not self._database.is_sqlite:
                held.rollback()
                held.autocommit = True
            self._held = held
        return tuple(self._held.execute(_QUERY).fetchall())

    def _drop(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def close(self) -> None:
        """Give the connection up."""
        with self._lock:
            self._drop()

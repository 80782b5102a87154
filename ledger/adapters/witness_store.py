"""What a witness keeps, in one SQLite file: heads that move by compare-and-set, and checkpoints that were refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.adapters.sqlite import sqlite_module
from ledger.services.witness import NOTHING, WitnessedHead

MOST_KEPT = 10_000
"""Refused checkpoints of one log that are kept; each is signed by the log, but a log may be a liar with time."""
_TABLES = """
CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size TEXT NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (
    origin TEXT NOT NULL, time INTEGER NOT NULL, note TEXT NOT NULL, UNIQUE (origin, note)
);
"""


@dataclass(frozen=True, slots=True)
class WitnessFile:
    """``services.witness.WitnessStore``; any number of processes may share the file."""

    path: Path

    def head(self, origin: str) -> WitnessedHead:
        """See ``WitnessStore.head``."""
        with self._writing() as connection:
            return _head(connection, origin)

    def move(self, origin: str, old: WitnessedHead, new: WitnessedHead, note: str) -> bool:
        """See ``WitnessStore.move``."""
        with self._writing() as connection:
            if _head(connection, origin) != old:
                return False
            connection.execute("REPLACE INTO head VALUES (?, ?, ?, ?)", (origin, str(new.size), new.root, note))
            return True

    def keep(self, origin: str, time: int, note: str) -> None:
        """See ``WitnessStore.keep``."""
        with self._writing() as connection:
            (kept,) = connection.execute("SELECT count(*) FROM refused WHERE origin = ?", (origin,)).fetchone()
            if kept < MOST_KEPT:
                connection.execute("INSERT OR IGNORE INTO refused VALUES (?, ?, ?)", (origin, time, note))

    def refused(self, origin: str) -> list[str]:
        """Checkpoints of a log that were signed and refused, oldest first."""
        with self._writing() as connection:
            rows = connection.execute("SELECT note FROM refused WHERE origin = ? ORDER BY rowid", (origin,))
            return [note for (note,) in rows]

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """One transaction that holds the file's lock from its first statement; durable when it ends."""
        with closing(sqlite_module().connect(self.path, timeout=30, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.split(";")[:-1]:
                connection.execute(statement)
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _head(connection: Any, origin: str) -> WitnessedHead:
    row = connection.execute("SELECT size, root FROM head WHERE origin = ?", (origin,)).fetchone()
    return WitnessedHead(int(row[0]), bytes(row[1])) if row else NOTHING

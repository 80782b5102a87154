"""
py-evm's key-value database in one SQLite file.

One process owns the file: WAL with ``locking_mode=EXCLUSIVE`` keeps every other connection out, for as long as the
owner lives and no longer, ``kill -9`` included. Writes happen inside ``transaction`` only: a block with all its state
is there whole or not at all, and is on disk (``synchronous=FULL``) when ``transaction`` returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eth.db.backends.base import BaseAtomicDB

from ledger.adapters.chain.errors import ChainFileInUse, ChainFileUnreadable
from ledger.adapters.sqlite import sqlite_module

APPLICATION_ID = 0x4F6E6543
"""Marks the file as ours in SQLite's header: ASCII ``OneC``."""


class SqliteKeyValue(BaseAtomicDB):
    """Bytes by bytes. Not thread-safe: the node's lock serialises access."""

    def __init__(self, path: Path) -> None:
        """Open or create ``path``. Raises ChainFileInUse, ChainFileUnreadable."""
        self._path = path
        self._writing = False
        sqlite = sqlite_module()
        try:
            self._connection: Any = sqlite.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            self._prepare()
        except sqlite.OperationalError as error:
            if "locked" in str(error):
                raise ChainFileInUse(path=str(path)) from error
            raise ChainFileUnreadable(path=str(path), reason=str(error)) from error
        except sqlite.Error as error:
            raise ChainFileUnreadable(path=str(path), reason=str(error)) from error

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode=EXCLUSIVE")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("BEGIN IMMEDIATE")  # takes the file for good, or says that another has it
        (mark,) = run("PRAGMA application_id").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and mark != APPLICATION_ID:
            raise sqlite_module().DatabaseError("it is a database of something else")
        run(f"PRAGMA application_id={APPLICATION_ID}")
        run("CREATE TABLE IF NOT EXISTS kv (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID")
        run("COMMIT")

    def close(self) -> None:
        """Let the file go. Not while a transaction is open."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept together, durably, or dropped together."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._writing = True
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        finally:
            self._writing = False

    @contextmanager
    def atomic_batch(self) -> Iterator[SqliteKeyValue]:  # type: ignore[override] # the batch is the open transaction
        """py-evm's batches nest in ``transaction``, which is what makes them atomic."""
        yield self

    def __getitem__(self, key: bytes) -> bytes:
        row = self._connection.execute("SELECT v FROM kv WHERE k=?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._must_write()
        self._connection.execute("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        self._must_write()
        if not self._connection.execute("DELETE FROM kv WHERE k=?", (key,)).rowcount:
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        return self._connection.execute("SELECT 1 FROM kv WHERE k=?", (key,)).fetchone() is not None

    def _must_write(self) -> None:
        if not self._writing:
            raise RuntimeError("a write outside of a transaction would not be atomic")

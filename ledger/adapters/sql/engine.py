"""Opening a database: pragmas or the restricted role, and the schema brought up to date."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from ledger.adapters.sqlite import sqlite_module
from ledger.ports import StoreUnavailable
from ledger.ports.tenancy import EVERYONE

SQLITE_CACHE_KIB = 98_304
SQLITE_PAGE = 16_384
BUSY_MILLISECONDS = 30_000
RESTED_SECONDS = 1.0
"""How long a connection rests before it is asked whether it is still there."""
WRITER_ROLE = "onecode_writer"


def open_engine(url: str) -> Engine:
    """
    An engine for ``sqlite:///PATH`` or ``postgresql+psycopg://...``, schema at head.

    Raises ``StoreUnavailable`` when the database cannot be reached or migrated.
    """
    engine = connect(url)
    try:
        upgrade(engine)
    except DBAPIError as error:
        engine.dispose()
        raise StoreUnavailable(reason=str(error.orig)) from error
    return engine


def connect(url: str, cache_kib: int = SQLITE_CACHE_KIB) -> Engine:
    """An engine for a database whose schema is in place; ``cache_kib`` is SQLite's page cache for each connection."""
    return _sqlite(url, cache_kib) if url.startswith("sqlite") else _postgresql(url)


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version, under the database's own lock."""
    from alembic import command  # workers open databases and never migrate
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7205759403792793601)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _sqlite(url: str, cache_kib: int) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, module=sqlite_module(), pool_size=8, max_overflow=16)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        for pragma in (
            f"page_size={SQLITE_PAGE}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # else INSERT OR REPLACE would delete an entry past its trigger
            f"busy_timeout={BUSY_MILLISECONDS}",
            f"cache_size=-{cache_kib}",
            "temp_store=MEMORY",
            "mmap_size=0",
            "wal_autocheckpoint=4096",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A deferred transaction that reads and then writes fails at once when another writes; say so at the start.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    from psycopg import OperationalError

    engine = create_engine(url, pool_size=8, max_overflow=16)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (WRITER_ROLE,))
            restrict = cursor.fetchone() is not None
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SELECT set_config('onecode.tenant', %s, false)", (EVERYONE,))
            if restrict:
                cursor.execute("SELECT to_regclass('entry_block') IS NOT NULL")
                if cursor.fetchone()[0]:
                    cursor.execute(f"SET ROLE {WRITER_ROLE}")
        connection.commit()

    @event.listens_for(engine, "checkin")
    def rest(_: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _: object) -> None:
        # A connection that rested may have ended with its server; one that was at work a moment ago is not asked.
        if monotonic() - record.info.get("used", monotonic()) > RESTED_SECONDS:
            try:
                connection.execute("SELECT 1")
                connection.rollback()
            except OperationalError as error:
                raise InvalidatePoolError from error

    return engine

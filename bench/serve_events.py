"""
A server for load tests: a ledger in a fresh directory, one machine key, pinned to one core.

``python -m bench.serve_events PORT HOME URL``; the key is written to ``HOME/key``. What it is compared with is
``serve_events_reference.py``.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn

from api.app import create_app, server_config
from ledger.services.access import issue_key
from ledger.settings import Settings
from ledger.wiring import open_ledger


def serve(port: int, home: Path, url: str) -> None:
    """The product's own server."""
    with open_ledger(Settings(home=home, port=port, database_url=url)) as ledger:
        _, key = issue_key(
            ledger.principals, ledger.clock, ledger.random, tenant="demo", name="gate", role="warehouse", days=1
        )
        (home / "key").write_text(key)
        uvicorn.Server(server_config(create_app(ledger), "127.0.0.1", port)).run()


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {0})
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

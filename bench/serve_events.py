"""
A server for load tests: a ledger in a fresh directory, one machine key, pinned to one core.

``python bench/serve_events.py PORT KEYFILE``. What it is compared with is ``serve_events_reference.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import uvicorn

from api.app import create_app, server_config
from ledger.services.access import issue_key
from ledger.settings import Settings
from ledger.wiring import open_ledger


def ours(home: Path, port: int, key_file: Path) -> None:
    """The product's own server."""
    with open_ledger(Settings(home=home, port=port)) as ledger:
        _, key = issue_key(
            ledger.principals, ledger.clock, ledger.random, tenant="demo", name="gate", role="warehouse", days=1
        )
        key_file.write_text(key)
        uvicorn.Server(server_config(create_app(ledger), "127.0.0.1", port)).run()


def main() -> None:
    """Pin to the first core and serve."""
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {0})
    home = Path(tempfile.mkdtemp(prefix="onecode-bench-"))
    ours(home, int(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

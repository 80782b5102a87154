"""
A server for load tests: a ledger in a fresh directory, one machine key, pinned to one core.

``python -m bench.serve_events PORT HOME URL``; the key is written to ``HOME/key``. As on a site that has much to take
in, a worker beside it, on the other core, projects, checkpoints and anchors. What it is compared with is
``serve_events_reference.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn

from api.app import create_app, server_config
from ledger.services.keys import issue_key
from ledger.settings import Settings
from ledger.wiring import open_ledger


def serve(port: int, home: Path, url: str) -> None:
    """The product's own server."""
    with open_ledger(Settings(home=home, port=port, database_url=url)) as ledger:
        _, key = issue_key(
            ledger.principals, ledger.clock, ledger.random, tenant="demo", name="gate", role="warehouse", days=1
        )
        (home / "key").write_text(key)
        worker = subprocess.Popen(
            [sys.executable, "-m", "ledger", "--home", str(home), "worker"],
            env=os.environ | {"ONECODE_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
        )
        with suppress(OSError, AttributeError):
            os.sched_setaffinity(worker.pid, {1})
            os.sched_setaffinity(0, {0})
        try:
            uvicorn.Server(server_config(create_app(ledger, work=False), "127.0.0.1", port)).run()
        finally:
            worker.terminate()
            worker.wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

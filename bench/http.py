"""
Requests a second: single scans and batches of a thousand records, beside the usual way to take an event.

The server has the first core, the load generator (``wrk``) the second. 64 connections hand in single events, each of
which is durable when its answer comes; 8 hand in batches.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from bench.databases import database
from bench.table import Line, show

CONNECTIONS, BATCH_CONNECTIONS, BATCH = 64, 8, 1_000
SCRIPT = Path(__file__).with_name("post_events.lua")
BATCH_TARGETS = {"sqlite": 30_000, "postgresql": 45_000}
START_SECONDS = 60


class Answers(NamedTuple):
    """What a load generator saw."""

    rate: float
    """Answers a second."""
    p50_ms: float
    p99_ms: float
    errors: int
    """Answers that were not 2xx, and none at all."""


def measure(kinds: list[str], seconds: int) -> list[dict[str, Any]]:
    """Every figure on every database. Needs ``wrk``."""
    if not shutil.which("wrk"):
        raise SystemExit("this measurement needs wrk (Debian and Ubuntu: apt-get install wrk)")
    return [_measured(kind, seconds) for kind in kinds]


def _measured(kind: str, seconds: int) -> dict[str, Any]:
    with served("bench.serve_events_reference", kind) as (port, home):
        usual = load(port, home, CONNECTIONS, seconds)
    with served("bench.serve_events", kind) as (port, home):
        single = load(port, home, CONNECTIONS, seconds)
        batch = load(port, home, BATCH_CONNECTIONS, seconds, BATCH)
    ratio, records = single.rate / usual.rate, batch.rate * BATCH
    target = BATCH_TARGETS[kind]
    show(
        f"{kind}: POST, durable when answered",
        [
            Line(
                "the usual way, single events", usual.rate, "1/s", f"p99 {usual.p99_ms:.0f} ms, {usual.errors} errors"
            ),
            Line("single events", single.rate, "1/s", f"{ratio:.1f}x, {single.errors} errors", reached=ratio >= 7),
            Line("  half of them within", single.p50_ms, "ms"),
            Line("  99 of 100 within", single.p99_ms, "ms", "< 50", reached=single.p99_ms < 50),
            Line(
                "records in batches", records, "1/s", f">= {target:,}, {batch.errors} errors", reached=records >= target
            ),
        ],
    )
    return {"database": kind, "usual": usual._asdict(), "single": single._asdict(), "batch": batch._asdict()}


@contextmanager
def served(module: str, kind: str) -> Iterator[tuple[int, Path]]:
    """A server on an ephemeral port, its home with the key, ended with the block."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
        home = Path(temporary)
        port = _free_port()
        with database(kind, home) as url:
            server = subprocess.Popen([sys.executable, "-m", module, str(port), str(home), url])
            try:
                _wait_for(port, server)
                yield port, home
            finally:
                server.send_signal(signal.SIGINT)  # after SIGTERM uvicorn would not let it end what it started
                server.wait()


def load(port: int, home: Path, connections: int, seconds: int, batch: int = 0) -> Answers:
    """Load for so long, after two seconds of warming up."""
    key = home / "key"
    env = os.environ | {"KEY": key.read_text() if key.exists() else "", "BATCH": str(batch)}
    wrk(port, SCRIPT, env | {"RUN": f"warm-{batch}"}, connections, 2)
    return wrk(port, SCRIPT, env | {"RUN": f"run-{batch}"}, connections, seconds)


def wrk(port: int, script: Path, env: dict[str, str], connections: int, seconds: int) -> Answers:
    """One run of the load generator on the second core, with a script that ends with a line of results."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script)]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=second_core,
    )
    rate, p50, p99, errors = done.stdout.rpartition("RESULT ")[2].split()
    return Answers(float(rate), float(p50), float(p99), int(errors))


def second_core() -> None:
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {1})


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it answers anything at all."""
    for _ in range(START_SECONDS * 10):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")

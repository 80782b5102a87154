"""
Reading passports: as data with proof, as pages, and looking a scan up, beside the usual way to serve a record.

``python -m bench passports``. The server has the first core, ``wrk`` the second; the codes are many and asked for in
turn. The usual way (``serve_passports_reference``) is a FastAPI route that reads rows through an ORM and lets pydantic
write them: the thing, its events and its proof, nothing computed.
"""

from __future__ import annotations

import os
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.http import Answers, served, wrk
from bench.table import Line, show

SCRIPT = Path(__file__).with_name("get_paths.lua")
THINGS = int(os.environ.get("BENCH_THINGS", "300"))
CONNECTIONS = 64


def measure(kinds: list[str], seconds: int) -> list[dict[str, Any]]:
    """Every figure on every database. Needs ``wrk``."""
    return [_measured(kind, seconds) for kind in kinds]


def _measured(kind: str, seconds: int) -> dict[str, Any]:
    with served("bench.serve_passports_reference", kind) as (port, home):
        usual = _load(port, home, "usual", CONNECTIONS, seconds)
    with served("bench.serve_passports", kind) as (port, home):
        data = _load(port, home, "data", CONNECTIONS, seconds)
        page = _load(port, home, "page", 1, seconds)
        find = _load(port, home, "find", 1, seconds)
    ratio = data.rate / usual.rate
    show(
        f"{kind}: passports of {THINGS:,} things",
        [
            Line("the usual way, as data", usual.rate, "1/s", f"p99 {usual.p99_ms:.0f} ms"),
            Line("as data, with proof", data.rate, "1/s", f"{ratio:.1f}x; >= 5,000", reached=data.rate >= 5_000),
            Line("  99 of 100 within", data.p99_ms, "ms"),
            Line("as a page, one reader", page.rate, "1/s"),
            Line("  99 of 100 within", page.p99_ms, "ms", "< 30", reached=page.p99_ms < 30),
            Line("a scan looked up, one reader", find.rate, "1/s"),
            Line("  99 of 100 within", find.p99_ms, "ms", "< 30", reached=find.p99_ms < 30),
        ],
    )
    return {
        "database": kind, "things": THINGS, "usual": usual._asdict(), "data": data._asdict(),
        "page": page._asdict(), "find": find._asdict(),
    }  # fmt: skip


def _get(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()


def _load(port: int, home: Path, what: str, connections: int, seconds: int) -> Answers:
    for path in (home / f"{what}.txt").read_text().splitlines():
        _get(port, path)  # every thing once: what is measured then is reading, not computing
    env = os.environ | {"PATHS": str(home / f"{what}.txt")}
    wrk(port, SCRIPT, env, connections, 1)
    return wrk(port, SCRIPT, env, connections, seconds)

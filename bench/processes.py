"""
Four servers and two workers behind one address against one process that does everything, on PostgreSQL, in one run.

Both are started as people start them (``ledger serve``), on fresh databases, one after the other, and take the same
load: 64 connections hand in single events, each durable when its answer comes. Nothing is pinned to a core; PostgreSQL,
the servers and the load generator (``wrk``) share the machine, so the ratio says what more processes are worth *there*.
Then 64 connections hand in the same events at once, and the log is looked through for doubles.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx
import psutil

from bench.databases import POSTGRESQL, database
from bench.http import CONNECTIONS, SCRIPT, Answers
from bench.table import Line, show
from ledger.services.keys import issue_key
from ledger.settings import Settings
from ledger.wiring import open_ledger

SERVERS, WORKERS = 4, 2
REPEATING = Path(__file__).with_name("repeat_events.lua")
WANTED = 2.5
"""On a machine with a core for each process; anywhere else several must not be slower than one."""


class Served(NamedTuple):
    """Where a ledger is served."""

    port: int
    home: Path
    url: str
    pid: int

    def processor(self) -> dict[str, float]:
        """Seconds of processor so far, by what its processes are."""
        used = dict.fromkeys(("servers", "workers", "database"), 0.0)
        mine = psutil.Process(self.pid)
        for one in (mine, *mine.children(recursive=True), *_database(self.home.parent)):
            with suppress(psutil.Error):
                words = one.cmdline()
                kind = "database" if one.name() == "postgres" else "workers" if "worker" in words else "servers"
                used[kind] += one.cpu_times().user + one.cpu_times().system
        return used


def _database(directory: Path) -> list[psutil.Process]:
    for one in psutil.process_iter(["name", "cmdline"]):
        if one.info["name"] == "postgres" and str(directory / "postgresql") in (one.info["cmdline"] or []):
            return [one, *one.children()]
    return []


def measure(*, seconds: int, rounds: int) -> list[dict[str, Any]]:
    """Rounds of both, in turn; medians are shown. Needs ``wrk``."""
    if not shutil.which("wrk"):
        raise SystemExit("this measurement needs wrk (Debian and Ubuntu: apt-get install wrk)")
    found, doubles = [], {"sent": 0, "names": 0, "entries": 0, "doubled": 0}
    several = ["--processes", str(SERVERS), "--workers", str(WORKERS)]
    for number in range(rounds):
        with _served([]) as one:
            alone, cost = _costing(one, seconds)
        with _served(several) as many:
            together, costs = _costing(many, seconds)
            repeated = _load(many, REPEATING, seconds)
            counted = _counted(many)
        ratio = together.rate / alone.rate
        found.append({"round": number + 1, "one": alone._asdict(), "several": together._asdict(), "ratio": ratio})
        found[-1] |= {"cost_one": cost, "cost_several": costs}
        found[-1]["repeating"] = repeated._asdict() | counted
        doubles = {name: value + counted.get(name, 0) for name, value in doubles.items()}
        doubles["sent"] += round(repeated.rate * seconds)
        errors = alone.errors + together.errors + repeated.errors
        print(f"  round {number + 1}: {alone.rate:,.0f}/s, {together.rate:,.0f}/s, {ratio:.2f}x, {errors} errors")
    ratios = sorted(one["ratio"] for one in found)
    cores = os.cpu_count() or 1
    enough = cores >= SERVERS + WORKERS
    wanted = WANTED if enough else 1.0

    def middle(kind: str, name: str) -> float:
        return median(one[kind][name] for one in found)

    show(
        f"{SERVERS} servers and {WORKERS} workers against one process, PostgreSQL, {cores} cores",
        [
            Line("one process", middle("one", "rate"), "events/s"),
            Line(
                "several",
                middle("several", "rate"),
                "events/s",
                f"{median(ratios):.2f}x ({ratios[0]:.2f}-{ratios[-1]:.2f}); >= {wanted}",
                reached=median(ratios) >= wanted,
            ),
            Line("  99 of 100 within, one", middle("one", "p99_ms"), "ms"),
            Line("  99 of 100 within, several", middle("several", "p99_ms"), "ms"),
            *(
                Line(f"  processor for 1,000 events, {name}: {kind}", middle(f"cost_{name}", kind), "s")
                for name in ("one", "several")
                for kind in ("servers", "workers", "database")
                if middle(f"cost_{name}", kind)
            ),
            Line("64 writers repeating each other", doubles["sent"], "requests", f"{doubles['names']} events"),
            Line("  entries of them twice", doubles["doubled"], "", "0", reached=doubles["doubled"] == 0),
        ],
    )
    return found


@contextmanager
def _served(arguments: list[str]) -> Iterator[Served]:
    """A ledger on a fresh database, served as it is by ``ledger serve`` with these arguments."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary, _own_database(Path(temporary)) as url:
        home, port = Path(temporary) / "home", _free_port()
        with open_ledger(Settings(home=home, database_url=url)) as ledger:
            names = {"tenant": "demo", "name": "gate", "role": "warehouse", "days": 1}
            _, key = issue_key(ledger.principals, ledger.clock, ledger.random, **names)
            (home / "key").write_text(key)
        command = [sys.executable, "-m", "ledger", "--home", str(home), "serve", "--port", str(port), *arguments]
        environment = os.environ | {"ONECODE_DATABASE_URL": url}
        with (home / "server.log").open("wb") as log:
            server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                _wait_for(port, server, several=bool(arguments))
                yield Served(port, home, url, server.pid)
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(90)


def _load(there: Served, script: Path, seconds: int) -> Answers:
    """Two seconds to warm up, then so many."""
    env = os.environ | {"KEY": (there.home / "key").read_text(), "REPEAT": str(CONNECTIONS)}
    for name, long in ((f"warm-{script.stem}", 2), (f"run-{script.stem}", seconds)):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{long}s", "--timeout", "10s", "-s", str(script)]
        command.append(f"http://127.0.0.1:{there.port}")
        done = subprocess.run(command, env=env | {"RUN": name}, stdout=subprocess.PIPE, text=True, check=True)
    rate, p50, p99, errors = done.stdout.rpartition("RESULT ")[2].split()
    return Answers(float(rate), float(p50), float(p99), int(errors))


def _costing(there: Served, seconds: int) -> tuple[Answers, dict[str, float]]:
    """The load, and seconds of processor for a thousand events, which other work on the machine hardly changes."""
    before = there.processor()
    answers = _load(there, SCRIPT, seconds)
    after = there.processor()
    thousands = answers.rate * (seconds + 2) / 1_000
    return answers, {kind: (after[kind] - before[kind]) / thousands for kind in after}


def _counted(there: Served) -> dict[str, int]:
    """Of the events that were repeated: how many different ones, and in how many entries."""
    names: dict[str, int] = {}
    with open_ledger(Settings(home=there.home, database_url=there.url)) as ledger:
        size = ledger.entries.size()
        for at in range(0, size, 1_000):
            for entry in ledger.entries.gathered(range(at, min(size, at + 1_000))).values():
                found = re.search(rb"urn:uuid:run-repeat_events-\d+", entry.body)
                if found:
                    names[found[0].decode()] = names.get(found[0].decode(), 0) + 1
    entries = sum(names.values())
    return {"names": len(names), "entries": entries, "doubled": entries - len(names)}


@contextmanager
def _own_database(directory: Path) -> Iterator[str]:
    with database(POSTGRESQL, directory) as url:
        yield url


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], *, several: bool) -> None:
    """Until it answers; of several, until each had time to start: connections are spread over those that listen."""
    for _ in range(1_200):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)
            time.sleep(15 if several else 2)
            return
        time.sleep(0.1)
    raise SystemExit("the server does not answer")

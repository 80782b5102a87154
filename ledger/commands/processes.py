"""
Several processes behind one address: a parent that starts them, starts again what ends, and ends them together.

Each process is ``ledger serve`` or ``ledger worker`` of its own, with its own connections to the database; they share
nothing but that, the ledger's directory and the address. On one machine the kernel gives each new connection to one of
them; on several, a proxy does (``deploy/``).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Final, NamedTuple

from ledger.errors import SettingsError
from ledger.settings import Settings

LOOK_SECONDS: Final = 0.2
AGAIN_SECONDS: Final = 1.0
"""How long after it was started a process that ended is started again, at the earliest."""
PATIENCE_SECONDS: Final = 45
"""How long processes may take to end when asked to: a server lets answers under way go out."""
MOST: Final = 64


class NotSeveral(SettingsError):
    """Several processes were asked for where they cannot be."""

    code = "settings.not-several"
    why: str
    en = "several processes cannot serve here: {why}"
    zh = "此处无法以多个进程提供服务：{why}"
    fix_en = "Run one process, or several behind a proxy, each on a port of its own"
    fix_zh = "请使用单个进程，或在代理之后以不同端口运行多个进程"


class Process(NamedTuple):
    """A command, and what its environment has of its own."""

    command: Sequence[str]
    environment: Mapping[str, str]


class Family:
    """The processes of one server."""

    def __init__(self, processes: Sequence[Process]) -> None:
        self._processes = processes
        self._running: list[subprocess.Popen[bytes]] = []
        self._started: list[float] = []
        self._stopping = Event()

    def run(self) -> int:
        """Until a signal ends it. 0 when all ended in peace."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        for process in self._processes:
            self._running.append(_started(process))
            self._started.append(monotonic())
        while not self._stopping.wait(LOOK_SECONDS):
            self._look()
        return self._end()

    def _look(self) -> None:
        for at, process in enumerate(self._processes):
            ended = self._running[at].poll()
            if ended is not None and monotonic() - self._started[at] >= AGAIN_SECONDS:
                sys.stderr.write(f"{' '.join(process.command)}: {ended}\n")
                self._running[at], self._started[at] = _started(process), monotonic()

    def _end(self) -> int:
        for one in self._running:
            with suppress(ProcessLookupError):
                one.send_signal(signal.SIGTERM)
        until, worst = monotonic() + PATIENCE_SECONDS, 0
        for one in self._running:
            try:
                ended = one.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                one.kill()
                ended = one.wait()
            worst = worst if ended in {0, -signal.SIGTERM} else 1
        return worst


def _started(process: Process) -> subprocess.Popen[bytes]:
    return subprocess.Popen(process.command, env=os.environ | process.environment)  # noqa: S603 - our own program


def family(settings: Settings, serve: Sequence[str], servers: int, workers: int) -> Family:
    """
    So many workers, and so many servers with the arguments ``serve``; figures on ports from ``metrics_port`` on.

    Workers come first: the first of them owns an embedded chain. Raises ``NotSeveral``.
    """
    if not hasattr(socket, "SO_REUSEPORT") or sys.platform == "win32":
        raise NotSeveral(why="this system does not let processes share a port")
    if not 1 <= servers <= MOST or not 0 <= workers <= MOST:
        raise NotSeveral(why=f"1 to {MOST} servers, and at most {MOST} workers")
    if settings.database_url.startswith("sqlite"):
        raise NotSeveral(why="SQLite has one writer; several need PostgreSQL (ONECODE_DATABASE_URL)")
    ledger = [sys.executable, "-m", "ledger", "--home", str(settings.home)]
    verbs = [["worker"]] * workers + [["serve", "--no-worker", "--shared", *serve]] * servers
    first = settings.metrics_port
    return Family([Process([*ledger, *verb], _figures(first, at)) for at, verb in enumerate(verbs)])


def _figures(first: int | None, at: int) -> Mapping[str, str]:
    return {} if first is None else {"ONECODE_METRICS_PORT": str(first + at)}

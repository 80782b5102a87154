"""Several processes behind one address: what is started, started again, ended, and shared between them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from api.errands import alone
from ledger.commands.processes import Family, NotSeveral, Process, family
from tests.builders import opened, settings

CHILD = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(os.environ["NAME"] + "\\n")
time.sleep(0 if os.environ["NAME"] == "short" else 60)
"""


def test_what_ends_is_started_again_and_a_signal_ends_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two children one ends by itself: it comes back, the other stays, and SIGTERM ends the family in peace."""
    monkeypatch.setattr("ledger.commands.processes.AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("ledger.commands.processes.LOOK_SECONDS", 0.02)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    log, ended = tmp_path / "log", threading.Event()

    def end() -> None:
        while not ended.wait(0.02):
            if log.exists() and log.read_text().count("short") >= 3:
                os.kill(os.getpid(), signal.SIGTERM)
                return

    command = [sys.executable, "-I", "-S", "-c", CHILD, str(log)]
    thread = threading.Thread(target=end)
    try:
        thread.start()
        assert Family([Process(command, {"NAME": name}) for name in ("long", "short")]).run() == 0
    finally:
        ended.set()
        thread.join()
        for number, handler in before.items():
            signal.signal(number, handler)
    assert log.read_text().count("long") == 1


@pytest.mark.parametrize(("servers", "workers", "url"), [(0, 1, ""), (2, 65, ""), (2, 1, "sqlite:///x.db")])
def test_where_several_cannot_serve(tmp_path: Path, servers: int, workers: int, url: str) -> None:
    """None, too many, or on a database with one writer: refused before anything starts."""
    there = settings(tmp_path, database_url=url or "postgresql+psycopg://nobody@127.0.0.1/none")
    with pytest.raises(NotSeveral):
        family(there, [], servers, workers)


def test_one_process_speaks_with_partners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that share a ledger, the one that came first goes on, and the other leaves it to that."""
    with opened(tmp_path) as ledger:
        first, second = alone(ledger, lambda _: True), alone(ledger, lambda _: True)
        assert first(lambda: False)
        monkeypatch.setattr("ledger.wiring._PROCESS", "another")
        assert not second(lambda: False)
        assert first(lambda: False)

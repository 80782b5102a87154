"""Several processes behind one address: what is started, started again, ended, and shared between them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.adapters.sql.checkpoints import SqlLeases
from ledger.commands.processes import Family, NotSeveral, Process, family
from ledger.services.alone import BEAT, CERTAIN, SECONDS, Alone
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


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is for every process [s]; one number, to be moved on."""
    now = [1000.0]
    monkeypatch.setattr("ledger.services.alone.monotonic", lambda: now[0])
    return now


def test_one_process_speaks_with_partners(tmp_path: Path, passing: list[float]) -> None:
    """Of two that share a ledger, the one that came first goes on, and the other only after it gave up."""
    with opened(tmp_path) as ledger:
        leases = SqlLeases(ledger.database, lambda: int(passing[0] * 1_000_000))
        first, second = Alone(leases, "errands", "first"), Alone(leases, "errands", "second")
        for _ in range(10):  # a turn of the first takes longer than the lease: its beat holds it
            first.beat()
            second.beat()
            assert first.only(lambda _: True)(lambda: False)
            assert not second.only(lambda _: True)(lambda: False)
            passing[0] += BEAT
        first.give_up()
        second.beat()
        assert (first.held, second.held) == (False, True)


def test_a_killed_process_is_replaced_and_never_speaks_beside_its_heir(tmp_path: Path, passing: list[float]) -> None:
    """One that beats no more begins nothing more well before another may, and that one need not wait for a minute."""
    with opened(tmp_path) as ledger:
        leases = SqlLeases(ledger.database, lambda: int(passing[0] * 1_000_000))
        silent, heir = Alone(leases, "errands", "silent"), Alone(leases, "errands", "heir")
        silent.beat()
        told: list[bool] = []

        def long_turn(stopped: Callable[[], bool]) -> bool:
            for _ in range(SECONDS):
                passing[0] += 1
                heir.beat()
                told.append(stopped())
                assert not (silent.held and heir.held)
            return True

        silent.only(long_turn)(lambda: False)
        assert told.index(True) + 1 == CERTAIN
        assert heir.held

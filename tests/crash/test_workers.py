"""Several processes at once on one database and one chain: killed, paused, taken over, and nothing doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from web3 import HTTPProvider, Web3

from ledger.adapters.sql.checkpoints import SqlLeases
from ledger.errors import ChainError, LedgerError
from ledger.ports import Receipt, StoreUnavailable
from ledger.records.record import microseconds
from ledger.services.anchor import LEASE_SECONDS
from ledger.services.capture import capture
from ledger.services.check_ledger import check_ledger
from ledger.services.worker import run_once
from ledger.wiring import Ledger, open_ledger
from tests.builders import EPOCH, TENANT, leg, settings
from tests.crash.oracle import claims, on_chain
from tests.postgres import PostgresServer

SPEED = 40
"""The workers' clocks run so much faster than ours, so that leases run out while a test watches."""


class FastClock:
    """The same fast time in every process of this machine."""

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=time.monotonic() * SPEED)


SERVES = "owner.serves"
"""Made by the chain's owner when it has read all it needs of the database; until then one may not be felled."""


def hurried(ledger: Ledger) -> Ledger:
    """The ledger on fast time."""
    clock = FastClock()
    return replace(ledger, clock=clock, leases=SqlLeases(ledger.database, lambda: microseconds(clock.now())))


def forked(work: Callable[[], None], seconds: int = 60) -> int:
    """A child that does the work and ends, after ``seconds`` at the latest; its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        signal.alarm(seconds)
        work()
        code = 0
    finally:
        os._exit(code)


def labour(home: Path, url: str, name: int, rounds: int) -> None:
    """A process that captures and works, retrying whatever says that it may be retried."""
    with again(lambda: open_ledger(settings(home, database_url=url))) as opened:
        ledger, number = hurried(opened), 0
        for _ in range(rounds):
            try:
                # Half of the records are handed in by two workers.
                records = [leg(f"{name // 2 * 2 if n % 2 else name}-{number}-{n}") for n in range(3)]
                capture(ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="w", records=records)
                number += 1
                run_once(ledger.worker())
            except LedgerError as error:
                if not error.retryable:
                    raise


def again(start: Callable[[], Ledger]) -> Ledger:
    """What it opens, once the database lets it: the connection that opens a ledger may be the one that is ended."""
    for _ in range(20):
        try:
            return start()
        except LedgerError as error:
            if not error.retryable:
                raise
    return start()


def own(home: Path, url: str) -> None:
    """A process that owns the chain and serves it to the others until it is killed."""
    with open_ledger(settings(home, database_url=url, chain_port=0)) as ledger:
        _ = ledger.chain.opened
        (home / SERVES).touch()
        signal.pause()


def owner(home: Path, url: str) -> int:
    """The owner's process id, once it serves."""
    serves = home / SERVES
    serves.unlink(missing_ok=True)
    child = forked(lambda: own(home, url), 600)  # it outlives the test that ends it, however slow the machine
    deadline = time.monotonic() + 20
    while not serves.exists():
        assert time.monotonic() < deadline, "the owner of the chain does not start"
        time.sleep(0.02)
    return child


def end(child: int) -> None:
    """kill -9, and wait for the end."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@contextmanager
def served(home: Path, url: str) -> Iterator[Ledger]:
    """A ledger beside a process that owns the chain and serves it."""
    child = owner(home, url)
    try:
        with open_ledger(settings(home, database_url=url)) as opened:
            yield hurried(opened)
    finally:
        end(child)


def finish(ledger: Ledger) -> None:
    """Rounds until everything is confirmed; the leases of the dead run out meanwhile."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        done = run_once(ledger.worker())
        newest = ledger.checkpoints.latest()
        if newest and newest.state == "confirmed" and newest.checkpoint.size == ledger.entries.size():
            return
        if done.moved is None:
            time.sleep(LEASE_SECONDS / SPEED / 4)
    pytest.fail("it did not settle")


def holds(ledger: Ledger, home: Path) -> None:
    """Nothing lost, nothing doubled, on chain and in the log."""
    report = check_ledger(ledger.entries, ledger.checkpoints, ledger.note_key.verifier, ledger.chain)
    assert (report.faults, report.unknown) == ([], [])
    assert ledger.projections.counts(TENANT)["transport_leg"] == ledger.entries.size()
    url = json.loads((home / "chain.sqlite.rpc").read_text())["url"]
    assert list(on_chain(claims(ledger), Web3(HTTPProvider(url)))) == []


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_at_once(database_url: str, tmp_path: Path, workers: int) -> None:
    """All capture, checkpoint and anchor at once; some are killed and replaced, one is stopped and wakes up late."""
    chance = random.Random(workers)
    rounds = 40 // workers
    with served(tmp_path, database_url) as ledger:
        children = [forked(partial(labour, tmp_path, database_url, name, rounds)) for name in range(workers)]
        for _ in range(3):
            time.sleep(0.3)
            victim = chance.randrange(workers)
            end(children[victim])
            children[victim] = forked(partial(labour, tmp_path, database_url, victim, rounds))
        sleeper = children[0]
        os.kill(sleeper, signal.SIGSTOP)
        time.sleep(LEASE_SECONDS / SPEED)
        os.kill(sleeper, signal.SIGCONT)
        ends = [os.waitpid(child, 0)[1] for child in children]
        assert ends == [0] * workers
        finish(ledger)
        assert ledger.entries.size() > 10
        holds(ledger, tmp_path)


def test_postgresql_dies_and_comes_back(postgres_server: PostgresServer, postgres_url: str, tmp_path: Path) -> None:
    """PostgreSQL stops as by a power cut, again and again: what was acknowledged stays, and work goes on by itself."""
    with served(tmp_path, postgres_url) as ledger:
        receipts: dict[str, Receipt] = {}
        for outage in range(3):
            child = forked(partial(labour, tmp_path, postgres_url, 100 + outage, 400))
            _hand_in(ledger, receipts, outage)
            postgres_server.crash()
            try:
                with pytest.raises(StoreUnavailable):
                    _hand_in(ledger, {}, 99)
            finally:
                postgres_server.start()
            end(child)
        _hand_in(ledger, receipts, 50)
        finish(ledger)
        for name, receipt in receipts.items():
            found = ledger.entries.find(TENANT, name)
            assert found is not None
            assert (found.index, found.recorded_at) == (receipt.seq, receipt.recorded_at)
        holds(ledger, tmp_path)


def _hand_in(ledger: Ledger, receipts: dict[str, Receipt], run: int) -> None:
    """Records one by one, each with its receipt."""
    for number in range(25):
        record = leg(f"kept-{run}-{number}")
        (outcome,) = capture(
            ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="s", records=[record]
        )
        assert isinstance(outcome, Receipt)
        receipts[record.id] = outcome


def test_a_backend_is_killed_in_the_middle(postgres_server: PostgresServer, postgres_url: str, tmp_path: Path) -> None:
    """One connection's server process is ended again and again while workers run: they go on by themselves."""
    with served(tmp_path, postgres_url) as ledger:
        children = [forked(partial(labour, tmp_path, postgres_url, name, 25)) for name in range(2)]
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
            for _ in range(15):
                time.sleep(0.1)
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        finish(ledger)
        holds(ledger, tmp_path)


def test_the_chain_comes_back_elsewhere(tmp_path: Path) -> None:
    """The process with the chain is killed and another serves it at another port: work goes on by itself."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    settings(tmp_path)
    child = owner(tmp_path, url)
    with open_ledger(settings(tmp_path, database_url=url)) as opened:
        ledger = hurried(opened)
        for run in range(3):
            _hand_in(ledger, {}, run)
            finish(ledger)
            end(child)
            _hand_in(ledger, {}, 10 + run)
            (tmp_path / "chain.sqlite.rpc").rename(tmp_path / "aside")
            assert isinstance(run_once(ledger.worker()).trouble, ChainError)
            child = owner(tmp_path, url)
        finish(ledger)
        holds(ledger, tmp_path)
    end(child)

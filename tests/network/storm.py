"""One seed: faults on network, workers and database while records come in; then all is mended and judged."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Protocol, TypeVar

from consortium.validator import Validator, ValidatorFailed
from ledger.errors import LedgerError
from ledger.ports import Receipt
from ledger.records.record import Record
from ledger.services.capture import capture
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.builders import TENANT, legs
from tests.crash.oracle import examined
from tests.network.judge import on_chain, sent, stranger
from tests.network.labour import hired
from tests.network.plan import MEANWHILE, WORKERS, Fault, plan
from tests.network.world import World

T = TypeVar("T")
HASTE = 4
"""Leases run out so many times as fast: 5 s for the 20 s of a ledger in use."""
BATCH, EVERY = 3, 0.15
SETTLED_WITHIN = 120.0


class Server(Protocol):
    """A database server that can be felled."""

    def crash(self) -> None: ...
    def start(self) -> None: ...


@dataclass(frozen=True)
class Database:
    """Where a ledger's entries are; without a server no plan can fell it."""

    url: str
    server: Server | None = None


@dataclass
class Outcome:
    """What a seed led to; times in seconds after everything was mended."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    records: int = 0
    anchored: int = 0
    refused: int = 0
    equal_after: float = 0.0
    settled_after: float = 0.0
    findings: list[str] = field(default_factory=list)


@dataclass
class Client:
    """Hands in records and goes on with each batch until it is acknowledged."""

    ledger: Ledger
    batches: list[list[Record]] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    _done: Event = field(default_factory=Event)

    def work(self) -> None:
        taken = 0
        while not self._done.is_set():
            batch = legs(BATCH, taken)
            self.batches.append(batch)
            taken += BATCH
            patiently(partial(self._hand_in, batch))
            self._done.wait(EVERY)

    def stop(self) -> None:
        self._done.set()

    def _hand_in(self, batch: list[Record]) -> None:
        ledger = self.ledger
        outcomes = capture(ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="s", records=batch)
        for record, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Receipt):
                earlier = self.receipts.setdefault(record.id, outcome)
                if earlier.seq != outcome.seq:
                    self.findings.append(f"doubled: {record.id} was entry {earlier.seq}, now it is {outcome.seq}")
            else:
                raise outcome


def patiently(ask: Callable[[], T], seconds: float = 60) -> T:
    """Its answer, once what keeps it from being given has passed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except LedgerError as error:
            if not error.retryable or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Storm:
    """Carries out a plan."""

    def __init__(self, world: World, settings: Settings, server: Server | None, subject: str) -> None:
        self._world, self._settings, self._server, self._subject = world, settings, server, subject
        self._locks = [Lock() for _ in world.network.validators]
        self._rewriting, self._felling = Lock(), Lock()
        self.workers: list[BaseProcess] = [self._hired() for _ in range(WORKERS)]
        self.done: Counter[str] = Counter()

    def _hired(self) -> BaseProcess:
        return hired(self._settings, HASTE, self._subject)

    def blow(self, faults: list[Fault], seconds: float) -> None:
        """All of them, each in its time; returns when the last is over, and not before ``seconds``."""
        began = time.monotonic()
        threads = [Thread(target=self._suffer, args=(fault, began), daemon=True) for fault in faults]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        for thread in threads:
            thread.join(120)

    def dismiss(self) -> None:
        """kill -9 of every worker."""
        for worker in self.workers:
            worker.kill()
            worker.join()

    def _suffer(self, fault: Fault, began: float) -> None:
        time.sleep(max(0.0, began + fault.at - time.monotonic()))
        try:
            with suppress(ValidatorFailed):  # another fault has felled who was told to do something
                getattr(self, f"_{fault.kind}")(fault)
                self.done[f"{fault.kind} {fault.how}".strip()] += 1
        except Exception as error:  # noqa: BLE001 - the seed goes on, and says so
            self.done[f"failed: {fault.kind}: {error}"] += 1

    def _validator(self, fault: Fault) -> None:
        (who,) = fault.who
        with self._felled(who):
            time.sleep(fault.lasts)

    def _half(self, fault: Fault) -> None:
        one, other = fault.who
        with self._felled(one), self._felled(other):
            time.sleep(fault.lasts)

    @contextmanager
    def _felled(self, who: int) -> Iterator[Validator]:
        """In the order of numbers, so that two faults never wait for each other."""
        one = self._world.network.validators[who]
        with self._locks[who]:
            one.kill()
            yield one
            self._world.network.start(one)

    def _worker(self, fault: Fault) -> None:
        (who,) = fault.who
        self.workers[who].kill()
        self.workers[who].join()
        self.workers[who] = self._hired()

    def _partition(self, fault: Fault) -> None:
        everyone = self._world.network.validators
        lesser = [everyone[who] for who in fault.who]
        self._world.network.partition(lesser, [one for one in everyone if one not in lesser])
        time.sleep(fault.lasts)
        self._world.network.join()

    def _reorg(self, fault: Fault) -> None:
        with self._rewriting:
            self._world.network.rewrite(int(fault.how))

    def _node(self, fault: Fault) -> None:
        (who,) = fault.who
        self._world.proxies[who].become(fault.how)
        time.sleep(fault.lasts)
        self._world.proxies[who].become("honest")

    def _database(self, fault: Fault) -> None:
        assert self._server is not None
        with self._felling:
            self._server.crash()
            try:
                time.sleep(fault.lasts / 2)
            finally:
                self._server.start()


def run(
    world: World,
    seed: int,
    home: Path,
    database: Database,
    *,
    subject: str = "real",
    seconds: float = MEANWHILE,
) -> Outcome:
    """One seed from its first record to its verdict; ``subject`` is what the workers do in their rounds."""
    outcome, server = Outcome(seed), database.server
    settings = world.settings(home, database.url)
    faults = [fault for fault in plan(seed, seconds) if server is not None or fault.kind != "database"]
    since = min(head.number for head in world.network.heads().values())
    with open_ledger(settings) as ledger:
        storm, client = Storm(world, settings, server, subject), Client(ledger)
        thread = Thread(target=client.work, daemon=True)
        thread.start()
        try:
            storm.blow(faults, seconds)
            client.stop()
            thread.join(120)
            mended = time.monotonic()
            world.mend()
            _, outcome.equal_after = world.network.agree()
            _settle(ledger, outcome)
            outcome.settled_after = time.monotonic() - mended
        except (ValidatorFailed, LedgerError) as error:
            outcome.findings.append(f"failed: {error}")
        finally:
            storm.dismiss()
        outcome.faults, outcome.records = storm.done, len(client.receipts)
        outcome.findings += client.findings
        outcome.findings += [name for name in storm.done if name.startswith("failed")]
        _judge(world, ledger, client, since, outcome)
    return outcome


def _settle(ledger: Ledger, outcome: Outcome) -> None:
    """Until all that was captured is confirmed and folded, by the workers alone."""
    deadline = time.monotonic() + SETTLED_WITHIN
    while time.monotonic() < deadline:
        size = patiently(ledger.entries.size)
        newest = patiently(ledger.checkpoints.latest)
        folded = patiently(lambda: ledger.projections.counts(TENANT)["transport_leg"])
        if newest and (newest.state, newest.checkpoint.size, folded) == ("confirmed", size, size):
            return
        time.sleep(0.2)
    outcome.findings.append(f"lost: not everything was confirmed within {SETTLED_WITHIN:.0f} s of being mended")


def _judge(world: World, ledger: Ledger, client: Client, since: int, outcome: Outcome) -> None:
    outcome.findings += examined(ledger, client, client.receipts)
    outcome.findings += on_chain(ledger, world.network.urls, since)
    said = ledger.chain.identity()
    there = sent(stranger(world.network.urls[0]), said.sender, said.contract, since)
    outcome.anchored, outcome.refused = len(there.anchored), there.refused
    for finding in outcome.findings:
        sys.stderr.write(f"seed {outcome.seed}: {finding}\n")

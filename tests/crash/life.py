"""One life of the application: it opens the ledger, takes the records that are still owed, works, and maybe dies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ledger.adapters.sql.checkpoints import SqlLeases
from ledger.log import proof
from ledger.ports import Receipt
from ledger.records.record import Record, microseconds
from ledger.services.prove import prove
from ledger.services.worker import Worker
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.builders import EPOCH, SteppingClock
from tests.crash.oracle import claims, examined, on_chain, stranger
from tests.crash.places import Trap, watched
from tests.crash.plan import Death, Plan
from tests.crash.subjects import Real

ROUNDS = 200
"""Far more than a life needs to anchor everything, waiting out the lease of the one before included."""
SECONDS_A_LOOK = 2


@dataclass
class Told:
    """What lives said, and so what the outside world relies on."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    died_at: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    finished: bool = False

    def hear(self, line: str) -> None:
        """Take in one line."""
        word, _, rest = line.partition(" ")
        match word:
            case "took":
                name, index, recorded_at, fresh = json.loads(rest)
                earlier = self.receipts.get(name)
                self.receipts.setdefault(name, Receipt(index, recorded_at, fresh))
                if earlier and earlier.seq != index:
                    self.findings.append(f"doubled: {name} was entry {earlier.seq}, now it is {index}")
            case "dies":
                self.died_at.append(rest)
            case "found":
                self.findings.append(json.loads(rest))
            case "finished":
                self.finished = True


@dataclass(frozen=True)
class Fate:
    """When a life begins, in seconds from the first, and how it ends."""

    begins: float
    death: Death | None


class Mouth:
    """Writes lines to a pipe, each at once and whole."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def say(self, word: str, rest: str = "") -> None:
        """One line."""
        os.write(self._pipe, f"{word} {rest}".rstrip().encode() + b"\n")

    def found(self, findings: Iterable[str]) -> None:
        """What an oracle found."""
        for finding in findings:
            self.say("found", json.dumps(finding))

    def took(self, record: Record, receipt: Receipt) -> None:
        """The acknowledgement that a client gets."""
        self.say("took", json.dumps([record.id, receipt.seq, receipt.recorded_at, receipt.fresh]))


def live(subject: Real, settings: Settings, plan: Plan, told: Told, fate: Fate, mouth: Mouth) -> None:  # noqa: PLR0917
    """The whole life. Without a death it ends with everything anchored, and with the oracle's findings."""
    death, now = fate.death, fate.begins
    trap = Trap(death.place, death.turn, lambda: mouth.say("dies", death.place)) if death else None
    if trap:
        trap.install()
    with open_ledger(settings) as opened:
        clock = SteppingClock(EPOCH + timedelta(seconds=now), timedelta(seconds=SECONDS_A_LOOK))
        leases = SqlLeases(opened.database, lambda: microseconds(clock.now()))
        ledger = subject.prepared(replace(opened, clock=clock, leases=leases))
        _ = ledger.chain.opened
        if trap:
            trap.opened()
        used = watched(ledger, trap) if trap else ledger
        _work(subject, used, plan, told, mouth)
        _publish(used, told)
        mouth.found(examined(ledger, plan, told.receipts))
        said = claims(ledger)
    with stranger(settings.home / "chain.sqlite") as web3:
        mouth.found(on_chain(said, web3))
    mouth.say("finished")


def _work(subject: Real, ledger: Ledger, plan: Plan, told: Told, mouth: Mouth) -> None:
    def acknowledge(record: Record, receipt: Receipt) -> None:
        mouth.took(record, receipt)
        told.receipts.setdefault(record.id, receipt)

    worker = ledger.worker()
    for batch, rounds in zip(plan.batches, plan.rounds, strict=True):
        # A client hands a batch in again, whole, until it has heard of every record in it.
        if any(record.id not in told.receipts for record in batch):
            subject.hand_in(ledger, batch, acknowledge)
        for _ in range(rounds):
            subject.round(worker)
    for _ in range(ROUNDS):
        subject.round(worker)
        if _settled(worker):
            return


def _settled(worker: Worker) -> bool:
    newest = worker.checkpoints.latest()
    return newest is not None and newest.state == "confirmed" and newest.checkpoint.size == worker.entries.size()


def _publish(ledger: Ledger, told: Told) -> None:
    """Hand out proofs of some records, as a stranger would check them."""
    indices: Sequence[int] = [receipt.seq for receipt in told.receipts.values()]
    for index in {indices[0], indices[-1]}:
        made = prove(ledger.entries, ledger.checkpoints, index)
        proof.verify(proof.Proof.from_bytes(made.to_bytes()), key=ledger.note_key.verifier)

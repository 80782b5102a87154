"""
What the campaign runs: the real services, and services with the mistakes that it must find.

The mistakes are the ones that anchoring software is known for: a transaction sent again under a new nonce, a state
that is written before it is true, an acknowledgement before the commit, and no memory of what was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ledger.ports import EMPTY_HEAD, AnchorCall, Head, Lease, Receipt, StoredCheckpoint
from ledger.records.record import Record
from ledger.services.anchor import LEASE, LEASE_SECONDS, anchor_receipt
from ledger.services.capture import capture
from ledger.services.close_checkpoint import close_checkpoint, tree_of
from ledger.services.project import catch_up
from ledger.services.worker import Worker, run_once
from ledger.wiring import Ledger
from tests.builders import TENANT

Acknowledge = Callable[[Record, Receipt], None]


class Real:
    """The services as they are."""

    def prepared(self, ledger: Ledger) -> Ledger:
        """The ledger as this subject uses it."""
        return ledger

    def hand_in(self, ledger: Ledger, records: Sequence[Record], acknowledge: Acknowledge) -> None:
        """Capture, then say so."""
        outcomes = capture(
            ledger.entries, ledger.clock, ledger.random, tenant=TENANT, submitter="campaign", records=records
        )
        for record, outcome in zip(records, outcomes, strict=True):
            if not isinstance(outcome, Receipt):
                raise outcome
            acknowledge(record, outcome)

    def round(self, worker: Worker) -> None:
        """One round of the background work."""
        done = run_once(worker)
        if done.trouble is not None:
            raise done.trouble


class _OwnSender(Real):
    """The real round with another way to anchor."""

    def round(self, worker: Worker) -> None:
        catch_up(worker.entries, worker.projections)
        close_checkpoint(worker.entries, worker.checkpoints, worker.note_key, worker.clock)
        newest = worker.checkpoints.latest()
        lease = worker.leases.acquire(LEASE, worker.holder, LEASE_SECONDS)
        if newest is not None and newest.state != "confirmed" and lease is not None:
            self.anchor(worker, newest, _Notes(worker, lease))

    def anchor(self, worker: Worker, newest: StoredCheckpoint, notes: _Notes) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class _Notes:
    worker: Worker
    lease: Lease

    def confirm(self, stored: StoredCheckpoint) -> None:
        """Write that a checkpoint is confirmed, with whatever receipt the chain has of it."""
        checkpoint = stored.checkpoint
        receipt = self.worker.chain.find(Head(checkpoint.size, checkpoint.root))
        note = self.worker.note_key.sign(anchor_receipt(stored, receipt).text) if receipt else ""
        self.worker.checkpoints.advance(self.lease, checkpoint.size, "confirmed", receipt, note)


class ResendsBlindly(_OwnSender):
    """Takes the head from its own notes, and a new nonce every time."""

    def anchor(self, worker: Worker, newest: StoredCheckpoint, notes: _Notes) -> None:
        _send(worker, newest)
        notes.confirm(newest)


class MarksFirst(_OwnSender):
    """Writes that a checkpoint is confirmed, and then sends it."""

    def anchor(self, worker: Worker, newest: StoredCheckpoint, notes: _Notes) -> None:
        call = _call(worker, newest)
        notes.confirm(newest)
        worker.chain.send(worker.chain.sign(call, worker.chain.next_nonce()))
        notes.confirm(newest)


class AcknowledgesFirst(Real):
    """Says that records are stored before they are."""

    def hand_in(self, ledger: Ledger, records: Sequence[Record], acknowledge: Acknowledge) -> None:
        size = ledger.entries.size()
        for number, record in enumerate(records):
            acknowledge(record, Receipt(size + number, 0, fresh=True))
        super().hand_in(ledger, records, lambda *_: None)


class ForgetsIds(Real):
    """Takes a record that is handed in again for another one."""

    def prepared(self, ledger: Ledger) -> Ledger:
        keys = count(ledger.entries.size())
        return replace(ledger, entries=replace(ledger.entries, key_of=lambda *_: next(keys)))  # type: ignore[type-var]


def _call(worker: Worker, newest: StoredCheckpoint) -> AnchorCall:
    """From the last checkpoint that the notes call confirmed."""
    known = [stored for stored in worker.checkpoints.all() if stored.state == "confirmed"]
    last = Head(known[-1].checkpoint.size, known[-1].checkpoint.root) if known else EMPTY_HEAD
    proof = tree_of(worker.checkpoints, newest.checkpoint.size).consistency_proof(last.size)
    return AnchorCall(last, Head(newest.checkpoint.size, newest.checkpoint.root), tuple(proof))


def _send(worker: Worker, newest: StoredCheckpoint) -> None:
    worker.chain.send(worker.chain.sign(_call(worker, newest), worker.chain.next_nonce()))


SUBJECTS: dict[str, type[Real]] = {
    "real": Real,
    "resends-blindly": ResendsBlindly,
    "marks-first": MarksFirst,
    "acknowledges-first": AcknowledgesFirst,
    "forgets-ids": ForgetsIds,
}
"""By the name on the command line."""

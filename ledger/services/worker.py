"""One round of the background work: project, checkpoint, anchor. Any number of workers may do it at once."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.errors import LedgerError
from ledger.log.checkpoint import NoteKey
from ledger.ports import Chain, CheckpointStore, Clock, EntryStore, LeaseLost, LeaseStore, Projections, StoredCheckpoint
from ledger.services.anchor import Anchorer, anchor
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.project import catch_up


@dataclass(frozen=True, slots=True)
class Worker:
    """Everything the background work touches."""

    entries: EntryStore
    checkpoints: CheckpointStore
    leases: LeaseStore
    projections: Projections
    chain: Chain
    note_key: NoteKey
    clock: Clock
    holder: str

    @property
    def anchorer(self) -> Anchorer:
        """The part of it that talks to the chain."""
        return Anchorer(self.checkpoints, self.leases, self.chain, self.note_key, self.holder)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, and what kept it from doing more."""

    folded: int
    closed: StoredCheckpoint | None
    moved: StoredCheckpoint | None
    trouble: LedgerError | None


def run_once(worker: Worker) -> Round:
    """
    One round. With the chain down, capture, projections and checkpoints go on; the trouble is reported.

    Raises what is not about the chain: a damaged leaf or a database that refuses must stop the worker loudly.
    """
    folded = catch_up(worker.entries, worker.projections)
    closed = close_checkpoint(worker.entries, worker.checkpoints, worker.note_key, worker.clock)
    try:
        moved = anchor(worker.anchorer)
    except LeaseLost:
        return Round(folded, closed, None, None)
    except LedgerError as trouble:
        if not trouble.code.startswith("chain."):
            raise
        return Round(folded, closed, None, trouble)
    return Round(folded, closed, moved, None)


def settle(worker: Worker, rounds: int = 1000) -> StoredCheckpoint | None:
    """Rounds until the newest checkpoint is confirmed, or nothing moves any more; the newest checkpoint."""
    for _ in range(rounds):
        done = run_once(worker)
        newest = worker.checkpoints.latest()
        if done.trouble is not None:
            raise done.trouble
        if newest is None or (newest.state == "confirmed" and newest.checkpoint.size == worker.entries.size()):
            return newest
    return worker.checkpoints.latest()

"""One round of the background work: project, checkpoint, anchor. Any number of workers may do it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ledger.errors import LedgerError, StoreError
from ledger.log.checkpoint import NoteKey
from ledger.ports import (
    Chain,
    CheckpointStore,
    Clock,
    EntryStore,
    Folding,
    LeaseLost,
    LeaseStore,
    Projections,
    StoredCheckpoint,
)
from ledger.ports.consortium import AnchorRules
from ledger.services.anchor import Anchorer, anchor, step_down
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.project import catch_up_all

STEP = 0.1
"""Seconds between rounds that move nothing."""


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
    further: tuple[Folding, ...] = ()
    """Projections beside ``projections``, each at its own pace."""
    errands: tuple[Callable[[], object], ...] = ()
    """What else is due by the clock and may add entries; done before they are folded."""
    rules: AnchorRules | None = None
    """What the organisations behind the contract permit."""

    @property
    def foldings(self) -> tuple[Folding, ...]:
        """Everything that follows the log."""
        return (self.projections, *self.further)

    @property
    def anchorer(self) -> Anchorer:
        """The part of it that talks to the chain."""
        return Anchorer(self.checkpoints, self.leases, self.chain, self.note_key, self.holder, self.rules)


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

    Raises what is not about the chain: a damaged leaf or a database that refuses must stop the worker loudly. What
    keeps entries from being folded does not keep them from being anchored; it is raised at the end. Nobody's anchor
    waits for the further projections.
    """
    undone = _run(worker.errands)
    folded, unfolded = _folded(worker, (worker.projections,))
    closed = close_checkpoint(worker.entries, worker.checkpoints, worker.note_key, worker.clock)
    moved, trouble = _anchored(worker)
    further, unfolded_too = _folded(worker, worker.further)
    for error in filter(None, (undone, unfolded, unfolded_too)):
        raise error
    return Round(max(folded, further), closed, moved, trouble)


def _run(errands: tuple[Callable[[], object], ...]) -> Exception | None:
    try:
        for errand in errands:
            errand()
    except Exception as error:  # noqa: BLE001 - the round raises it when the rest is done
        return error
    return None


def _folded(worker: Worker, foldings: tuple[Folding, ...]) -> tuple[int, Exception | None]:
    try:
        return catch_up_all(worker.entries, foldings), None
    except Exception as error:  # noqa: BLE001 - the round raises it when the rest is done
        return 0, error


def _anchored(worker: Worker) -> tuple[StoredCheckpoint | None, LedgerError | None]:
    try:
        return anchor(worker.anchorer), None
    except LeaseLost:
        return None, None
    except LedgerError as trouble:
        if not trouble.code.startswith("chain."):
            raise
        return None, trouble


def settle(
    worker: Worker, patience: float = 60, pause: Callable[[float], object] = time.sleep
) -> StoredCheckpoint | None:
    """
    Rounds until every entry there is now is confirmed on chain, then the lease is given up.

    Returns the checkpoint that confirms them; ``None`` for an empty log. It waits for other workers, blocks and
    leases; when nothing has moved for ``patience`` seconds it returns the newest checkpoint as it is. Raises what
    ``run_once`` raises, and what it reports.
    """
    waited, size = 0.0, worker.entries.size()
    try:
        while True:
            done = run_once(worker)
            if done.trouble is not None:
                raise done.trouble
            confirmed = worker.checkpoints.covering(size - 1, "confirmed") if size else None
            if confirmed is not None or not size:
                return confirmed
            if done.closed is None and done.moved is None:
                if waited >= patience:
                    return worker.checkpoints.latest()
                pause(STEP)
                waited += STEP
            else:
                waited = 0.0
    finally:
        with suppress(StoreError):
            step_down(worker.anchorer)

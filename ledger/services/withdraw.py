"""Withdraw a record from every figure, and take in what stands instead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from ledger.errors import LedgerError
from ledger.ports import Clock, EntryStore, Random, Receipt
from ledger.records.record import Record
from ledger.services.capture import Outcome, Submission, capture
from ledger.services.corrections import correction_of


class Withdrawing(Protocol):
    """What withdrawing needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Where entries are."""
        ...

    @property
    def clock(self) -> Clock:
        """The moment of the correction."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


def withdraw(
    ledger: Withdrawing, submission: Submission, record_id: str, reason: str, instead: Sequence[Record] = ()
) -> tuple[Receipt, list[Outcome]]:
    """
    The correction's receipt, and one outcome for each record that stands ``instead``.

    These are handed in after the correction, so that nothing counts twice when it is refused. A single one is named in
    the correction. Raises the refusals of ``corrections``.
    """
    named = instead[0].id if len(instead) == 1 else None
    correction = correction_of(ledger.clock, record_id, reason, named)
    take = partial(
        capture,
        ledger.entries,
        ledger.clock,
        ledger.random,
        tenant=submission.tenant,
        submitter=submission.submitter,
        manages=submission.manages,
    )
    (outcome,) = take(records=[correction])
    if isinstance(outcome, LedgerError):
        outcome.place = None  # there is one record, and nobody handed in a list
        raise outcome
    return outcome, take(records=instead)

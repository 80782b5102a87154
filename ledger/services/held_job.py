"""A job in the hands of one process: its claim is renewed with everything written, and let go at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.ports.intake import Batch, IntakeJob, Refused, Stage
from ledger.services.intake import IntakeDesk, fault_of, now

CLAIM: Final = 30 * 1_000_000
"""Microseconds that a process may be silent before another takes its job up."""


class ClaimLost(Exception):
    """The job is no longer this process's to work on."""


@dataclass(slots=True)
class HeldJob:
    """``job`` as it was last written; ``stopped`` says that this process is about to end."""

    desk: IntakeDesk
    job: IntakeJob
    stopped: Callable[[], bool]
    patience: int = CLAIM

    def write(
        self,
        change: Callable[[IntakeJob], IntakeJob],
        batch: tuple[int, Batch] | None = None,
        refused: Sequence[Refused] = (),
    ) -> IntakeJob:
        """Change the job and show that it is alive. Raises ``ClaimLost`` and, when the process is to end, lets go."""
        at, mine = now(self.desk), self.job

        def held(old: IntakeJob) -> IntakeJob:
            if (old.claim, old.stage) != (mine.claim, mine.stage):
                raise ClaimLost
            started = old.started_at or at
            return change(replace(old, beat_at=at, claimed_until=at + self.patience, started_at=started))

        self.job = self.desk.intake.change(mine.tenant, mine.id, held, batch, refused)
        if self.stopped() and self.job.claim:
            self.let_go(self.job.stage)
            raise ClaimLost
        return self.job

    def let_go(self, stage: Stage, error: LedgerError | None = None) -> None:
        """Leave the job in a stage, with what went wrong."""
        fault = fault_of(error) if error else self.job.fault
        at = now(self.desk)

        def released(old: IntakeJob) -> IntakeJob:
            if old.claim != self.job.claim:
                raise ClaimLost
            return replace(old, stage=stage, fault=fault, claim="", claimed_until=0, beat_at=at, finished_at=at)

        self.job = self.desk.intake.change(self.job.tenant, self.job.id, released)

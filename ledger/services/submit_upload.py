"""
The good rows of a checked file become entries, batch by batch; or the entries of a submission are withdrawn again.

A row's record id comes from its keys, so a batch that was appended twice, because the process between died, is there
once. Which entries a job added is told by the size of the log when it was submitted and by who handed them in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from msgspec.structs import replace

from ledger.errors import LedgerError, Place
from ledger.log.entry import SALT_SIZE, commitments
from ledger.ports import DraftColumns, Receipt
from ledger.ports.intake import Batch, IntakeJob
from ledger.records.correction import KEPT, Correction
from ledger.records.record import KINDS
from ledger.services.capture import Outcome, Submission, draft
from ledger.services.corrections import correction_of, refused_corrections, without
from ledger.services.held_job import HeldJob
from ledger.services.import_file import Fault, Refused
from ledger.services.intake import now

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
REASON: Final = "upload {job} taken back / 撤回上传 {job}"


def submit_upload(held: HeldJob) -> None:
    """Sequence what is left of a job in stage ``submitting``. Raises ``ClaimLost``, ``StoreError``."""
    job = held.write(lambda old: replace(old, started_at=0, done_before=old.done))
    for number in range(job.sent, job.batches):
        batch = held.desk.intake.batch(job.id, number)
        outcomes = _appended(held, batch)
        seqs = [one.seq if isinstance(one, Receipt) else -1 for one in outcomes]
        fresh = [_added(held, one, body) for one, body in zip(outcomes, batch.bodies, strict=True)]
        conflicts = [(row, one) for row, one in zip(batch.rows, outcomes, strict=True) if not isinstance(one, Receipt)]
        refused = [_refused(job, row, error).to_record(placed=False) for row, error in conflicts]
        done = Batch(batch.rows, batch.kinds, batch.ids, batch.occurred_at, batch.bodies, seqs, fresh)
        held.write(partial(_sent, seqs=seqs, fresh=sum(fresh), conflicts=len(conflicts)), (number, done), refused)
    held.let_go("submitted")


def _appended(held: HeldJob, batch: Batch) -> list[Outcome]:
    """One outcome per row."""
    desk, job, count = held.desk, held.job, len(batch.ids)
    random = desk.random.token(SALT_SIZE * count)
    salts = [random[at : at + SALT_SIZE] for at in range(0, len(random), SALT_SIZE)]
    committed = commitments(salts, batch.bodies)
    drafts: DraftColumns | None = DraftColumns(
        [job.tenant] * count, batch.kinds, batch.ids, batch.occurred_at, batch.bodies, salts, committed
    )
    assert drafts is not None
    refused = refused_corrections(desk.entries, Submission(job.tenant, job.submitter, job.manages), drafts)
    drafts = without(drafts, refused) if refused else drafts
    taken = iter(desk.entries.append(drafts, now(desk)).outcomes() if drafts else ())
    return [refused[at] if at in refused else next(taken) for at in range(count)]


def _added(held: HeldJob, outcome: Outcome, body: bytes) -> bool:
    """
    Whether this job added the row's entry: now, or before its process died.

    Another sender may have added the same record since this job was submitted; that entry is not this job's to undo.
    """
    if not isinstance(outcome, Receipt):
        return False
    if outcome.fresh or outcome.seq < held.job.log_size:
        return outcome.fresh
    return held.desk.entries.entry(outcome.seq).body == body


def _sent(old: IntakeJob, *, seqs: list[int], fresh: int, conflicts: int) -> IntakeJob:
    entries = [seq for seq in seqs if seq >= 0]
    first = min([*entries, old.first_entry] if old.first_entry >= 0 else entries, default=-1)
    return replace(
        old,
        sent=old.sent + 1,
        done=old.done + len(seqs),
        fresh=old.fresh + fresh,
        already=old.already + len(entries) - fresh,
        conflicts=old.conflicts + conflicts,
        refused=old.refused + conflicts,
        first_entry=first,
        last_entry=max([*entries, old.last_entry]),
    )


def _refused(job: IntakeJob, row: int, error: LedgerError) -> Refused:
    error.place = None
    place = Place(file=job.name, row=row)
    return Refused(place, (), (Fault(None, "", error.at(place)),))


@dataclass(frozen=True, slots=True)
class _At:
    """The moment a withdrawal was asked for: the same correction again is the same entry."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def withdraw_upload(held: HeldJob) -> None:
    """Withdraw what a job in stage ``withdrawing`` added. Raises ``ClaimLost``, ``StoreError``."""
    desk = held.desk
    job = held.write(lambda old: replace(old, started_at=0, done=0, withdrawn=0, kept=0, done_before=0))
    at = _At(_EPOCH + timedelta(microseconds=job.asked_at))
    reason = REASON.format(job=job.id)
    for number in range(job.sent):
        batch = desk.intake.batch(job.id, number)
        added = [(name, kind) for name, kind, fresh in zip(batch.ids, batch.kinds, batch.fresh, strict=True) if fresh]
        names = [name for name, kind in added if KINDS[kind][0] not in KEPT]
        gone = _withdrawn(held, [correction_of(at, name, reason) for name in names])
        held.write(partial(_taken_back, rows=len(batch.ids), gone=gone, kept=len(added) - gone))
    held.let_go("withdrawn")


def _withdrawn(held: HeldJob, corrections: list[Correction]) -> int:
    """
    How many of these corrections are entries now.

    What ``capture`` would ask of each, one look into the log at a time, is known of all: the job's sender handed these
    records in, their kinds can be withdrawn, and who withdrew one before has its correction's id.
    """
    if not corrections:
        return 0
    desk, submission = held.desk, Submission(held.job.tenant, held.job.submitter, held.job.manages)
    drafts = [draft(record, submission, desk.random.token(SALT_SIZE)) for record in corrections]
    return sum(isinstance(one, Receipt) for one in desk.entries.append(drafts, now(desk)).outcomes())


def _taken_back(old: IntakeJob, *, rows: int, gone: int, kept: int) -> IntakeJob:
    return replace(old, done=old.done + rows, withdrawn=old.withdrawn + gone, kept=old.kept + kept)

"""
What a sender does with an upload: open it, send its parts, look, cancel, discard, submit, undo.

Every verb changes the job in one transaction and returns; the work itself is done by ``check_upload`` and
``submit_upload``, in whatever process takes it up.
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.footprint.factor import FactorSource
from ledger.ports import Clock, EntryStore, Projections, Random
from ledger.ports.intake import Fault, IntakeJob, IntakeStore, Stage, Uploads
from ledger.records.record import microseconds
from ledger.services.corrections import NotYours
from ledger.services.evidence_files import shown_name
from ledger.services.intake_errors import (
    IntakeAbsent,
    IntakeSize,
    IntakeStage,
    NothingToSubmit,
    PartMisplaced,
    UploadDiffers,
)

MOST_BYTES: Final = 64_000_000
"""Bytes of one file. A workbook is held to less when it is opened (``file.too-large``)."""
PART: Final = 1 << 20
"""Bytes of a part, as senders are told; a part may have up to four times as many."""
MOST_OPEN: Final = 20
"""Uploads of one organisation that are not whole yet; the oldest makes room."""
SILENT: Final = 30 * 1_000_000
"""Microseconds after which a job that nobody works on is said to wait in vain."""


class Sender(NamedTuple):
    """Who uploads: ``organisation`` is empty for the house's own people."""

    tenant: str
    organisation: str
    id: str
    role: str
    scope: tuple[str, ...]
    manages: bool


class IntakeDesk(Protocol):
    """What intake needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def intake(self) -> IntakeStore:
        """Jobs."""
        ...

    @property
    def uploads(self) -> Uploads:
        """Files on their way."""
        ...

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def projections(self) -> Projections:
        """Which vehicles an operator stated data of."""
        ...

    @property
    def factors(self) -> FactorSource:
        """Which vehicles have a factor."""
        ...

    @property
    def clock(self) -> Clock:
        """Times of jobs and entries."""
        ...

    @property
    def random(self) -> Random:
        """Names of jobs, salts."""
        ...


def now(desk: IntakeDesk) -> int:
    """The present time, as jobs have it."""
    return microseconds(desk.clock.now())


def open_upload(desk: IntakeDesk, sender: Sender, name: str, size: int, announced: str = "") -> IntakeJob:
    """
    A job that waits for the parts of a file; one of the same sender that was cut off, announced alike, goes on.

    Raises ``IntakeSize``.
    """
    if not 0 < size <= MOST_BYTES:
        raise IntakeSize(size=size, limit=MOST_BYTES)
    at = now(desk)
    job = IntakeJob(
        id=f"{at:016x}{desk.random.token(8).hex()}",
        tenant=sender.tenant,
        organisation=sender.organisation,
        submitter=sender.id,
        role=sender.role,
        scope=sender.scope,
        manages=sender.manages,
        name=shown_name(name),
        size=size,
        announced=announced.lower(),
        created_at=at,
        beat_at=at,
    )
    if announced:
        for other in desk.intake.alike(job, job.announced):
            if other.stage == "uploading" and (other.size, other.submitter) == (size, sender.id):
                return other
    _make_room(desk, sender)
    desk.intake.add(job)
    return job


def _make_room(desk: IntakeDesk, sender: Sender) -> None:
    jobs = desk.intake.listed(sender.tenant, sender.organisation, 200)
    unfinished = [job for job in jobs if job.stage == "uploading" and job.organisation == sender.organisation]
    for job in unfinished[MOST_OPEN - 1 :]:
        cancel(desk, job)


def take_part(desk: IntakeDesk, job: IntakeJob, offset: int, data: bytes) -> IntakeJob:
    """
    Keep a part; with the last one the check begins. Durable when it returns; a part sent twice is one part.

    Raises ``PartMisplaced``, ``IntakeSize``, ``IntakeStage``.
    """
    if not 0 < len(data) <= 4 * PART:
        raise IntakeSize(size=len(data), limit=4 * PART)
    if offset + len(data) <= job.received and job.stage == "uploading":
        return job  # it came, the answer did not
    if job.stage != "uploading":
        raise IntakeStage(job=job.id, stage=job.stage)
    if offset != job.received or offset + len(data) > job.size:
        raise PartMisplaced(offset=offset, received=job.received)
    desk.uploads.write(job.id, offset, data)
    whole = offset + len(data) == job.size
    digest = desk.uploads.sha256(job.id) if whole else ""
    at = now(desk)

    def received(old: IntakeJob) -> IntakeJob:
        if old.stage != "uploading" or old.received != offset:
            raise PartMisplaced(offset=offset, received=old.received)
        new = replace(old, received=offset + len(data), beat_at=at)
        if not whole:
            return new
        if old.announced and old.announced != digest:
            error = UploadDiffers(expected=old.announced, got=digest)
            return replace(new, sha256=digest, stage="failed", fault=fault_of(error), finished_at=at)
        return replace(new, sha256=digest, stage="checking", asked_at=at, earlier=earlier)

    submitted = (other.id for other in desk.intake.alike(job, digest) if other.stage in {"submitted", "submitting"})
    earlier = next(submitted, "") if whole else ""
    return desk.intake.change(job.tenant, job.id, received)


def upload_of(desk: IntakeDesk, tenant: str, organisation: str, job_id: str) -> IntakeJob:
    """A job as its organisation and the house (an empty one) see it. Raises ``IntakeAbsent``."""
    job = desk.intake.get(tenant, job_id)
    if job is None or job.stage == "discarded" or (organisation and job.organisation != organisation):
        raise IntakeAbsent(job=job_id[:100])
    return job


def submit(desk: IntakeDesk, job: IntakeJob) -> IntakeJob:
    """Let the good rows become entries. Raises ``IntakeStage``, ``NothingToSubmit``."""
    if job.stage == "checked" and not job.good:
        raise NothingToSubmit(job=job.id)
    size = desk.entries.size() if job.log_size < 0 else job.log_size
    return _moved(desk, job, {"checked"}, "submitting", log_size=size)


def cancel(desk: IntakeDesk, job: IntakeJob) -> IntakeJob:
    """
    Stop an upload or its check for good, a submission after the batch that is under way. Raises ``IntakeStage``.

    What became entries stays: it can be submitted to its end, or undone.
    """
    if job.stage == "submitting":
        return _moved(desk, job, {"submitting"}, "checked")
    done = _moved(desk, job, {"uploading", "checking"}, "cancelled")
    desk.uploads.drop(job.id)
    return done


def discard(desk: IntakeDesk, job: IntakeJob) -> None:
    """Let go of everything of a job of which nothing became an entry. Raises ``IntakeStage``."""
    if job.sent:
        raise IntakeStage(job=job.id, stage=job.stage)
    _moved(desk, job, {"uploading", "checking", "checked", "failed", "cancelled"}, "discarded")
    desk.uploads.drop(job.id)
    desk.intake.clear(job.id)


def undo(desk: IntakeDesk, job: IntakeJob, sender: Sender) -> IntakeJob:
    """
    Withdraw every entry that this job added. Entries and proofs stay; no figure counts them any more.

    Raises ``NotYours`` for who neither submitted it nor manages the ledger, and ``IntakeStage``.
    """
    if sender.id != job.submitter and not sender.manages:
        raise NotYours(record_id=job.id)
    if not job.sent:
        raise IntakeStage(job=job.id, stage=job.stage)
    return _moved(desk, job, {"submitted", "checked", "failed"}, "withdrawing", done=0, withdrawn=0, kept=0, fault=None)


def fault_of(error: LedgerError) -> Fault:
    """An error as a job keeps it."""
    reason = {"en": error.message("en"), "zh-CN": error.message("zh-CN")}
    return Fault(error.code, reason, {"en": error.fix("en"), "zh-CN": error.fix("zh-CN")})


def _moved(desk: IntakeDesk, job: IntakeJob, stages: set[Stage], stage: Stage, **more: object) -> IntakeJob:
    at = now(desk)

    def moved(old: IntakeJob) -> IntakeJob:
        if old.stage not in stages:
            raise IntakeStage(job=old.id, stage=old.stage)
        begun: dict[str, object] = {"started_at": 0, "claim": "", "claimed_until": 0, "beat_at": at, "asked_at": at}
        return replace(old, stage=stage, **(begun | more))

    return desk.intake.change(job.tenant, job.id, moved)

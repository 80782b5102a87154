"""
Intake jobs: files on their way from an upload to entries. What is true of a job is in the store, never in a process.

A process that works on a job holds a claim for some seconds and renews it with every batch it writes; one that dies
lets it run out, and the next process goes on behind the last batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from msgspec import Struct

Stage = Literal[
    "uploading", "checking", "checked", "submitting", "submitted", "withdrawing", "withdrawn", "failed", "cancelled",
    "discarded",
]  # fmt: skip
OPEN: Final[frozenset[Stage]] = frozenset({"checking", "submitting", "withdrawing"})
"""Stages in which there is work for a process."""


class Fault(Struct, frozen=True):
    """Why a whole file is not taken: the rule and what to do, in both languages."""

    rule: str
    reason: Mapping[str, str]
    fix: Mapping[str, str]


class FoldedCell(Struct, frozen=True):
    """A cell in full-width forms, and what it was read as."""

    row: int
    column: str
    before: str
    after: str


class IntakeJob(Struct, frozen=True, kw_only=True):
    """
    One file of a tenant's principal. Times are microseconds since the Unix epoch, sizes bytes.

    ``organisation`` is empty for the house's own people. ``read`` = ``good`` + ``refused``; of the good rows ``known``
    are entries already. ``sent`` of ``batches`` batches were submitted: ``fresh`` rows became entries, ``already`` were
    some before, ``conflicts`` were refused then.
    """

    id: str
    tenant: str
    organisation: str
    submitter: str
    role: str
    scope: tuple[str, ...] = ()
    """Permissions that its sender's key was narrowed to; empty where it has all of its role's."""
    manages: bool
    name: str
    size: int
    announced: str
    created_at: int
    stage: Stage = "uploading"
    received: int = 0
    sha256: str = ""
    claim: str = ""
    claimed_until: int = 0
    beat_at: int = 0
    """When a process, or its sender, last did something for it."""
    started_at: int = 0
    """When the present stage was first worked on."""
    done_before: int = 0
    """Rows that were done when it was: the rate counts from there."""
    finished_at: int = 0
    fault: Fault | None = None
    earlier: str = ""
    """A job that submitted a file of the same bytes before."""
    kinds: Mapping[str, int] = {}
    headings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    total: int = 0
    read: int = 0
    good: int = 0
    known: int = 0
    refused: int = 0
    preflight: tuple[int, int] = (0, 0)
    """Of the first rows, how many were read and how many of these were refused."""
    folded: tuple[FoldedCell, ...] = ()
    """Of the first rows, cells whose full-width forms were folded: the first of them."""
    folded_cells: int = 0
    """How many of these there were."""
    log_size: int = -1
    """Entries in the log when it was submitted: what came later under the rows' ids came from it."""
    asked_at: int = 0
    """When the present stage was asked for."""
    batches: int = 0
    sent: int = 0
    done: int = 0
    """Rows of the batches that were sent, or whose entries were withdrawn."""
    fresh: int = 0
    already: int = 0
    conflicts: int = 0
    first_entry: int = -1
    last_entry: int = -1
    withdrawn: int = 0
    kept: int = 0
    """Entries that could not be withdrawn."""

    @property
    def waiting(self) -> bool:
        """Whether no process has taken it up yet."""
        return self.stage in OPEN and not self.claim


class Batch(Struct, frozen=True, array_like=True):
    """
    Good rows, column by column, ready to be sequenced.

    ``seqs`` are the entries they became, and ``fresh`` whether this job added them; empty before they are submitted. A
    row that was refused then has -1.
    """

    rows: Sequence[int]
    kinds: Sequence[int]
    ids: Sequence[str]
    occurred_at: Sequence[int]
    bodies: Sequence[bytes]
    seqs: Sequence[int] = ()
    fresh: Sequence[bool] = ()


Refused = Mapping[str, Any]
"""A refused row as ``services.import_file.Refused.to_record`` gives it."""
Change = Callable[[IntakeJob], IntakeJob]
"""From a job as it is to what it shall be; what it raises leaves everything as it was."""


class IntakeStore(Protocol):
    """Jobs with what they staged."""

    def add(self, job: IntakeJob) -> None:
        """Keep a new job. Durable when it returns."""
        ...

    def get(self, tenant: str, job_id: str) -> IntakeJob | None:
        """A tenant's job."""
        ...

    def listed(self, tenant: str, organisation: str, limit: int, before: str = "") -> list[IntakeJob]:
        """Jobs, newest first; of one organisation, or with an empty one of the whole tenant. Ids sort by time."""
        ...

    def alike(self, job: IntakeJob, sha256: str) -> list[IntakeJob]:
        """Other jobs of its organisation for a file of these bytes, or announced as such, newest first."""
        ...

    def claim(self, claim: str, now: int, until: int) -> IntakeJob | None:
        """The oldest open job that no one works on, for the holder of ``claim`` until then."""
        ...

    def change(
        self, tenant: str, job_id: str, change: Change, batch: tuple[int, Batch] | None = None,
        refused: Sequence[Refused] = (),
    ) -> IntakeJob:  # fmt: skip
        """
        Change a job, keep a batch under its number, and refused rows behind those there are: all of it or nothing.

        Raises ``IntakeAbsent``, and what ``change`` raises.
        """
        ...

    def batch(self, job_id: str, number: int) -> Batch:
        """A batch, from 0."""
        ...

    def refused(self, job_id: str, after: int, limit: int) -> list[Refused]:
        """Refused rows in the order they were found, behind the first ``after`` of them."""
        ...

    def busy(self, now: int) -> bool:
        """Whether a process holds a claim on a job."""
        ...

    def clear(self, job_id: str) -> None:
        """Let go of all that a job staged."""
        ...


class Uploads(Protocol):
    """Files that come in parts."""

    def write(self, job_id: str, offset: int, data: bytes) -> None:
        """Put a part where it belongs. Durable when it returns."""
        ...

    def sha256(self, job_id: str) -> str:
        """Hash of what came in so far [hexadecimal]."""
        ...

    def drop(self, job_id: str) -> None:
        """Let go of it."""
        ...

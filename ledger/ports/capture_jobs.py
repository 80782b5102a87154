"""Capture jobs: documents that were accepted, until every event of them has its outcome, and the outcome after that."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

Behaviour = Literal["rollback", "proceed"]


class CaptureJob(NamedTuple):
    """A document of a tenant on its way into the log. Times are microseconds since the Unix epoch."""

    id: str
    tenant: str
    submitter: str
    behaviour: Behaviour
    locale: str
    """Language of the submitter, in which its errors are written."""
    created_at: int
    finished_at: int | None = None
    success: bool = False
    events: int = 0
    """Events of the document that have their outcome."""
    errors: bytes = b"[]"
    """Problems, as JSON."""

    @property
    def running(self) -> bool:
        """Whether there is more to come."""
        return self.finished_at is None


class CaptureJobStore(Protocol):
    """Jobs survive the process that accepted them; each is seen by its own tenant alone."""

    def accept(self, job: CaptureJob, document: bytes) -> None:
        """Keep a job and its document until it is finished. Durable when it returns."""
        ...

    def claim(self, now: int, until: int) -> tuple[CaptureJob, bytes] | None:
        """The oldest unfinished job that no one works on, for one worker until then; with its document."""
        ...

    def finish(self, job: CaptureJob) -> None:
        """Keep the outcome and let go of the document."""
        ...

    def get(self, tenant: str, job_id: str) -> CaptureJob | None:
        """A tenant's job."""
        ...

    def listed(self, tenant: str, limit: int, after: str = "") -> list[CaptureJob]:
        """A tenant's jobs, oldest first: ids sort by when they were accepted."""
        ...

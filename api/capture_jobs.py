"""
Outcomes of EPCIS captures, for ``GET /capture/{id}``.

A capture is finished before it is answered, so a job is only its outcome. The latest ones are kept by this process;
the events themselves are in the log and tell for ever.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from api.schemas.epcis import CaptureJob

MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class CaptureJobs:
    """The latest jobs, each seen by its own tenant alone."""

    _jobs: OrderedDict[tuple[str, str], CaptureJob] = field(default_factory=OrderedDict)

    def keep(self, tenant: str, job: CaptureJob) -> None:
        """Remember a job; the oldest makes room."""
        self._jobs[tenant, job.capture_id] = job
        while len(self._jobs) > MOST_KEPT:
            self._jobs.popitem(last=False)

    def get(self, tenant: str, capture_id: str) -> CaptureJob | None:
        """A tenant's job."""
        return self._jobs.get((tenant, capture_id))

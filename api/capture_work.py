"""
Capture jobs: small documents are captured before they are answered, large ones by a thread of their own.

A job and its document are durable before the sender is told of it. A process that dies leaves it open, and the next
one, or another beside it, takes it up: capturing the same events again adds none of them twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from api.epcis_terms import CAPTURE_LIMIT
from api.faults import CaptureLimitExceeded
from api.problem import problem_of
from api.schemas.problem import Problem
from api.wire import require_shallow
from ledger.errors import LedgerError, Locale, StoreError
from ledger.ports import CaptureJob
from ledger.ports.capture_jobs import Behaviour
from ledger.records.epcis.document import EventDocument, read_document
from ledger.records.record import microseconds
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.capture_document import capture_document
from ledger.wiring import Ledger

AT_ONCE: Final = 256 * 1024
"""Bytes of a document that is captured before it is answered."""
CLAIM: Final = 120 * 1_000_000
"""Microseconds one worker has for a job before another may take it up."""
MOST_PROBLEMS: Final = 1_000
"""Faults of one document that are written out."""


def opened(data: bytes) -> EventDocument:
    """The document in a body. Raises ``CaptureLimitExceeded``, and what a document that is none raises."""
    require_shallow(data)
    document = read_document(data)
    if len(document.events) > CAPTURE_LIMIT:
        raise CaptureLimitExceeded(limit=CAPTURE_LIMIT)
    return document


def accepted(ledger: Ledger, who: Principal, data: bytes, behaviour: Behaviour, locale: Locale) -> CaptureJob:
    """
    The job of a document, durable; finished already when the document is small.

    Raises what ``opened`` raises, and ``StoreError``.
    """
    document = opened(data)
    now = microseconds(ledger.clock.now())
    job = CaptureJob(
        id=f"{now:016x}{ledger.random.token(8).hex()}",
        tenant=who.tenant,
        submitter=who.id,
        behaviour=behaviour,
        locale=locale,
        created_at=now,
    )
    if len(data) > AT_ONCE:
        ledger.capture_jobs.accept(job, data)
        return job
    job = _done(ledger, job, document)
    ledger.capture_jobs.accept(job, b"")
    return job


def work(ledger: Ledger, stopped: Callable[[], bool]) -> bool:
    """Take up the oldest open job; whether there was one."""
    now = microseconds(ledger.clock.now())
    claimed = None if stopped() else ledger.capture_jobs.claim(now, now + CLAIM)
    if claimed is None:
        return False
    job, data = claimed
    try:
        ledger.capture_jobs.finish(_done(ledger, job, opened(data)))
    except StoreError:
        raise  # the job stays open
    except LedgerError as error:
        ledger.capture_jobs.finish(_finished(ledger, job, 0, [error]))
    return True


def _done(ledger: Ledger, job: CaptureJob, document: EventDocument) -> CaptureJob:
    submission = Submission(job.tenant, job.submitter)
    captured = capture_document(ledger, submission, document, whole=job.behaviour == "rollback")
    ledger.answering.freshen()
    return _finished(ledger, job, captured.fresh + captured.already, captured.faults)


def _finished(ledger: Ledger, job: CaptureJob, events: int, faults: Sequence[LedgerError]) -> CaptureJob:
    locale: Locale = "zh-CN" if job.locale == "zh-CN" else "en"
    problems: list[Problem] = [problem_of(fault, locale, job.id, epcis=True) for fault in faults[:MOST_PROBLEMS]]
    return job._replace(
        finished_at=microseconds(ledger.clock.now()),
        success=not faults,
        events=events,
        errors=msgspec.json.encode(problems),
    )

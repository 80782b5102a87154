"""
EPCIS 2.0 capture (GS1 EPCIS 2.0, section 12): one event, or a document of events.

``POST /events`` is served by ``api.ingest`` when it comes from a machine that was seen lately; this is the same for
everyone else.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LocaleDep, PrincipalDep, RuntimeDep, request_id_of
from api.describe import gives
from api.epcis_terms import CAPTURE_LIMIT
from api.events import event_draft, receipt_bytes
from api.faults import CaptureLimitExceeded, NoSuchAddress
from api.ingest import event_location
from api.problem import problem_of
from api.runtime import Runtime
from api.schemas.epcis import CaptureJob, Document, EventReceipt
from api.wire import instant, reply, require_json, require_shallow
from ledger.records.epcis.document import read_document
from ledger.records.record import microseconds
from ledger.services.capture import Submission
from ledger.services.capture_document import Captured, capture_document

router = APIRouter(tags=["EPCIS"])
Behaviour = Literal["rollback", "proceed"]
_ONE_EVENT = {"type": "object", "description": "An EPCIS 2.0 event of any of the five types"}


@router.post("/events", **gives(EventReceipt, 200, status=201, takes=_ONE_EVENT))
async def post_event(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Record one event. The answer comes when it is durable; the same event again is the same entry."""
    require_json(request)
    submission = Submission(principal.tenant, principal.id)
    draft = event_draft(await request.body(), submission, runtime.ledger.random)
    receipt = await runtime.commits.append(draft)
    headers = {"Location": event_location(draft.record_id)}
    body = receipt_bytes(draft.record_id, receipt)
    return Response(body, 201 if receipt.fresh else 200, headers, "application/json")


@router.post(
    "/capture", **gives(None, status=202, takes=Document, takes_type=("application/json", "application/ld+json"))
)
async def post_capture(
    request: Request,
    runtime: RuntimeDep,
    principal: PrincipalDep,
    locale: LocaleDep,
    behaviour: Annotated[Behaviour, Header(alias="GS1-Capture-Error-Behaviour")] = "rollback",
) -> Response:
    """
    Record the events of a document. With ``rollback`` (the default) one bad event keeps all of them out.

    The outcome is at the ``Location`` of the answer, finished by the time the answer comes.
    """
    require_json(request)
    data = await request.body()
    began = microseconds(runtime.ledger.clock.now())
    submission = Submission(principal.tenant, principal.id)
    captured = await run_in_threadpool(_record, runtime, submission, data, behaviour)
    job = CaptureJob(
        capture_id=secrets.token_urlsafe(16),
        created_at=instant(began),
        finished_at=instant(microseconds(runtime.ledger.clock.now())),
        running=False,
        success=not captured.faults,
        capture_error_behaviour=behaviour,
        errors=[problem_of(fault, locale, request_id_of(request), epcis=True) for fault in captured.faults],
    )
    runtime.captures.keep(principal.tenant, job)
    headers = {
        "Location": f"/capture/{job.capture_id}",
        "GS1-EPCIS-Capture-Limit": str(CAPTURE_LIMIT),
        "GS1-Capture-Error-Behaviour": behaviour,
    }
    return Response(status_code=202, headers=headers)


@router.get("/capture/{capture_id}", **gives(CaptureJob))
def get_capture(capture_id: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """The outcome of a capture of the tenant; the latest ones only."""
    job = runtime.captures.get(principal.tenant, capture_id)
    if job is None:
        raise NoSuchAddress
    return reply(job)


def _record(runtime: Runtime, submission: Submission, data: bytes, behaviour: Behaviour) -> Captured:
    """Append what is good, by the rule the sender chose. Runs beside the event loop, reading included."""
    require_shallow(data)
    document = read_document(data)
    if len(document.events) > CAPTURE_LIMIT:
        raise CaptureLimitExceeded(limit=CAPTURE_LIMIT)
    return capture_document(runtime.ledger, submission, document, whole=behaviour == "rollback")

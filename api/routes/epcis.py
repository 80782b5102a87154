"""
EPCIS 2.0 capture (GS1 EPCIS 2.0, section 12): one event, or a document of events.

``POST /events`` is served by ``api.ingest`` when it comes from a machine that was seen lately; this is the same for
everyone else.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request
from msgspec import Raw
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.capture_work import accepted
from api.deps import LocaleDep, PrincipalDep, RuntimeDep, ScopeDep
from api.describe import gives
from api.epcis_asking import AskingDep
from api.epcis_terms import ANNOUNCED, CAPTURE_HEADERS, TermsDep, epcis_reply
from api.events import event_draft, receipt_bytes
from api.faults import NoSuchAddress
from api.ingest import event_location
from api.schemas.epcis import CaptureJobView, Document, EventReceipt
from api.wire import instant, require_json
from ledger.ports import CaptureJob
from ledger.ports.capture_jobs import Behaviour
from ledger.services.capture import Submission

router = APIRouter(tags=["EPCIS"])
_ONE_EVENT = {"type": "object", "description": "An EPCIS 2.0 event of any of the five types"}


@router.post("/events", **gives(EventReceipt, 200, status=201, takes=_ONE_EVENT))
async def post_event(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Record one event. The answer comes when it is durable; the same event again is the same entry."""
    require_json(request)
    submission = Submission.of(principal)
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
    Accept a document of events. With ``rollback`` (the default) one bad event keeps all of them out.

    The job is at the ``Location`` of the answer: finished already for a small document, running for a large one. When
    it says that it has finished, queries find its events.
    """
    require_json(request)
    data = await request.body()
    job = await run_in_threadpool(accepted, runtime.ledger, principal, data, behaviour, locale)
    if job.running:
        runtime.captures.wake()
    headers = {
        **ANNOUNCED,
        **CAPTURE_HEADERS,
        "Location": f"/capture/{job.id}",
        "GS1-Capture-Error-Behaviour": behaviour,
    }
    return Response(status_code=202, headers=headers)


@router.get("/capture", **gives(None))
def list_captures(asking: AskingDep, scope: ScopeDep) -> Response:
    """The tenant's capture jobs, oldest first; a supplier's own organisation's of them."""
    jobs, tenant = asking.runtime.ledger.capture_jobs, asking.tenant
    ids, headers = asking.names("capture", lambda limit, after: [one.id for one in jobs.listed(tenant, limit, after)])
    found = (jobs.get(tenant, each) for each in ids)
    seen = [_view(job) for job in found if job is not None and scope.sees_job(job.submitter)]
    return epcis_reply(seen, asking.terms, headers=headers)


@router.get("/capture/{capture_id}", **gives(CaptureJobView))
def get_capture(capture_id: str, runtime: RuntimeDep, scope: ScopeDep, terms: TermsDep) -> Response:
    """A capture job of the tenant: whether it is running, and what was refused."""
    job = runtime.ledger.capture_jobs.get(scope.tenant, capture_id[:60])
    if job is None or not scope.sees_job(job.submitter):
        raise NoSuchAddress
    return epcis_reply(_view(job), terms)


def _view(job: CaptureJob) -> CaptureJobView:
    return CaptureJobView(
        capture_id=job.id,
        created_at=instant(job.created_at),
        finished_at=None if job.finished_at is None else instant(job.finished_at),
        running=job.running,
        success=job.success,
        capture_error_behaviour=job.behaviour,
        events=job.events,
        errors=Raw(job.errors),
    )

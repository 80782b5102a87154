"""
EPCIS 2.0 capture (GS1 EPCIS 2.0, section 12): one event, or a document of events.

``POST /events`` is served by ``api.ingest`` when it comes from a machine that was seen lately; this is the same for
everyone else.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LocaleDep, PrincipalDep, RuntimeDep, request_id_of
from api.describe import gives
from api.events import drafted, event_draft, receipt_bytes
from api.faults import NoSuchAddress
from api.ingest import event_location
from api.problem import problem_of
from api.runtime import Runtime
from api.schemas.epcis import CaptureJob, Document, EventReceipt
from api.wire import instant, read, reply, require_json
from ledger.errors import LedgerError, Place
from ledger.log.errors import RecordConflict
from ledger.ports import Draft, Receipt
from ledger.records.epcis.context import prefixes
from ledger.records.epcis.reading import at_event, read_event
from ledger.records.errors import RecordUnreadable
from ledger.records.record import microseconds
from ledger.services.capture import Submission

router = APIRouter(tags=["EPCIS"])
CAPTURE_LIMIT = 1_000
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
    document = await read(request, Document)
    began = microseconds(runtime.ledger.clock.now())
    submission = Submission(principal.tenant, principal.id)
    faults = await run_in_threadpool(_record, runtime, submission, document, behaviour)
    job = CaptureJob(
        capture_id=secrets.token_urlsafe(16),
        created_at=instant(began),
        finished_at=instant(microseconds(runtime.ledger.clock.now())),
        running=False,
        success=not faults,
        capture_error_behaviour=behaviour,
        errors=[problem_of(fault, locale, request_id_of(request), epcis=True) for fault in faults],
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


def _record(runtime: Runtime, submission: Submission, document: Document, behaviour: Behaviour) -> list[LedgerError]:
    """Append what is good, by the rule the sender chose; what was refused, with its place in the document."""
    events = document.epcis_body.event_list
    declared = prefixes(document.context)
    if len(events) > CAPTURE_LIMIT:
        raise RecordUnreadable(why=f"a document has at most {CAPTURE_LIMIT} events").at(_place(CAPTURE_LIMIT))
    drafts: list[tuple[int, Draft]] = []
    faults: list[LedgerError] = []
    for position, event in enumerate(events):
        try:
            drafts.append((position, drafted(read_event(event, declared), submission, runtime.ledger.random)))
        except LedgerError as error:
            faults.append(_at(error, position))
    if behaviour == "rollback":
        faults += _conflicts(runtime, drafts)
        if faults:
            return faults
    return faults + _append(runtime, drafts)


def _append(runtime: Runtime, drafts: list[tuple[int, Draft]]) -> list[LedgerError]:
    if not drafts:
        return []
    ledger = runtime.ledger
    appended = ledger.entries.append([draft for _, draft in drafts], microseconds(ledger.clock.now()))
    outcomes: zip[tuple[tuple[int, Draft], Receipt | RecordConflict]] = zip(drafts, appended.outcomes(), strict=True)
    return [_at(outcome, n) for (n, _), outcome in outcomes if isinstance(outcome, RecordConflict)]


def _conflicts(runtime: Runtime, drafts: list[tuple[int, Draft]]) -> list[LedgerError]:
    """Events whose id is in the log, or earlier in the document, with other content."""
    found: list[LedgerError] = []
    seen: dict[str, bytes] = {}
    for position, draft in drafts:
        known = runtime.ledger.entries.find(draft.tenant, draft.record_id)
        record = _RECORD.decode(draft.body).record
        if known is not None and _RECORD.decode(known.body).record != record:
            found.append(_at(RecordConflict(record_id=draft.record_id, index=known.index), position))
        elif seen.setdefault(draft.record_id, bytes(record)) != bytes(record):
            why = f"eventID {draft.record_id} stands twice in the document with different content"
            found.append(_at(RecordUnreadable(why=why), position))
    return found


class _Body(msgspec.Struct):
    record: msgspec.Raw


_RECORD = msgspec.json.Decoder(_Body)


def _place(position: int) -> Place:
    return Place(pointer=f"/epcisBody/eventList/{position}")


def _at(error: LedgerError, position: int) -> LedgerError:
    """The error with its pointer made to start at the document."""
    return at_event(error, f"/epcisBody/eventList/{position}")

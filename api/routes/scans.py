"""What scanning devices talk to, the scan page first: who is signed in, scans in, what is known, what is expected."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, LocaleDep, PrincipalDep, RuntimeDep, SessionDep
from api.describe import gives
from api.origin import request_id_of
from api.permissions import may
from api.problem import problem_of
from api.scans import scan_of, skew_ms
from api.schemas.scans import (
    AT_ONCE,
    ExpectedList,
    KnownPage,
    Repeat,
    ScanOutcome,
    Scans,
    ScansOutcome,
    SessionView,
)
from api.things import expected_in, known_page, known_things
from api.wire import instant, read, reply
from ledger.errors import LedgerError, Locale
from ledger.records.record import microseconds
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.take_scans import Outcome, take_scans
from ledger.wiring import Ledger

router = APIRouter(tags=["scans"])


@router.get("/api/v1/session", **gives(SessionView))
def get_session(ledger: LedgerDep, principal: PrincipalDep, session: SessionDep) -> Response:
    """Who is signed in, and what a page needs to write on their behalf."""
    view = SessionView(
        tenant=principal.tenant,
        who=principal.id,
        name=principal.name,
        role=principal.role,
        may_scan=may(principal, "capture"),
        form_token=session.form_token if session else "",
        server_time=instant(microseconds(ledger.clock.now())),
    )
    return reply(view)


@router.post("/api/v1/scans", **gives(ScansOutcome, takes=Scans))
async def post_scans(request: Request, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """
    Record scans, each on its own: accepted, a flagged duplicate, or rejected with its reason.

    Durable when the answer comes. Sending them again changes nothing, so a device may repeat whatever it is unsure of.
    """
    asked = await read(request, Scans)
    ledger = runtime.ledger
    outcomes = await run_in_threadpool(_take, ledger, principal, asked.events)
    now = ledger.clock.now()
    rows = [
        _row(event, outcome, locale, request_id_of(request))
        for event, outcome in zip(asked.events, outcomes, strict=True)
    ]
    skew = skew_ms(asked.device_time, now)
    return reply(ScansOutcome(server_time=instant(microseconds(now)), clock_skew_ms=skew, outcomes=rows))


def _take(ledger: Ledger, principal: Principal, events: list[Any]) -> list[Outcome]:
    submission = Submission.of(principal)
    scans = [scan_of(event, submission, ledger.random) for event in events]
    return take_scans(ledger.entries, ledger.sightings, ledger.clock, scans)


def _row(event: Any, outcome: Outcome, locale: Locale, request_id: str) -> ScanOutcome:
    event_id = str(event.get("eventID", ""))[:200] if isinstance(event, dict) else ""
    if isinstance(outcome, LedgerError):
        return ScanOutcome(event_id=event_id, state="rejected", problem=problem_of(outcome, locale, request_id))
    repeats = [
        Repeat(code=thing, event_id=seen.event_id, at=instant(seen.at)) for thing, seen in outcome.seen_before.items()
    ]
    state: Literal["duplicate", "accepted"] = "duplicate" if repeats else "accepted"
    return ScanOutcome(event_id=event_id, state=state, index=outcome.receipt.seq, repeats=repeats)


@router.get("/api/v1/scans/known", **gives(KnownPage))
def get_known(
    ledger: LedgerDep,
    principal: PrincipalDep,
    after: Annotated[str, Query(max_length=2048)] = "",
    code: Annotated[list[str] | None, Query(max_length=AT_ONCE)] = None,
) -> Response:
    """The tenant's things for a device to keep: a page of all of them, or those of some codes."""
    found = known_things(ledger, principal.tenant, code) if code else known_page(ledger, principal.tenant, after)
    return reply(found)


@router.get("/api/v1/scans/expected", **gives(ExpectedList))
def get_expected(
    ledger: LedgerDep, principal: PrincipalDep, parent: Annotated[str, Query(min_length=1, max_length=2048)]
) -> Response:
    """What should be inside a logistic unit, by its code in any form."""
    return reply(expected_in(ledger, principal.tenant, parent))

"""Recorded plans of routes: what was driven, booking what it saved, planned events; and the savings of a period."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep, ScopeDep
from api.describe import gives
from api.schemas.native import NewSaving
from api.wire import read, reply
from ledger.records.errors import contradiction
from ledger.services.book_saving import book
from ledger.services.capture import Submission
from ledger.services.executed_plans import bring_up_to_date
from ledger.services.plan_savings import Asked, doubt_of, saved_by
from ledger.services.planned_events import planned_document
from ledger.services.route_plans import find_plan
from ledger.services.savings_wall import MOST_ROWS, savings_wall
from ledger.units import parse_decimal

router = APIRouter(tags=["plans"])
Doubt = Annotated[str, Query(max_length=40, description="Relative standard uncertainty, such as 0.02")]
Start = Annotated[datetime, Query(description="When the vehicles leave, RFC 3339 with its offset")]
Speed = Annotated[str, Query(max_length=40, description="km/h on average")]
Day = Annotated[date, Query(description="2026-07-01; the period has a year at most")]
After = Annotated[int | None, Query(ge=0, le=2**53 - 1, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Plans on a page")]


@router.get("/api/v1/plans/{plan_id:path}/driven", **gives(None))
def get_driven(plan_id: str, ledger: LedgerDep, principal: PrincipalDep, activity: Doubt, rates: Doubt) -> Response:
    """What became of each order of a plan, what it would save by cause, and what stands in the way of booking it."""
    bring_up_to_date(ledger)
    asked = Asked(plan_id, doubt_of(activity, rates))
    return reply(saved_by(ledger, principal.tenant, asked).to_record())


@router.post("/api/v1/plans/{plan_id:path}/saving", **gives(None, status=201, takes=NewSaving))
async def post_saving(plan_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Book what a driven plan saved, as a claim and once. What was not driven is refused, order by order."""
    body = await read(request, NewSaving)
    asked = Asked(plan_id, doubt_of(body.activity, body.rates, body.making), body.packaging)
    booked = await run_in_threadpool(book, ledger, Submission.of(principal), asked)
    made = {"claim": booked.claim.id, "entry": booked.receipt.seq}
    return reply(booked.saved.to_record() | made, 201)


@router.get("/api/v1/plans/{plan_id:path}/events", **gives(None))
def get_planned_events(plan_id: str, ledger: LedgerDep, principal: PrincipalDep, start: Start, kmh: Speed) -> Response:
    """The plan as an EPCIS 2.0 document of events that have not happened; nobody can capture them."""
    if start.tzinfo is None:
        raise contradiction("a time needs its offset", "时间须带时区偏移", "/start")
    record = find_plan(ledger.entries, principal.tenant, plan_id)
    return reply(planned_document(record, start, Fraction(parse_decimal(kmh))))


@router.get("/api/v1/savings", **gives(None))
def get_savings(scope: ScopeDep, start: Day, end: Day, after: After = None, limit: Limit = 20) -> Response:
    """The plans of a period, page by page; the sums are of all that is booked and stands in it, by cause."""
    return reply(savings_wall(scope.ledger, scope.tenant, start, end, after=after, limit=limit).to_record())

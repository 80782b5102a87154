"""The wall of savings: what plans saved once they were driven and booked, by cause; booking one, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.plans import said_in
from api.pages.shell import page
from api.pages.words import Figure, figure, segment
from api.permissions import may
from api.scope import Scope
from ledger.errors import LedgerError, Locale
from ledger.planning.executed import CAUSES
from ledger.services.book_saving import book
from ledger.services.capture import Submission
from ledger.services.executed_plans import STANDINGS
from ledger.services.plan_savings import Asked, doubt_of
from ledger.services.savings_wall import Row, Wall, savings_wall

router = APIRouter(include_in_schema=False)
_LONGEST: Final = 200


class CauseRow(NamedTuple):
    """What a cause saved of all that is booked; ``width`` in thousandths of the largest, ``more`` where it cost."""

    key: str
    kg: Figure
    width: int
    more: bool


class SavingRow(NamedTuple):
    """One plan: what became of it. ``kg`` is of a booked one; ``planned`` is never counted."""

    plan: str
    entry: int
    day: str
    baseline: str
    state: str
    planned: str
    kg: Figure | None
    claim: str
    orders: list[tuple[str, int]]
    fault: str
    fix: str
    bookable: bool


class SavingsView(NamedTuple):
    """The page."""

    start: str
    end: str
    plans: int
    booked: int
    kg: Figure
    tkm: str
    km: str
    cubic: str
    causes: list[CauseRow]
    rows: list[SavingRow]
    next: str
    may_book: bool
    said: Mapping[str, str]
    asked: str
    fault: str
    fix: str


@router.get("/savings")
def savings(
    request: Request, scope: ScopeDep,
    start: date | None = None, end: date | None = None, after: Annotated[int | None, Query(ge=0, le=2**53 - 1)] = None,
) -> Response:  # fmt: skip
    """Plans of a period, this year's without one, and the sum of what is booked and stands."""
    return _shown(request, scope, (start, end, after))


def _shown(
    request: Request,
    scope: Scope,
    period: tuple[date | None, date | None, int | None],
    said: Mapping[str, str] | None = None,
    fault: LedgerError | None = None,
) -> Response:
    locale = locale_for(request)
    year = scope.ledger.clock.now().year
    start, end, after = period
    first, last = start or date(year, 1, 1), end or date(year, 12, 31)
    problem = fault
    try:
        wall = savings_wall(scope.ledger, scope.tenant, first, last, after=after)
    except LedgerError as error:
        problem = error
        wall = savings_wall(scope.ledger, scope.tenant, last, last)
    sums = wall.totals
    following = f"/savings?start={wall.start}&end={wall.end}&after={wall.next}" if wall.next is not None else ""
    view = SavingsView(
        start=first.isoformat(),
        end=last.isoformat(),
        plans=wall.plans,
        booked=sums.plans,
        kg=figure(sums.saved_kg),
        tkm=figure(sums.avoided_tonne_km, 1).shown,
        km=figure(sums.avoided_km, 1).shown,
        cubic=figure(sums.avoided_m3, 2).shown,
        causes=_causes(wall),
        rows=[_row(row, locale) for row in wall.rows],
        next=following,
        may_book=may(scope.principal, "claims.write"),
        said=said or {},
        asked=(said or {}).get("plan", ""),
        fault=problem.message(locale) if problem else "",
        fix=problem.fix(locale) if problem else "",
    )
    crumbs = ((translator(locale)("nav.savings"), ""),)
    return page(request, "savings.html", view, crumbs=crumbs, status=422 if problem else 200)


def _causes(wall: Wall) -> list[CauseRow]:
    parts = wall.totals.parts
    most = max((abs(parts[cause]) for cause in CAUSES), default=Fraction(0)) or Fraction(1)
    return [
        CauseRow(cause, figure(parts[cause]), int(abs(parts[cause]) * 1000 / most), parts[cause] < 0)
        for cause in CAUSES
    ]


def _row(row: Row, locale: Locale) -> SavingRow:
    return SavingRow(
        plan=row.plan,
        entry=row.entry,
        day=row.day.isoformat(),
        baseline=row.baseline,
        state=row.state,
        planned=figure(row.planned_kg).shown,
        kg=None if row.saved_kg is None or row.state != "booked" else figure(row.saved_kg),
        claim=f"/claims/{segment(row.claim)}" if row.claim else "",
        orders=[(standing, row.orders[standing]) for standing in STANDINGS if row.orders.get(standing)],
        fault=row.fault.sentence(locale) if row.fault else "",
        fix=row.fault.fix(locale) if row.fault else "",
        bookable=row.state in {"bookable", "refused", "not_driven"},
    )


@router.post("/savings")
async def take(request: Request, scope: ScopeDep) -> Response:
    """Book what a plan saved; a plan that was not driven is refused, in words."""
    said = said_in(await request.form(), ("plan", "activity", "rates", "start", "end"))
    period = (_day(said.get("start", "")), _day(said.get("end", "")), None)
    try:
        await run_in_threadpool(_booked, scope, said)
    except LedgerError as error:
        return await run_in_threadpool(_shown, request, scope, period, said, error)
    query = "&".join(f"{name}={day}" for name, day in zip(("start", "end"), period, strict=False) if day)
    return RedirectResponse(f"/savings?{query}#plans", 303)


def _booked(scope: Scope, said: Mapping[str, str]) -> None:
    doubt = doubt_of(said.get("activity", ""), said.get("rates", ""))
    asked = Asked(said.get("plan", "")[:_LONGEST], doubt)
    book(scope.ledger, Submission.of(scope.principal), asked)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""A day and its plans beside each other: progress, comparison, the curve of cost and grams, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from api.deps import RuntimeDep, ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.plan_views import CurveView, DraftRow, curve_view, draft_rows
from api.pages.plans import ASKS, said_in
from api.pages.shell import page
from api.permissions import may
from api.plan_asks import FIELDS, FLEET, ITERATIONS, ask_of
from api.planned_day import PINNED, book_of
from api.scope import Scope
from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text
from ledger.planning.routes.problem import Fleet
from ledger.planning.routes.what_if import fleets_changed
from ledger.services.plan_drafts import Asked, PlanDraftAbsent, again, day_of, now

router = APIRouter(include_in_schema=False)
MOST_FLEETS: Final = 60
"""Fleets that the form offers to change."""
MOST_PRICES: Final = 8
"""Prices of carbon asked for at once."""


class FleetRow(NamedTuple):
    """A fleet as the file states it, in the form's units."""

    name: str
    vehicles: str
    capacity_kg: str
    capacity_m3: str
    empty: str
    loaded: str
    named: str
    """The class or carrier of the factor set that its rates are taken from."""


class DayView(NamedTuple):
    """The page of a day."""

    id: str
    file: str
    rows: list[DraftRow]
    running: bool
    orders: int
    places: int
    fleets: list[FleetRow]
    curve: CurveView | None
    may_plan: bool
    said: Mapping[str, str]
    iterations: int
    fault: str
    fix: str


@router.get("/plans/days/{day_id}")
def day(request: Request, day_id: str, scope: ScopeDep) -> Response:
    """All plans of one file."""
    return _shown(request, scope, day_id)


def _shown(
    request: Request, scope: Scope, day_id: str, said: Mapping[str, str] | None = None, fault: LedgerError | None = None
) -> Response:
    locale = locale_for(request)
    t = translator(locale)
    drafts = day_of(scope.ledger, scope.tenant, day_id)
    if drafts[0].kind != "routes":
        raise PlanDraftAbsent(draft=day_id[:60])
    book = book_of(scope.ledger, drafts[0])
    view = DayView(
        id=drafts[0].day,
        file=drafts[0].file,
        rows=draft_rows(drafts, now(scope.ledger), t, locale),
        running=any(one.open and not one.discarded_at for one in drafts),
        orders=len(book.orders),
        places=len(book.places),
        fleets=[_fleet(one) for one in book.fleets[:MOST_FLEETS]],
        curve=curve_view(drafts, t),
        may_plan=may(scope.principal, "plans.write"),
        said=said or {},
        iterations=ITERATIONS,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((t("nav.plans"), "/plans"), (view.file, ""))
    return page(request, "plan-day.html", view, crumbs=crumbs, status=422 if fault else 200)


def _fleet(fleet: Fleet) -> FleetRow:
    return FleetRow(
        fleet.name,
        str(fleet.count),
        exact_text(Fraction(fleet.capacity_g, 1000)),
        exact_text(Fraction(fleet.capacity_cm3, 10**6)),
        exact_text(fleet.rates.empty),
        exact_text(fleet.rates.loaded),
        fleet.origin.named if fleet.origin else "",
    )


@router.post("/plans/days/{day_id}")
async def what_if(request: Request, day_id: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """The same day asked otherwise, once for each price of carbon that is named."""
    form = await request.form()
    said = said_in(form, (*ASKS, "name", "closes", "windows", *_fleet_names(form)))
    try:
        await run_in_threadpool(_again, scope, day_id, dict(said))
    except LedgerError as error:
        if isinstance(error, PlanDraftAbsent):
            raise
        return await run_in_threadpool(_shown, request, scope, day_id, said, error)
    runtime.planning.wake()
    return RedirectResponse(f"/plans/days/{day_id}#drafts", 303)


def _fleet_names(form: FormData) -> tuple[str, ...]:
    return tuple(
        name for name in form if name.startswith(FLEET) and len(name) < 200 and name.rpartition(".")[2] in FIELDS
    )


def _again(scope: Scope, day_id: str, said: dict[str, str]) -> None:
    first = day_of(scope.ledger, scope.tenant, day_id)[0]
    said |= {key: first.said[key] for key in PINNED if key in first.said}
    name = said.pop("name", "")
    prices = [one for one in said.pop("carbon_price", "").replace("，", ",").split(",") if one.strip()][:MOST_PRICES]
    asked = []
    for price in prices or [""]:
        one = {**said, "carbon_price": price.strip()} if price else said
        fleets_changed(book_of(scope.ledger, first).fleets, ask_of(one).changes)
        asked.append(Asked(name, one))
    again(scope.ledger, (scope.tenant, scope.principal.id), day_id, asked)

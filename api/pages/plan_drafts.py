"""One plan that is not recorded yet: its routes and stops, its files, ending, discarding, recording it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import LocaleDep, RuntimeDep, ScopeDep, locale_for
from api.downloads import MEDIA, download
from api.faults import NoSuchAddress, ParameterRefused
from api.pages.catalogue import translator
from api.pages.plan_draft_views import Asking, Shown, draft_view
from api.pages.plan_views import draft_name
from api.pages.plans import said_in
from api.pages.shell import page
from api.permissions import may
from api.planned_day import DAY, FACTOR_SET, Day, open_day, plan_of, positions_of, result_of
from api.scope import Scope
from ledger.adapters.files.plan_refused import refused_tables
from ledger.adapters.files.plan_tables import plan_json, plan_tables
from ledger.adapters.files.written_table import delimited
from ledger.adapters.files.written_workbook import workbook
from ledger.errors import LedgerError, Locale
from ledger.planning.routes.plan import Plan
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.capture import Submission
from ledger.services.plan_drafts import PlanTaken, day_of, discard, done_draft, end, taken
from ledger.services.plan_rates import source_of
from ledger.services.project import catch_up
from ledger.services.route_plans import Statement, newest_baselines, record_plan

router = APIRouter(include_in_schema=False)
PDF: Final = "application/pdf"
_BASELINES: Final = 50
"""The newest plans and baselines among which a baseline is offered."""


@router.get("/plans/drafts/{draft_id}")
def draft(
    request: Request, draft_id: str, scope: ScopeDep, vehicle: Annotated[int, Query(ge=0, le=5000)] = 0
) -> Response:  # fmt: skip
    """The routes of a draft, on a map and stop by stop; ``vehicle`` (from 1) is the one looked at."""
    return _shown(request, scope, draft_id, vehicle=vehicle)


def _shown(
    request: Request,
    scope: Scope,
    draft_id: str,
    *,
    vehicle: int = 0,
    said: Mapping[str, str] | None = None,
    fault: LedgerError | None = None,
) -> Response:
    locale = locale_for(request)
    t = translator(locale)
    found, opened, plan = _opened(scope, draft_id)
    drafts = day_of(scope.ledger, scope.tenant, found.day)
    standing = (one for one in drafts if one.stage == "done" and not one.discarded_at)
    today = next((one for one in standing if one.said.get("today") == "1"), None)
    before = None
    if today is not None and today.id != found.id:
        before = plan_of(opened, today, result_of(scope.ledger, today))
    name = draft_name(found, 1 + [one.id for one in drafts].index(found.id), t)
    may_plan = may(scope.principal, "plans.write")
    asked = may_plan and not found.recorded
    newest = newest_baselines(scope.ledger, scope.tenant, _BASELINES) if asked else []
    asking = Asking(vehicle, may_plan, [(one.id, one.day.isoformat()) for one in newest], said or {}, fault)
    shown = Shown(found, name, opened, plan, before, positions_of(scope.ledger, opened))
    crumbs = ((t("nav.plans"), "/plans"), (found.file, f"/plans/days/{found.day}"), (name, ""))
    view = draft_view(shown, asking, t, locale)
    return page(request, "plan-draft.html", view, crumbs=crumbs, status=422 if fault else 200)


def _opened(scope: Scope, draft_id: str) -> tuple[PlanDraft, Day, Plan]:
    found = done_draft(scope.ledger, scope.tenant, draft_id)
    opened = open_day(scope.ledger, found)
    return found, opened, plan_of(opened, found, result_of(scope.ledger, found))


@router.get("/plans/drafts/{draft_id}/file")
def file(
    draft_id: str, scope: ScopeDep, locale: LocaleDep,
    form: Annotated[Literal["xlsx", "csv", "json", "pdf"], Query(alias="as")] = "xlsx",
) -> Response:  # fmt: skip
    """The plan as a workbook, its stops as delimited text, JSON, or driver sheets."""
    found, opened, plan = _opened(scope, draft_id)
    plan = plan._replace(refused=tuple(opened.left_out(plan)))
    name = f"{found.file.removesuffix('.xlsx')}-plan"
    if form == "pdf":
        from api.driver_sheets import driver_sheets  # which, by reports, needs the pages

        return download(driver_sheets(plan, locale), PDF, f"{name}.pdf")
    if form == "json":
        text = json.dumps(plan_json(plan, locale), ensure_ascii=False, indent=1)
        return download(text.encode(), MEDIA["json"], f"{name}.json")
    tables = plan_tables(plan, locale)
    if form == "csv":
        return download(delimited(tables[2]), MEDIA["csv"], f"{name}.csv")
    return download(workbook(tables), MEDIA["xlsx"], f"{name}.xlsx")


@router.get("/plans/drafts/{draft_id}/errors")
def errors(draft_id: str, scope: ScopeDep, locale: LocaleDep) -> Response:
    """The rows that were left out, as they stood, with the reason and what to do."""
    found, opened, plan = _opened(scope, draft_id)
    data = scope.ledger.contents.read(found.sha256)
    tables = refused_tables(data, opened.left_out(plan), locale)
    return download(workbook(tables), MEDIA["xlsx"], f"{found.file.removesuffix('.xlsx')}-left-out.xlsx")


@router.post("/plans/drafts/{draft_id}/record")
async def record(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """The draft as an entry: what somebody means to drive, or how things are driven today."""
    said = said_in(await request.form(), ("id", "day", "rates_source", "baseline"))
    try:
        await run_in_threadpool(_recorded, scope, draft_id, said, locale_for(request))
    except LedgerError as error:
        return await run_in_threadpool(_shown, request, scope, draft_id, said=said, fault=error)
    return RedirectResponse(f"/plans/drafts/{draft_id}", 303)


def _recorded(scope: Scope, draft_id: str, said: dict[str, str], locale: Locale) -> None:
    found, _, plan = _opened(scope, draft_id)
    if found.recorded:
        raise PlanTaken(draft=found.name or draft_id, record=found.recorded)
    source = source_of(plan)
    for needed in ("id", "day", *(() if source else ("rates_source",))):
        if not said.get(needed):
            raise ParameterRefused(
                name=translator(locale)(f"plan.record.{needed}"), why=translator(locale)("plan.record.needed")
            )
    try:
        day = date.fromisoformat(said["day"])
    except ValueError as error:
        raise ParameterRefused(name="day", why=str(error)) from None
    rated = any(route.fleet.origin for route in plan.routes)
    if rated and said["day"] != found.said[DAY]:
        why = translator(locale)("plan.record.other-day", day=found.said[DAY])
        raise ParameterRefused(name=translator(locale)("plan.record.day"), why=why)
    pinned = found.said[FACTOR_SET] if rated else None
    statement = Statement(said["id"], day, said.get("rates_source") or source, said.get("baseline"), pinned)
    receipt = record_plan(scope.ledger, Submission.of(scope.principal), plan, statement)
    taken(scope.ledger, found, statement.id, receipt.seq)
    catch_up(scope.ledger.entries, scope.ledger.projections)


@router.post("/plans/drafts/{draft_id}/{act}")
def act(draft_id: str, act: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """End the search with the best plan so far, discard the draft, or take that back."""
    ledger, tenant = scope.ledger, scope.tenant
    if act == "end":
        found = end(ledger, tenant, draft_id)
    elif act in {"discard", "undo"}:
        found = discard(ledger, tenant, draft_id, undo=act == "undo")
        runtime.planning.wake()
    else:
        raise NoSuchAddress
    place = {"routes": "/plans/days", "cartons": "/cartons"}[found.kind]
    return RedirectResponse(f"{place}/{found.day}#drafts", 303)

"""Loads of a plan that is not recorded yet: the vehicles as they leave, and the picture of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.charts.load_picture import load_svg
from api.deps import ScopeDep, locale_for
from api.faults import NoSuchAddress
from api.pages.catalogue import translator
from api.pages.plan_load_views import loads_view
from api.pages.plan_views import draft_name
from api.pages.shell import page
from api.planned_day import open_day, plan_of, result_of
from api.planned_loads import loaded, to_load
from ledger.services.plan_drafts import day_of, done_draft

router = APIRouter(include_in_schema=False)


@router.get("/plans/drafts/{draft_id}/loads")
def loads(
    request: Request, draft_id: str, scope: ScopeDep, start: Annotated[int, Query(ge=0, le=5000)] = 0
) -> Response:
    """Each vehicle as it leaves its depot."""
    locale = locale_for(request)
    t = translator(locale)
    found = done_draft(scope.ledger, scope.tenant, draft_id)
    day = open_day(scope.ledger, found)
    drafts = day_of(scope.ledger, scope.tenant, found.day)
    name = draft_name(found, 1 + [one.id for one in drafts].index(found.id), t)
    result = result_of(scope.ledger, found)
    view = loads_view((found.id, name), day, plan_of(day, found, result), result.loads, (start, locale))
    draft = f"/plans/drafts/{found.id}"
    crumbs = (
        (t("nav.plans"), "/plans"),
        (found.file, f"/plans/days/{found.day}"),
        (name, draft),
        (t("plan.loads"), ""),
    )
    return page(request, "plan-loads.html", view, crumbs=crumbs)


@router.get("/plans/drafts/{draft_id}/loads/{number}.svg")
def picture(draft_id: str, number: int, scope: ScopeDep) -> Response:
    """The loaded hold of a vehicle, by its place among those of the plan, from 1."""
    found = done_draft(scope.ledger, scope.tenant, draft_id)
    day = open_day(scope.ledger, found)
    result = result_of(scope.ledger, found)
    routes, kept = plan_of(day, found, result).routes, result.loads
    if not 0 < number <= min(len(routes), len(kept)):
        raise NoSuchAddress
    asked, load = to_load(day, routes[number - 1]), kept[number - 1]
    if asked is None or load is None:
        raise NoSuchAddress
    return Response(load_svg(loaded(asked, load)), media_type="image/svg+xml")

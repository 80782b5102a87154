"""What the list of plans shows: days under way, and plans and baselines that were recorded."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from api.pages.words import Figure, at, figure
from api.scope import Scope
from ledger.ports.plan_drafts import Kind, PlanDraft
from ledger.records.route_plan import RoutePlan
from ledger.services.route_plans import journeys, newest_plans

LISTED = 20


class DayRow(NamedTuple):
    """One file and its drafts."""

    id: str
    file: str
    at: datetime
    drafts: int
    going: bool
    recorded: int


class RecordedRow(NamedTuple):
    """One recorded plan or baseline."""

    id: str
    entry: int
    role: str
    day: str
    routes: int
    stops: int
    km: str
    kg: Figure
    baseline: str


class RecordedPage(NamedTuple):
    """Some recorded plans, newest first, and where the next page begins."""

    rows: list[RecordedRow]
    next_before: int | None


def day_rows(scope: Scope, kind: Kind, before: str) -> tuple[list[DayRow], str]:
    """Days of a kind, newest first, and where the next page begins."""
    heads = scope.ledger.plans.days(scope.tenant, kind, LISTED + 1, before)
    rows = [_day(head, scope.ledger.plans.of_day(scope.tenant, head.day)) for head in heads[:LISTED]]
    return rows, heads[LISTED - 1].id if len(heads) > LISTED else ""


def _day(head: PlanDraft, drafts: list[PlanDraft]) -> DayRow:
    kept = [one for one in drafts if not one.discarded_at]
    return DayRow(
        id=head.id,
        file=head.file,
        at=at(head.created_at),
        drafts=len(kept),
        going=any(one.open for one in kept),
        recorded=sum(bool(one.recorded) for one in kept),
    )


def recorded_page(scope: Scope, before: int | None) -> RecordedPage:
    """Recorded plans of the tenant."""
    found = newest_plans(scope.ledger, scope.tenant, LISTED + 1, before)
    rows = [recorded_row(entry, plan) for entry, plan in found[:LISTED]]
    return RecordedPage(rows, found[LISTED - 1][0] if len(found) > LISTED else None)


def recorded_row(entry: int, plan: RoutePlan) -> RecordedRow:
    """One of them; grams follow from its legs and rates."""
    driven = journeys(plan)
    return RecordedRow(
        id=plan.id,
        entry=entry,
        role=plan.role,
        day=plan.day.isoformat(),
        routes=len(plan.routes),
        stops=sum(len(route.stops) for route in plan.routes),
        km=figure(Fraction(sum(one.metres for one in driven), 1000), 1).shown,
        kg=figure(sum((one.grams for one in driven), Fraction(0)) / 1000),
        baseline=plan.baseline or "",
    )

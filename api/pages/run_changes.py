"""Two runs side by side: what moved their totals, by cause, in parts that sum to the difference."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.charts.waterfall import Segment, waterfall
from api.deps import ScopeDep, locale_for
from api.names import readable
from api.pages.catalogue import Translate, translator
from api.pages.run_views import RunRow, run_row
from api.pages.shell import page
from api.pages.words import Figure, figure
from ledger.errors import LedgerError
from ledger.services.compare_runs import CAUSES, Change, compare_runs
from ledger.services.runs import newest_runs, run_named

router = APIRouter(include_in_schema=False)
CHOICES: Final = 100
LONGEST: Final = 200
RunId = Annotated[str, Query(max_length=200)]


class Fall(NamedTuple):
    """A bar of the waterfall: from the older total, by cause, to the newer."""

    label: str
    value: Figure
    segments: tuple[Segment, ...]


class ChangeRow(NamedTuple):
    """One route or product whose total changed; ``parts`` in the order of the causes."""

    id: str
    name: str
    before: Figure
    after: Figure
    change: Figure
    parts: list[Figure]


class Side(NamedTuple):
    """Routes or products: the whole as a picture, and the rows that changed most, of ``total``."""

    kind: str
    falls: list[Fall]
    rows: list[ChangeRow]
    total: int


class ChangesView(NamedTuple):
    """The runs to choose from, those chosen, and what changed between them; or why that cannot be told."""

    runs: list[RunRow]
    older: str
    newer: str
    causes: tuple[str, ...]
    sides: list[Side]
    fault: str
    fix: str


@router.get("/runs/compare")
def changes(request: Request, scope: ScopeDep, older: RunId = "", newer: RunId = "") -> Response:
    """Two runs chosen and compared; without a choice the two newest stand in the form."""
    locale = locale_for(request)
    t = translator(locale)
    rows = [run_row(*one) for one in newest_runs(scope.ledger, scope.tenant, CHOICES)[0]]
    sides, fault = list[Side](), None
    if older and newer:
        try:
            first, last = (run_named(scope.ledger, scope.tenant, name)[1] for name in (older, newer))
            found = compare_runs(scope.ledger, first, last)
            sides = [
                _side("route", found.routes, found.by_route, t),
                _side("product", found.products, found.by_product, t),
            ]
        except LedgerError as error:
            fault = error
    elif len(rows) > 1:
        newer = newer or rows[0].id
        older = older or next((row.id for row in rows if row.id != newer), "")
    view = ChangesView(
        rows,
        older,
        newer,
        tuple(CAUSES),
        sides,
        fault.message(locale) if fault else "",
        fault.fix(locale) if fault else "",
    )
    crumbs = ((t("nav.runs"), "/runs"), (t("runs.compare"), ""))
    return page(request, "run-changes.html", view, crumbs=crumbs, status=422 if fault else 200)


def _side(kind: str, whole: Change, found: tuple[Change, ...], t: Translate) -> Side:
    named = [("before", whole.before), *((cause, whole.parts[cause]) for cause in CAUSES)]
    tones = {"before": "2", "withdrawn": "4", "added": "1", "factors": "3", "method": "5"}
    drawn = waterfall([[(amount, tones[name])] for name, amount in named])
    labels = [*((t(f"runs.cause.{name}"), amount) for name, amount in named), (t("runs.cause.after"), whole.after)]
    falls = [Fall(label, figure(amount), one.segments) for (label, amount), one in zip(labels, drawn, strict=False)]
    largest = sorted(found, key=lambda one: (-abs(one.after - one.before), one.name))
    return Side(kind, falls, [_row(kind, one) for one in largest[:LONGEST]], len(found))


def _row(kind: str, one: Change) -> ChangeRow:
    parts = [figure(one.parts.get(cause, Fraction(0))) for cause in CAUSES]
    name = readable(one.name) if kind == "product" else one.name
    return ChangeRow(one.name, name, figure(one.before), figure(one.after), figure(one.after - one.before), parts)

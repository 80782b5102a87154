"""Routes and products: lists, and the footprint of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.footprint_views import Reading, product_view, readable, route_view
from api.pages.shell import page
from api.pages.words import figure
from api.scope import Scope
from ledger.footprint.activity import TransportCell
from ledger.log.proof import record_of
from ledger.services.footprints import product_footprint, route_footprint
from ledger.units import GRAM_METRES_PER_TONNE_KM
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
GRAMS_PER_TONNE = 10**6
LONGEST_LIST = 200
Sought = Annotated[str, Query(max_length=200)]


class SubjectRow(NamedTuple):
    """A route or product with its activity, as sums of what was recorded."""

    id: str
    name: str
    said: str
    legs: int
    mass_t: str
    tonne_km: str


class SubjectsView(NamedTuple):
    """The list: its first ``LONGEST_LIST`` rows of ``total`` that hold what was ``sought``."""

    kind: str
    rows: list[SubjectRow]
    total: int
    sought: str


@router.get("/routes")
def routes(request: Request, scope: ScopeDep, q: Sought = "") -> Response:
    """Routes of the reader's tenant, those with ``q`` in the name."""
    names = [name for name in scope.ledger.projections.routes(scope.tenant) if q.lower() in name.lower()]
    cells = _cells(scope, lambda cell: cell.route)
    rows = [_row(name, "", cells[name]) for name in names[:LONGEST_LIST]]
    return _list(request, SubjectsView("route", rows, len(names), q))


@router.get("/products")
def products(request: Request, scope: ScopeDep, q: Sought = "") -> Response:
    """Products of the reader's tenant, those with ``q`` in the code."""
    names = [name for name in scope.ledger.projections.products(scope.tenant) if q.lower() in readable(name).lower()]
    cells = _cells(scope, lambda cell: cell.product)
    rows = [_row(name, declared_name(scope.ledger, scope.tenant, name), cells[name]) for name in names[:LONGEST_LIST]]
    return _list(request, SubjectsView("product", rows, len(names), q))


def _cells(scope: Scope, key: Callable[[TransportCell], str]) -> defaultdict[str, list[TransportCell]]:
    cells = defaultdict[str, list[TransportCell]](list)
    for cell in scope.ledger.projections.cube(scope.tenant).transport:
        cells[key(cell)].append(cell)
    return cells


def declared_name(ledger: Ledger, tenant: str, product: str) -> str:
    """What the latest declared footprint of a product calls it; empty without one."""
    facts = ledger.projections.facts(tenant, "product_footprint", product)
    return str(record_of(ledger.entries.entry(facts[-1].seq))["name"]) if facts else ""


def _list(request: Request, view: SubjectsView) -> Response:
    label = translator(locale_for(request))(f"nav.{view.kind}s")
    return page(request, "subjects.html", view, crumbs=((label, ""),))


def _row(name: str, said: str, cells: list[TransportCell]) -> SubjectRow:
    grams = Fraction(sum(cell.grams for cell in cells), GRAMS_PER_TONNE)
    moved = Fraction(sum(cell.gram_metres for cell in cells), GRAM_METRES_PER_TONNE_KM)
    legs = sum(cell.count for cell in cells)
    return SubjectRow(name, readable(name), said, legs, figure(grams).shown, figure(moved, 1).shown)


@router.get("/routes/{route_id:path}")
def route(request: Request, route_id: str, scope: ScopeDep, digits: str = "") -> Response:
    """A route's footprint down to entries and factors."""
    ledger, locale = scope.ledger, locale_for(request)
    found = route_footprint(ledger.projections, ledger.factors, scope.tenant, route_id)
    view = route_view(found, Reading(translator(locale), locale, digits == "exact"))
    crumbs = ((translator(locale)("nav.routes"), "/routes"), (view.id, ""))
    return page(request, "footprint.html", view, crumbs=crumbs)


@router.get("/products/{product_id:path}")
def product(request: Request, product_id: str, scope: ScopeDep, digits: str = "") -> Response:
    """A product's footprint down to entries and factors."""
    ledger, locale = scope.ledger, locale_for(request)
    found = product_footprint(ledger.projections, ledger.factors, scope.tenant, product_id)
    view = product_view(found, Reading(translator(locale), locale, digits == "exact"))
    view = view._replace(said=declared_name(ledger, scope.tenant, found.product))
    crumbs = ((translator(locale)("nav.products"), "/products"), (view.id, ""))
    return page(request, "footprint.html", view, crumbs=crumbs)

"""Routes and products: lists, and the footprint of one."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.footprint_views import Reading, product_view, readable, route_view
from api.pages.shell import page
from api.pages.words import figure
from ledger.footprint.activity import TransportCell
from ledger.services.footprints import product_footprint, route_footprint
from ledger.units import GRAM_METRES_PER_TONNE_KM

router = APIRouter(include_in_schema=False)
GRAMS_PER_TONNE = 10**6


class SubjectRow(NamedTuple):
    """A route or product with its activity, as sums of what was recorded."""

    id: str
    name: str
    legs: int
    mass_t: str
    tonne_km: str


class SubjectsView(NamedTuple):
    """The list."""

    kind: str
    rows: list[SubjectRow]


@router.get("/routes")
def routes(request: Request, scope: ScopeDep) -> Response:
    """Routes of the reader's tenant."""
    cells = defaultdict[str, list[TransportCell]](list)
    for cell in scope.ledger.projections.cube(scope.tenant).transport:
        cells[cell.route].append(cell)
    return _list(request, "route", scope.ledger.projections.routes(scope.tenant), cells)


@router.get("/products")
def products(request: Request, scope: ScopeDep) -> Response:
    """Products of the reader's tenant."""
    cells = defaultdict[str, list[TransportCell]](list)
    for cell in scope.ledger.projections.cube(scope.tenant).transport:
        cells[cell.product].append(cell)
    return _list(request, "product", scope.ledger.projections.products(scope.tenant), cells)


def _list(request: Request, kind: str, names: list[str], cells: dict[str, list[TransportCell]]) -> Response:
    t = translator(locale_for(request))
    rows = [_row(name, cells.get(name, [])) for name in names]
    return page(request, "subjects.html", SubjectsView(kind, rows), crumbs=((t(f"nav.{kind}s"), ""),))


def _row(name: str, cells: list[TransportCell]) -> SubjectRow:
    grams = Fraction(sum(cell.grams for cell in cells), GRAMS_PER_TONNE)
    moved = Fraction(sum(cell.gram_metres for cell in cells), GRAM_METRES_PER_TONNE_KM)
    legs = sum(cell.count for cell in cells)
    return SubjectRow(name, readable(name), legs, figure(grams).shown, figure(moved, 1).shown)


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
    crumbs = ((translator(locale)("nav.products"), "/products"), (view.id, ""))
    return page(request, "footprint.html", view, crumbs=crumbs)

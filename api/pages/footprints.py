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
from ledger.log.proof import record_of
from ledger.services.footprints import product_footprint, route_footprint
from ledger.units import GRAM_METRES_PER_TONNE_KM
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
GRAMS_PER_TONNE = 10**6


class SubjectRow(NamedTuple):
    """A route or product with its activity, as sums of what was recorded."""

    id: str
    name: str
    said: str
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
    return _list(request, "route", dict.fromkeys(scope.ledger.projections.routes(scope.tenant), ""), cells)


@router.get("/products")
def products(request: Request, scope: ScopeDep) -> Response:
    """Products of the reader's tenant."""
    cells = defaultdict[str, list[TransportCell]](list)
    for cell in scope.ledger.projections.cube(scope.tenant).transport:
        cells[cell.product].append(cell)
    names = scope.ledger.projections.products(scope.tenant)
    said = {name: declared_name(scope.ledger, scope.tenant, name) for name in names}
    return _list(request, "product", said, cells)


def declared_name(ledger: Ledger, tenant: str, product: str) -> str:
    """What the latest declared footprint of a product calls it; empty without one."""
    facts = ledger.projections.facts(tenant, "product_footprint", product)
    return str(record_of(ledger.entries.entry(facts[-1].seq))["name"]) if facts else ""


def _list(request: Request, kind: str, names: dict[str, str], cells: dict[str, list[TransportCell]]) -> Response:
    t = translator(locale_for(request))
    rows = [_row(name, said, cells.get(name, [])) for name, said in names.items()]
    return page(request, "subjects.html", SubjectsView(kind, rows), crumbs=((t(f"nav.{kind}s"), ""),))


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

"""Routes and products: lists with what they emit and where it flows, and the footprint of one, as page or file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.downloads import Form, tables_file
from api.names import declared_name, declared_names, readable
from api.pages.catalogue import translator
from api.pages.footprint_tables import tables_of
from api.pages.footprint_views import Reading, product_content, product_view, route_content, route_view
from api.pages.route_map import route_map
from api.pages.shell import page
from api.pages.subject_views import LONGEST_LIST, SubjectsView, product_list, route_list, subjects_table
from api.wire import reply
from ledger.services.footprints import all_products, all_routes, product_footprint, route_footprint, route_rows

router = APIRouter(include_in_schema=False)
Sought = Annotated[str, Query(max_length=200)]
As = Annotated[Form | None, Query(alias="as")]


@router.get("/routes")
def routes(request: Request, scope: ScopeDep, q: Sought = "", form: As = None) -> Response:
    """Routes of the reader's tenant by what they emit, those with ``q`` in the name."""
    ledger, locale = scope.ledger, locale_for(request)
    found = all_routes(ledger.projections, ledger.factors, scope.tenant)
    kept = {name: one for name, one in found.items() if q.lower() in name.lower()}
    if form == "json":
        return reply([one.to_record() for one in kept.values()])
    return _list(request, route_list(kept, q, translator(locale), locale), form)


@router.get("/products")
def products(request: Request, scope: ScopeDep, q: Sought = "", form: As = None) -> Response:
    """Products of the reader's tenant by what they emit, those with ``q`` in the code or the name."""
    ledger, tenant = scope.ledger, scope.tenant
    found, said = all_products(ledger.projections, ledger.factors, tenant), declared_names(ledger, tenant)
    every = {name: said.get(name, "") for name in ledger.projections.products(tenant)}
    names = {name: text for name, text in every.items() if q.lower() in f"{readable(name)} {text}".lower()}
    if form == "json":
        return reply([found[name].to_record() for name in names if name in found])
    return _list(request, product_list(found, names, q, translator(locale_for(request))), form)


def _list(request: Request, view: SubjectsView, form: Form | None) -> Response:
    t = translator(locale_for(request))
    label = t(f"nav.{view.kind}s")
    if form is not None:
        return tables_file([subjects_table(view, t)], form, label)
    return page(request, "subjects.html", view._replace(rows=view.rows[:LONGEST_LIST]), crumbs=((label, ""),))


@router.get("/routes/{route_id:path}")
def route(request: Request, route_id: str, scope: ScopeDep, digits: str = "", form: As = None) -> Response:
    """A route's footprint down to entries and factors."""
    ledger, locale = scope.ledger, locale_for(request)
    found = route_footprint(ledger.projections, ledger.factors, scope.tenant, route_id)
    t = translator(locale)
    if form == "json":
        return reply(found.to_record())
    if form is not None:
        return tables_file(tables_of(route_content(found), t, locale), form, found.route)
    by_product = route_rows(ledger.projections, ledger.factors, scope.tenant, route_id)
    view = route_view(found, by_product, Reading(t, locale, digits == "exact"))
    view = view._replace(places=route_map(ledger, scope.tenant, by_product, locale))
    return page(request, "footprint.html", view, crumbs=((t("nav.routes"), "/routes"), (view.id, "")))


@router.get("/products/{product_id:path}")
def product(request: Request, product_id: str, scope: ScopeDep, digits: str = "", form: As = None) -> Response:
    """A product's footprint down to entries and factors."""
    ledger, locale = scope.ledger, locale_for(request)
    found = product_footprint(ledger.projections, ledger.factors, scope.tenant, product_id)
    t = translator(locale)
    if form == "json":
        return reply(found.to_record())
    if form is not None:
        return tables_file(tables_of(product_content(found), t, locale), form, readable(found.product))
    view = product_view(found, Reading(t, locale, digits == "exact"))
    view = view._replace(said=declared_name(ledger, scope.tenant, found.product))
    return page(request, "footprint.html", view, crumbs=((t("nav.products"), "/products"), (view.id, "")))

"""Reports of products and routes, every item that the standards ask for, as page, PDF or JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.downloads import download
from api.names import declared_name, readable
from api.pages.catalogue import translator
from api.pages.pins import pin_view
from api.pages.report_views import report_view
from api.pages.shell import page
from api.scope import Scope
from api.wire import reply
from ledger.footprint.activity import CHINA
from ledger.footprint.product_report import product_report
from ledger.footprint.report import Report
from ledger.footprint.route_report import route_report
from ledger.services.footprints import product_footprint, route_footprint

router = APIRouter(prefix="/reports", include_in_schema=False)
As = Annotated[Literal["json", "pdf"] | None, Query(alias="as")]


@router.get("/products/{product_id:path}")
def product(request: Request, product_id: str, scope: ScopeDep, form: As = None) -> Response:
    """A product's report."""
    ledger = scope.ledger
    report = product_report(product_footprint(ledger.projections, ledger.factors, scope.tenant, product_id))
    name = report.name or declared_name(ledger, scope.tenant, report.subject)
    return _answer(request, scope, report, name, form)


@router.get("/routes/{route_id:path}")
def route(request: Request, route_id: str, scope: ScopeDep, form: As = None) -> Response:
    """A route's report."""
    ledger = scope.ledger
    report = route_report(route_footprint(ledger.projections, ledger.factors, scope.tenant, route_id))
    return _answer(request, scope, report, "", form)


def _answer(request: Request, scope: Scope, report: Report, name: str, form: str | None) -> Response:
    locale, made = locale_for(request), scope.ledger.clock.now().astimezone(CHINA).date()
    t = translator(locale)
    if form == "json":
        return reply(report.to_record() | {"made_on": made.isoformat()})
    view = report_view(report, made, t, locale)._replace(name=name)
    if form == "pdf":
        from api.report_pdf import paged, report_pdf  # slow to load, and most requests draw nothing

        data = report_pdf(view, locale, paged(t), pin_view(scope.ledger, t))
        return download(data, "application/pdf", f"{view.title} {readable(report.subject)}.pdf")
    crumbs = ((t(f"nav.{report.kind}s"), f"/{report.kind}s"), (view.id, view.back), (t("report.link"), ""))
    return page(request, "report.html", view, crumbs=crumbs)

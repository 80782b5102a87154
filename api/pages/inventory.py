"""The inventory of the reader's tenant: a period, its scopes, and every line down to entries and factors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.downloads import Form, tables_file
from api.pages.catalogue import translator
from api.pages.inventory_tables import inventory_tables
from api.pages.inventory_views import BeginView, inventory_view
from api.pages.shell import page
from api.scope import Scope
from api.wire import reply
from ledger.footprint.activity import month_of
from ledger.footprint.inventory.inventory import month_text
from ledger.records.record import microseconds
from ledger.services.inventory import BoundaryAbsent, inventory_of, period_of

router = APIRouter(include_in_schema=False)
Month = Annotated[str, Query(max_length=7)]
As = Annotated[Form | None, Query(alias="as")]


@router.get("/inventory")
def inventory(  # noqa: PLR0917 - what the address may say
    request: Request, scope: ScopeDep, first: Month = "", last: Month = "", digits: str = "", form: As = None
) -> Response:
    """The months asked for; the year of the newest activity when none are."""
    locale = locale_for(request)
    t = translator(locale)
    months = period_of(first, last) if first or last else _newest_year(scope)
    said = month_text(months[0]), month_text(months[1])
    crumbs = ((t("nav.inventory"), ""),)
    try:
        found = inventory_of(scope.ledger, scope.tenant, *months)
    except BoundaryAbsent as absent:
        if form is not None:
            raise
        view = BeginView(*said, absent.message(locale), absent.fix(locale))
        return page(request, "inventory-begin.html", view, crumbs=crumbs)
    if form == "json":
        return reply(found.to_record())
    if form is not None:
        name = f"{t('nav.inventory')} {said[0]} {said[1]}"
        return tables_file(inventory_tables(found, t, locale), form, name)
    return page(request, "inventory.html", inventory_view(found, t, locale, exact=digits == "exact"), crumbs=crumbs)


def _newest_year(scope: Scope) -> tuple[int, int]:
    span = scope.ledger.periods.span(scope.tenant)
    last = span[1] if span else month_of(microseconds(scope.ledger.clock.now()))
    return last - last % 12, last - last % 12 + 11

"""The green catalogue as it stands on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.parties import party_of
from api.schemas.catalogue import CatalogueView, ConditionView, ListedView
from api.wire import reply
from ledger.services.catalogue import Asked, CatalogueEntry, catalogue_page

router = APIRouter(tags=["green catalogue"])


@router.get("/api/v1/catalogue", **gives(CatalogueView))
def get_catalogue(  # noqa: PLR0917 - what the address may say
    ledger: LedgerDep,
    principal: PrincipalDep,
    day: Annotated[date | None, Query()] = None,
    category: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Products with each condition and what it rests on; a supplier sees what is listed and its own."""
    found = catalogue_page(ledger, party_of(principal), Asked(category, day=day), after, limit)
    return reply(
        CatalogueView(
            rules=found.rules[1].id if found.rules else None,
            listed=found.listed,
            products=[_view(one) for one in found.entries],
            next_after=found.more,
        )
    )


def _view(one: CatalogueEntry) -> ListedView:
    return ListedView(
        id=one.product.id,
        entry=one.entry,
        product=one.product.product,
        name=one.product.name,
        supplier=one.product.supplier,
        category=one.product.category,
        listed=one.state == "listed",
        conditions=[
            ConditionView(kind=met.rule.kind, value=met.rule.value, holds=met.holds, what=met.what, until=met.until)
            for met in one.met
        ],
    )

"""The tenant's inventory of a period: scopes 1, 2 both ways, 3, every line with its trail."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.wire import reply
from ledger.services.inventory import inventory_of, period_of

router = APIRouter(tags=["inventory"])
Month = Annotated[str, Query(max_length=7, description="A month in China, 2023-05")]
FactorSetName = Annotated[
    str | None, Query(max_length=100, description="The factor set to compute with; the current one unless given")
]


@router.get("/api/v1/inventory", **gives(None))
def get_inventory(
    ledger: LedgerDep, principal: PrincipalDep, first: Month, last: Month, factors: FactorSetName = None
) -> Response:
    """The months ``first`` to ``last``: figures as exact text [kg], lines, what is missing and what is left out."""
    return reply(inventory_of(ledger, principal.tenant, *period_of(first, last), factors).to_record())

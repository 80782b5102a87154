"""Footprints of the tenant's products and routes: figures as exact text, with their trail and their gaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.wire import reply
from ledger.services.footprints import product_footprint, route_footprint

router = APIRouter(tags=["footprints"])
FactorSetName = Annotated[
    str | None, Query(max_length=100, description="The factor set to compute with; the current one unless given")
]


@router.get("/api/v1/products/{product_id:path}/footprint", **gives(None))
def get_product_footprint(
    product_id: str, ledger: LedgerDep, principal: PrincipalDep, factors: FactorSetName = None
) -> Response:
    """A product as delivered [kg CO2e], in total and per unit, by stage."""
    found = product_footprint(ledger.projections, ledger.factors, principal.tenant, product_id, factors)
    return reply(found.to_record())


@router.get("/api/v1/routes/{route_id:path}/footprint", **gives(None))
def get_route_footprint(
    route_id: str, ledger: LedgerDep, principal: PrincipalDep, factors: FactorSetName = None
) -> Response:
    """A route [kg CO2e], by chain element."""
    found = route_footprint(ledger.projections, ledger.factors, principal.tenant, route_id, factors)
    return reply(found.to_record())

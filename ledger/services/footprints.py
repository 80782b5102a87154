"""Footprints of products and routes, computed from the activity cube and a pinned factor set."""

from __future__ import annotations

from ledger.errors import FootprintError
from ledger.footprint.calculate import calculate
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.footprint.product import ProductTotal, product_footprints
from ledger.footprint.route import RouteFootprint, route_footprints
from ledger.identity import canonical
from ledger.ports import Projections


class SubjectAbsent(FootprintError):
    """No activity and no declaration is recorded for this product or route."""

    code = "footprint.subject-absent"
    subject: str
    en = "nothing is recorded for {subject}"
    zh = "没有 {subject} 的记录"
    fix_en = "Compare the name with the list; import its waybills or footprint first"
    fix_zh = "请与列表核对名称；并先导入其运单或碳足迹"


def all_products(
    projections: Projections, factors: FactorSource, tenant: str, factor_set: str | None = None
) -> dict[str, ProductTotal]:
    """Every product of a tenant that moved, by canonical identity."""
    cube = projections.cube(tenant).rolled_up("product")
    return product_footprints(calculate(cube, _factors(factors, factor_set)), projections.units(tenant), cube.made)


def product_footprint(
    projections: Projections, factors: FactorSource, tenant: str, product: str, factor_set: str | None = None
) -> ProductTotal:
    """One product's footprint. Raises ``SubjectAbsent``, ``IdentityError`` and ``FootprintError``."""
    name = canonical(product)
    units = projections.units(tenant).get(name, 0)
    cube = projections.cube(tenant, product=name).rolled_up("product")
    done = calculate(cube, _factors(factors, factor_set))
    found = product_footprints(done, {name: units} if units else {}, cube.made).get(name)
    if found is None:
        raise SubjectAbsent(subject=name)
    return found


def all_routes(
    projections: Projections, factors: FactorSource, tenant: str, factor_set: str | None = None
) -> dict[str, RouteFootprint]:
    """Every route of a tenant, by name."""
    return route_footprints(calculate(projections.cube(tenant).rolled_up("route"), _factors(factors, factor_set)))


def route_footprint(
    projections: Projections, factors: FactorSource, tenant: str, route: str, factor_set: str | None = None
) -> RouteFootprint:
    """One route's footprint, a row a class of transport or hub. Raises ``SubjectAbsent`` and ``FootprintError``."""
    done = calculate(projections.cube(tenant, route=route).rolled_up("route"), _factors(factors, factor_set))
    found = route_footprints(done, only={route}).get(route)
    if found is None:
        raise SubjectAbsent(subject=route)
    return found


def route_rows(projections: Projections, factors: FactorSource, tenant: str, route: str) -> list[Emission]:
    """What a route emits, a row a product in each class of transport and hub: the same sums, told apart."""
    done = calculate(projections.cube(tenant, route=route), factors.current())
    return [row for row in done.rows if row.stage != "declared" and row.route == route]


def _factors(factors: FactorSource, name: str | None) -> FactorSet:
    return factors.factor_set(name) if name else factors.current()

"""The whole result of a calculation run as canonical data: every route and product, quality, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ledger.footprint.activity import ActivityCube, day_of
from ledger.footprint.amount import exact_text, total
from ledger.footprint.calculate import Calculation, calculate
from ledger.footprint.emission import Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods import METHODS
from ledger.footprint.product import BILLED, ProductTotal, product_footprints
from ledger.footprint.quality import DataQuality, quality_of
from ledger.footprint.route import RouteFootprint, route_footprints

FORMAT: Final = "onecode/run/1"
BOUNDARY: Final = "wtw-transport-hubs-products"
"""Well to wheel of transport and hubs (ISO 14083), and products by bill or declaration (ISO 14067)."""
_MADE: Final = BILLED | {"declared"}


@dataclass(frozen=True, slots=True)
class RunResult:
    """
    What one run gave, by route and by product: two views of the same transport and hubs, and products' making besides.

    Each figure takes the best data that cover all of its activity, as on its page. Where an operator's data cover some
    routes of a product alone, the two views rest on different data there, and their sums may differ.
    """

    routes: Mapping[str, RouteFootprint]
    products: Mapping[str, ProductTotal]
    gaps: tuple[Gap, ...]
    quality: DataQuality
    days: tuple[str, str] | None
    moved: Calculation
    """Rows and gaps of the cube rolled up by route."""
    made: Calculation
    """The same, rolled up by product, with their making."""

    @property
    def factors(self) -> FactorSet:
        """What was multiplied by."""
        return self.moved.factors

    @property
    def routes_wtw(self) -> Fraction:
        """All routes [kg CO2e]."""
        return total(route.wtw for route in self.routes.values())

    @property
    def products_wtw(self) -> Fraction:
        """All products [kg CO2e]."""
        return total(product.wtw for product in self.products.values())

    def content(self) -> dict[str, Any]:
        """JSON-able, figures as exact text; its RFC 8785 bytes are what a run's hash is of."""
        return {
            "boundary": BOUNDARY,
            "factor_set": {"id": self.factors.id, "hash": self.factors.hash},
            "format": FORMAT,
            "gaps": sorted((_gap(gap) for gap in self.gaps), key=repr),
            "methods": [{"name": method.name, "version": method.version} for method in METHODS],
            "products": [_product(product) for product in self.products.values()],
            "products_wtw_kg": exact_text(self.products_wtw),
            "quality": self.quality.to_record(),
            "routes": [_route(route) for route in self.routes.values()],
            "routes_wtw_kg": exact_text(self.routes_wtw),
        }


def run_result(cube: ActivityCube, units: Mapping[str, int], factors: FactorSet) -> RunResult:
    """
    Everything a run says of a cube that is not rolled up. ``units`` are the pieces of each product.

    ``gaps`` are those of routes and of products' making. Raises ``FootprintError`` where nothing can be said at all,
    such as factors of two GWP sets in one sum.
    """
    moved, made = (calculate(cube.rolled_up(keep), factors) for keep in ("route", "product"))
    timed = [cell for cells in (cube.transport, cube.hubs) for cell in cells]
    return RunResult(
        routes=route_footprints(moved),
        products=product_footprints(made, units, cube.made),
        gaps=(*moved.gaps, *(gap for gap in made.gaps if gap.stage in _MADE)),
        quality=quality_of(moved.rows),
        days=(day_of(min(c.first_at for c in timed)), day_of(max(c.last_at for c in timed))) if timed else None,
        moved=moved,
        made=made,
    )


def _route(route: RouteFootprint) -> dict[str, Any]:
    record = route.to_record()
    parts = [
        {name: part[name] for name in ("stage", "subject", "wtw_kg", "tonne_km")}
        for part in record["parts"]  # type: ignore[attr-defined]
    ]
    gaps = sorted(gap["code"] for gap in record["gaps"])  # type: ignore[attr-defined]
    return {**record, "parts": parts, "gaps": gaps, "factor_set": None}


def _product(product: ProductTotal) -> dict[str, Any]:
    record = product.to_record()
    stages = [
        {name: stage[name] for name in ("stage", "wtw_kg", "counted")}
        for stage in record["stages"]  # type: ignore[attr-defined]
    ]
    gaps = sorted(gap["code"] for gap in record["gaps"])  # type: ignore[attr-defined]
    return {**record, "stages": stages, "gaps": gaps, "factor_set": None}


def _gap(gap: Gap) -> dict[str, Any]:
    cell = gap.cell
    first, last = (getattr(cell, name, getattr(cell, "entry", -1)) for name in ("first_entry", "last_entry"))
    return {**gap.to_record(), "route": gap.route, "product": gap.product, "entries": {"first": first, "last": last}}

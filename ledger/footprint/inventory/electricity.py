"""
Bought electricity of a company, both ways (GHG Protocol Scope 2 Guidance; series of the MEE).

One corporate series, the same for all lines: the region's factor of the year where the series has one, else the
national one; never a product-footprint factor. Market-based: zero for what certificates cover, the residual mix for the
rest where the series holds one (the average without traded non-fossil power), else the location's factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.footprint.errors import NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet, Series
from ledger.footprint.grid import NATIONAL, REGIONS, region_of
from ledger.footprint.registry.series import require_gases

AVERAGE: Final = "average"
RESIDUAL: Final = ("residual", "variant:不含市场化非化石")
"""Components that leave out the power sold as green: one's own, and that of the MEE's announcement."""


@dataclass(frozen=True, slots=True)
class GridFactors:
    """Location's factor and residual mix [kg CO2/kWh], with what is to be said of the choice."""

    location: Factor
    residual: Factor | None
    flags: tuple[str, ...]

    @property
    def rest(self) -> Factor:
        """What power takes that no certificate covers."""
        return self.residual or self.location


def corporate_factors(factors: FactorSet, series: Series, region: str, year: int) -> GridFactors:
    """
    The factors of a region in a year. Raises ``NoEmissionFactor``, ``SeriesMixed``.

    Of several years the activity's own, else the latest earlier one that is still valid.
    """
    known = region_of(region)
    if known is None:
        near = ", ".join(row[1] for row in REGIONS[:3])
        raise NoEmissionFactor(asked=f"electricity {region or '-'}", factor_set=factors.id, nearest=near)
    held = [f for f in factors.of_series(series) if f.year <= year <= f.valid_to.year]
    own = _latest(held, known, (AVERAGE,))
    found = own or _latest(held, NATIONAL, (AVERAGE,))
    if found is None:
        there = sorted({str(f.year) for f in factors.of_series(series)})
        asked = f"electricity {series} {known} {year}"
        raise NoEmissionFactor(asked=asked, factor_set=factors.id, nearest=", ".join(there) or "-")
    require_gases(series, found.gas_scope)
    residual = _latest(held, NATIONAL, RESIDUAL)
    flags = {
        "national-grid": own is None and known != NATIONAL,
        "time": found.year != year,
        "no-residual-mix": residual is None,
    }
    return GridFactors(found, residual, tuple(name for name, holds in flags.items() if holds))


def _latest(held: list[Factor], region: str, components: tuple[str, ...]) -> Factor | None:
    fit = [f for f in held if f.region == region and f.component in components and f.per == "kWh"]
    return max(fit, key=lambda f: (f.year, f.id), default=None)


def market_kg(kwh: Fraction, covered: Fraction, grid: GridFactors) -> Fraction:
    """Market-based emissions [kg CO2] of ``kwh`` of which certificates cover some, at zero."""
    return (kwh - covered) * Fraction(grid.rest.wtw)

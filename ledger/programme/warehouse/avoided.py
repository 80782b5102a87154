"""
What own generation keeps a grid from emitting [kg CO2]: kWh times one named factor of a corporate series.

A statement about a grid, no saving of a footprint: the market-based inventory counts the same power at zero already.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.footprint.factor import FactorSet, Series
from ledger.footprint.inventory.electricity import corporate_factors


class Avoided(NamedTuple):
    """``kg`` of ``kwh`` by a factor [kg/kWh] of a set, with what is to be said of its choice."""

    kwh: Fraction
    kg: Fraction
    factor: str
    per_kwh: Fraction
    year: int
    flags: tuple[str, ...]


def avoided(kwh: Fraction, factors: FactorSet, series: Series, region: str, year: int) -> Avoided:
    """Of ``kwh`` generated in a region and a year. Raises ``NoEmissionFactor``, ``SeriesMixed``."""
    grid = corporate_factors(factors, series, region, year)
    per_kwh = Fraction(grid.location.wtw)
    flags = tuple(flag for flag in grid.flags if flag != "no-residual-mix")
    return Avoided(kwh, kwh * per_kwh, grid.location.id, per_kwh, grid.location.year, flags)

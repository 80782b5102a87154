"""Published factors as the desk uses them: candidates for a claim that names none, and the bounds a claim must keep."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.claims.unit import Dimension
from ledger.footprint.factor import Factor, FactorSet
from ledger.footprint.grid import NATIONAL, region_of

_PER: Final[dict[str, str]] = {"t km": "t km", "kWh": "kWh", "kg": "kg"}


@dataclass(frozen=True, slots=True)
class Rate:
    """A published factor in kg per base unit, with where it is from."""

    id: str
    value: Fraction
    per: str
    source: str

    @property
    def dimension(self) -> Dimension:
        """Kg per base unit; a plain number for mass per mass."""
        return () if self.per == "kg" else tuple(sorted((("kg", 1), (self.per, -1))))


def rate_of(factor: Factor) -> Rate:
    """A factor's well-to-wheel value."""
    return Rate(factor.id, Fraction(factor.wtw), _PER.get(factor.per, factor.per), factor.source)


def candidates(factors: FactorSet, per: str, region: str = "") -> tuple[Rate, ...]:
    """
    Factors that a claim which names none may have used, in the order of the set.

    For electricity the averages of the national grid and of the claim's own region in the corporate series: factors of
    product footprints are another series, and that another province's factor fits is a coincidence.
    """
    found = (f for f in factors.factors.values() if f.per == per)
    if per == "kWh":
        grids = {NATIONAL, region_of(region)}
        found = (f for f in found if f.series.startswith("corporate") and f.component == "average")
        found = (f for f in found if f.region in grids)
    return tuple(rate_of(factor) for factor in found)


def range_of(factors: FactorSet, per: str) -> tuple[Rate, Rate] | None:
    """The least and the greatest published factor above zero, ``None`` without any."""
    rates = [rate for rate in candidates(factors, per) if rate.value > 0]
    if not rates:
        return None
    return min(rates, key=lambda rate: rate.value), max(rates, key=lambda rate: rate.value)

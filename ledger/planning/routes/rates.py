"""
What driving emits: an empty vehicle ``empty`` grams of CO2e a km, and ``loaded`` more for each tonne carried over it.

That is the line of GLEC v3.0, p. 112 (``footprint.iso14083.load``) on the payload instead of its share.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.footprint.iso14083.load import Vehicle as Consumption
from ledger.planning.errors import AmountImpossible

_GRAM_METRES: Final = 10**9
"""In one t km."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What driving emits: ``empty`` [g CO2e/km] and ``loaded`` [g CO2e/(t km)] on top of it."""

    empty: Fraction
    loaded: Fraction

    def __post_init__(self) -> None:
        for what, value in (("empty", self.empty), ("loaded", self.loaded)):
            at_least(what, "rates", value, 0)

    def grams(self, metres: int, gram_metres: int) -> Fraction:
        """Grams of CO2e over a distance, with the sum of load x distance over it [g m]."""
        return self.empty * metres / 1000 + self.loaded * gram_metres / _GRAM_METRES


def rates_of(vehicle: Consumption, grams_per_unit: Fraction) -> Rates:
    """The rates of a vehicle's consumption curve, at ``grams_per_unit`` [g CO2e] of its fuel or power."""
    empty, full = Fraction(vehicle.empty_per_km), Fraction(vehicle.full_per_km)
    return Rates(empty * grams_per_unit, (full - empty) / vehicle.capacity_t * grams_per_unit)


def at_least(what: str, name: str, value: int | Fraction, least: int) -> None:
    """Raises ``AmountImpossible`` for less."""
    if value < least:
        raise AmountImpossible(what=what, name=name, value=str(value), rule=f">= {least}")

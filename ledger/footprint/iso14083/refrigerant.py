"""
Refrigerants: what leaks counts with its warming potential, in operation (TTW) (ISO 14083:2023, annex on refrigerants).

A refill is measured; charge times a yearly leakage rate is modelled, with the defaults of the GLEC Framework v3.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.errors import AmountNegative, LoadImpossible
from ledger.footprint.iso14083.ghg import Ghg


@dataclass(frozen=True, slots=True)
class Cooling:
    """A default of one vehicle: refrigerant charge [kg], share of it that leaks in a year."""

    charge_kg: Decimal
    leaks: Decimal


CAB: Final = Cooling(Decimal("1.5"), Decimal("0.15"))
REFRIGERATED_BODY: Final = Cooling(Decimal("5.5"), Decimal("0.325"))


def leaked_kg(charge_kg: Fraction, rate: Fraction, years: Fraction = Fraction(1)) -> Fraction:
    """
    What leaks of a charge [kg] at a yearly ``rate`` over ``years``, 0 to 1 each.

    Raises ``AmountNegative``, ``LoadImpossible``.
    """
    if charge_kg < 0:
        raise AmountNegative(what="refrigerant charge", amount=exact_text(charge_kg))
    if not (0 <= rate <= 1 and 0 <= years <= 1):
        raise LoadImpossible(what="leakage rate or share of a year", value=f"{exact_text(rate)}, {exact_text(years)}")
    return charge_kg * rate * years


def leak(mass_kg: Fraction, gwp: Fraction) -> Ghg:
    """Emissions of a leaked or refilled mass [kg] of a gas of GWP100 ``gwp``. Raises ``AmountNegative``."""
    if mass_kg < 0 or gwp < 0:
        raise AmountNegative(what="refrigerant", amount=exact_text(mass_kg))
    return Ghg(mass_kg * gwp, Fraction(0))

"""Greenhouse gases of something, tank to wheel and well to tank always both (ISO 14083:2023, clause 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ledger.footprint.amount import exact_text, total

_NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Ghg:
    """
    Emissions [kg CO2e], exact; or an intensity [kg CO2e per unit].

    ``ttw`` is operation, ``wtt`` energy provision. ``biogenic_co2`` [kg CO2] is what biofuel releases when it burns:
    reported beside, never inside (GLEC v3.0; ISO 14067:2018 reports it apart).
    """

    ttw: Fraction
    wtt: Fraction
    biogenic_co2: Fraction = _NONE

    @classmethod
    def of(cls, ttw: Decimal | str, wtt: Decimal | str, biogenic_co2: Decimal | str = "0") -> Ghg:
        """From decimals as stated by a source."""
        return cls(Fraction(ttw), Fraction(wtt), Fraction(biogenic_co2))

    @property
    def wtw(self) -> Fraction:
        """Well to wheel: both."""
        return self.ttw + self.wtt

    def __add__(self, other: Ghg) -> Ghg:
        """Sums part by part."""
        return Ghg(self.ttw + other.ttw, self.wtt + other.wtt, self.biogenic_co2 + other.biogenic_co2)

    def __mul__(self, by: Fraction) -> Ghg:
        """Scaled; an intensity times its activity."""
        return Ghg(self.ttw * by, self.wtt * by, self.biogenic_co2 * by)

    def __truediv__(self, by: Fraction) -> Ghg:
        """An intensity: emissions over the activity they served."""
        return Ghg(self.ttw / by, self.wtt / by, self.biogenic_co2 / by)

    def to_record(self) -> dict[str, str]:
        """JSON-able: all three boundaries and the memo, exact."""
        return {
            "ttw_kg": exact_text(self.ttw),
            "wtt_kg": exact_text(self.wtt),
            "wtw_kg": exact_text(self.wtw),
            "biogenic_co2_kg": exact_text(self.biogenic_co2),
        }


NOTHING = Ghg(_NONE, _NONE)


def summed(parts: Iterable[Ghg]) -> Ghg:
    """The sum, reduced once."""
    held = list(parts)
    return Ghg(total(p.ttw for p in held), total(p.wtt for p in held), total(p.biogenic_co2 for p in held))

"""
Checks of printed savings: does a published factor reproduce the tonnes, or could any mode of transport emit that?

A number in print stands for an interval: 57万 is anything from 565,000 up to 575,000.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.errors import RecordError
from ledger.footprint.amount import exact_text
from ledger.footprint.errors import ClaimUnreadable
from ledger.footprint.factor import Factor, FactorSet
from ledger.units import parse_decimal, shown

Status = Literal["interval_only", "not_reproducible", "reproduced"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: its value, and half a unit of its last place."""

    text: str
    value: Fraction
    half: Fraction

    @classmethod
    def of(cls, text: str) -> Printed:
        """From text such as ``1009``, ``9.4万``, ``5.7亿``. Raises ``ClaimUnreadable``."""
        digits = text.strip().rstrip("万亿")
        try:
            value, plain = Fraction(parse_decimal(text)), Fraction(parse_decimal(digits))
        except RecordError:
            raise ClaimUnreadable(text=text) from None
        if value == 0:
            raise ClaimUnreadable(text=text)
        places = len(digits.partition(".")[2])
        return cls(text, value, value / plain / 10**places / 2)

    def rounds_from(self, exact: Fraction) -> bool:
        """Whether the exact number, rounded half up at this precision, prints the same."""
        return self.value - self.half <= exact < self.value + self.half


@dataclass(frozen=True, slots=True)
class EnergyClaim:
    """
    A claim of electricity saved and emissions avoided, checked against published factors.

    ``implied`` [kg/kWh] is the interval of factors that fit both printed numbers. ``exact`` are the factors that
    reproduce the tonnes at their printed precision; ``within`` those that fit the interval only.
    """

    kwh: Printed
    tonnes: Printed
    implied: tuple[Fraction, Fraction]
    exact: tuple[str, ...]
    within: tuple[str, ...]

    @property
    def status(self) -> Status:
        """Whether a published factor reproduces the claim. Not whether it is true."""
        return "reproduced" if self.exact else "interval_only" if self.within else "not_reproducible"

    def residual_kg(self, factor: Factor) -> Fraction:
        """What the factor gives beyond the printed tonnes [kg]."""
        return self.kwh.value * Fraction(factor.wtw) - self.tonnes.value * 1000

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "kwh": self.kwh.text,
            "tonnes": self.tonnes.text,
            "status": self.status,
            "implied_kg_per_kwh": {"from": exact_text(self.implied[0]), "below": exact_text(self.implied[1])},
            "reproduced_by": list(self.exact),
            "within_interval": list(self.within),
        }


def check_energy_claim(kwh: str, tonnes: str, factors: Iterable[Factor]) -> EnergyClaim:
    """
    The claim that ``kwh`` saved avoided ``tonnes`` [t CO2], against electricity factors. Raises ``ClaimUnreadable``.

    A factor reproduces it when kwh x factor, rounded half up, prints as the tonnes do. Otherwise it may still lie in
    the interval left by the rounding of both numbers.
    """
    energy, mass = Printed.of(kwh), Printed.of(tonnes)
    low = (mass.value - mass.half) * 1000 / (energy.value + energy.half)
    high = (mass.value + mass.half) * 1000 / (energy.value - energy.half)
    exact, within = [], []
    for factor in factors:
        value = Fraction(factor.wtw)
        if mass.rounds_from(energy.value * value / 1000):
            exact.append(factor.id)
        elif low <= value < high:
            within.append(factor.id)
    return EnergyClaim(energy, mass, (low, high), tuple(exact), tuple(within))


@dataclass(frozen=True, slots=True)
class TransportClaim:
    """A claim of transport activity and emissions avoided; intensities [kg CO2e per t km]."""

    implied: Fraction
    highest: Fraction
    highest_factor: str

    @property
    def plausible(self) -> bool:
        """Whether some mode of transport emits that much per t km."""
        return self.implied <= self.highest

    def text(self, locale: Literal["en", "zh-CN"] = "en") -> str:
        """The finding in one sentence."""
        implied, highest = shown(self.implied, 1), shown(self.highest, 3)
        if locale == "zh-CN":
            verdict = "未超过" if self.plausible else "超过"
            return f"隐含强度为每吨公里 {implied} 千克 CO2e，{verdict}因子集中最高的 {highest}（{self.highest_factor}）"
        verdict = "does not exceed" if self.plausible else "exceeds any mode, of which"
        tail = f"{highest}" if self.plausible else f"{highest} is the highest"
        return f"the implied intensity of {implied} kg CO2e/(t km) {verdict} {tail} ({self.highest_factor})"


def check_transport_claim(tonne_km: str, tonnes: str, factors: FactorSet) -> TransportClaim:
    """
    The claim that ``tonne_km`` less avoided ``tonnes`` [t CO2e], against the highest intensity of the factor set.

    Raises ``ClaimUnreadable``. A saving above that bound must have other causes, which the claim then has to show.
    """
    implied = Printed.of(tonnes).value * 1000 / Printed.of(tonne_km).value
    highest = max((f for f in factors.factors.values() if f.per == "t km"), key=lambda f: f.wtw)
    return TransportClaim(implied, Fraction(highest.wtw), highest.id)

"""
Energy carriers: factors with TTW and WTT, restated per another unit, blended (ISO 14083:2023, annex on GHG factors).

A blend's factor is the mean of its parts' by their shares of energy, mass or volume, whichever the law or the delivery
note states. CO2 from burning biofuel is zero inside TTW and reported beside; its CH4 and N2O stay inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, get_args

from ledger.footprint.amount import exact_text
from ledger.footprint.errors import BoundaryMismatch, FactorExpired, GwpMismatch
from ledger.footprint.factor import Factor
from ledger.footprint.iso14083.errors import AmountNegative, EnergyUnitMismatch, SharesIncomplete
from ledger.footprint.iso14083.ghg import Ghg, summed

EnergyUnit = Literal["MJ", "kWh", "kg", "l", "m3"]
UNITS: Final[tuple[str, ...]] = get_args(EnergyUnit)
MJ_PER_KWH: Final = Fraction(18, 5)
CO2_PER_CARBON: Final = Fraction(44, 12)
_BLEND_UNITS: Final = {"energy": {"MJ", "kWh"}, "mass": {"kg"}, "volume": {"l", "m3"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFactor:
    """
    One carrier's emissions [kg CO2e per ``per``], TTW and WTT both, from ``ids`` of a factor set.

    ``gwp_set`` is the stated set of warming potentials; ``valid`` the first and last day the factor may be used.
    """

    ids: tuple[str, ...]
    carrier: str
    per: EnergyUnit
    ghg: Ghg
    gwp_set: str
    valid: tuple[date, date] | None = None

    @classmethod
    def of(cls, factor: Factor) -> CarrierFactor:
        """
        From a factor of the set. Raises ``BoundaryMismatch`` unless it states TTW and WTT of all gases.

        A WTW figure alone cannot be split, and a CO2-only one is not CO2e: neither may enter the sum.
        """
        per: str = factor.per
        if per not in UNITS or factor.gas_scope != "CO2e" or factor.ttw is None or factor.wtt is None:
            raise BoundaryMismatch(
                factor=factor.id, expected="kg CO2e per unit of energy, TTW + WTT", got=_said(factor)
            )
        return cls(
            ids=(factor.id,),
            carrier=factor.fuel or factor.subject,
            per=per,  # type: ignore[arg-type]  # one of UNITS
            ghg=Ghg(Fraction(factor.ttw), Fraction(factor.wtt)),
            gwp_set=factor.gwp_set,
            valid=(factor.valid_from, factor.valid_to),
        )

    def emissions(self, amount: Fraction, unit: str) -> Ghg:
        """Of an amount in the factor's own unit. Raises ``EnergyUnitMismatch``, ``AmountNegative``."""
        if unit != self.per:
            raise EnergyUnitMismatch(carrier=self.carrier, expected=self.per, got=unit)
        if amount < 0:
            raise AmountNegative(what=self.carrier, amount=f"{exact_text(amount)} {unit}")
        return self.ghg * amount

    def check_valid(self, first: date, last: date) -> None:
        """Raises ``FactorExpired`` for use outside the validity."""
        if self.valid is None:
            return
        for day in (first, last):
            if not self.valid[0] <= day <= self.valid[1]:
                valid = {"valid_from": self.valid[0].isoformat(), "valid_to": self.valid[1].isoformat()}
                raise FactorExpired(factor=", ".join(self.ids), day=day.isoformat(), **valid)

    def restated(self, per: EnergyUnit, units_in_one: Fraction) -> CarrierFactor:
        """
        Per another unit, of which one holds ``units_in_one`` of the present unit.

        From kg to l that is the density [kg/l]; from MJ to kg the lower heating value [MJ/kg].
        """
        if units_in_one <= 0:
            raise AmountNegative(what=f"{self.per}/{per}", amount=exact_text(units_in_one))
        return replace(self, per=per, ghg=self.ghg * units_in_one)

    def energy_per(self, unit: str) -> CarrierFactor:
        """Per kWh from per MJ, or the other way, exact; any other pair of units leaves the factor as it is."""
        if (self.per, unit) == ("MJ", "kWh"):
            return self.restated("kWh", MJ_PER_KWH)
        if (self.per, unit) == ("kWh", "MJ"):
            return self.restated("MJ", 1 / MJ_PER_KWH)
        return self


def blend(
    name: str, basis: Literal["energy", "mass", "volume"], parts: Sequence[tuple[Fraction, CarrierFactor]]
) -> CarrierFactor:
    """
    The factor of a blend of (share, factor), shares of ``basis`` (GLEC v3.0, fuel blends).

    Every factor is per a unit of that basis. Raises ``SharesIncomplete``, ``EnergyUnitMismatch``, ``GwpMismatch``.
    """
    whole = sum((share for share, _ in parts), Fraction(0))
    if whole != 1 or any(share < 0 for share, _ in parts):
        raise SharesIncomplete(what=name, total=exact_text(whole))
    unit = parts[0][1].per
    for _, factor in parts:
        if factor.per != unit or unit not in _BLEND_UNITS[basis]:
            raise EnergyUnitMismatch(carrier=factor.carrier, expected="/".join(sorted(_BLEND_UNITS[basis])), got=unit)
    sets = sorted({factor.gwp_set for _, factor in parts} - {"none", "not stated"})
    if len(sets) > 1:
        raise GwpMismatch(sets=tuple(sets))
    spans = [factor.valid for _, factor in parts if factor.valid is not None]
    return CarrierFactor(
        ids=tuple(dict.fromkeys(i for _, factor in parts for i in factor.ids)),
        carrier=name,
        per=unit,
        ghg=summed(factor.ghg * share for share, factor in parts),
        gwp_set=sets[0] if sets else "not stated",
        valid=(max(s[0] for s in spans), min(s[1] for s in spans)) if spans else None,
    )


def combustion_co2(heating_value: Decimal, carbon_content: Decimal, oxidation: Decimal) -> Fraction:
    """
    CO2 of burning one unit of a fuel [t CO2 per unit]: NCV [GJ per unit] x carbon [t C/TJ] x oxidation x 44/12.

    That is CO2 and combustion alone: it makes no TTW + WTT factor and cannot be summed with one (China's national
    factor library; IPCC 2006 guidelines, volume 2).
    """
    return Fraction(heating_value) / 1000 * Fraction(carbon_content) * Fraction(oxidation) * CO2_PER_CARBON


def _said(factor: Factor) -> str:
    halves = "TTW + WTT" if factor.ttw is not None and factor.wtt is not None else "WTW alone or one half"
    return f"{factor.unit}, {halves}"

"""
Emissions and intensity of a category of operations in a period: TOC (ISO 14083:2023, clause 8) and HOC (clause 9).

G = sum of energy x factor + sum of refrigerant x GWP; g = G / T, for TTW, WTT and WTW. T is t km (or TEU km, or items)
of transport, or tonnes leaving a hub. A TOC covers round trips with all empty running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.amount import exact_text
from ledger.footprint.errors import GwpMismatch
from ledger.footprint.iso14083.energy import CarrierFactor
from ledger.footprint.iso14083.errors import NoActivity, RoundTripMissing
from ledger.footprint.iso14083.ghg import Ghg, summed
from ledger.footprint.iso14083.refrigerant import leak
from ledger.footprint.iso14083.working import Step, Steps, three

ActivityUnit = Literal["TEU km", "container", "item", "t", "t km"]
RoundTrips = Literal["complete", "one_way_charter", "partial", "pipeline"]
RULES: Final = dict.fromkeys(("container", "t"), "ISO 14083:2023, clause 9")
TOC_RULE: Final = "ISO 14083:2023, clause 8"


@dataclass(frozen=True, slots=True)
class EnergyUse:
    """An amount of one carrier in a unit, and the factor for it."""

    amount: Fraction
    unit: str
    factor: CarrierFactor


@dataclass(frozen=True, slots=True)
class Leak:
    """A mass of refrigerant lost [kg], its GWP100 and the set that states it."""

    gas: str
    mass_kg: Fraction
    gwp: Fraction
    gwp_set: str


@dataclass(frozen=True, slots=True)
class OperationTotal:
    """
    What a category of operations emitted [kg CO2e] for an activity, with its working.

    ``intensity`` is per ``unit`` of activity. ``gwp_set`` is the one stated set behind the sum.
    """

    name: str
    ghg: Ghg
    activity: Fraction
    unit: ActivityUnit
    gwp_set: str
    working: Steps

    @property
    def intensity(self) -> Ghg:
        """[kg CO2e per unit of activity], TTW and WTT apart."""
        return self.ghg / self.activity


def operation_total(
    name: str,
    activity: Fraction,
    unit: ActivityUnit,
    energy: Sequence[EnergyUse],
    *,
    leaks: Sequence[Leak] = (),
    round_trips: RoundTrips = "complete",
) -> OperationTotal:
    """
    The total of a TOC or HOC from measured energy and refrigerants.

    ``round_trips`` must not be ``partial``; one-way charters, with the leg before them, and pipelines are exempt.
    Raises ``RoundTripMissing``, ``NoActivity``, ``EnergyUnitMismatch``, ``AmountNegative``, ``GwpMismatch``.
    """
    if round_trips == "partial":
        raise RoundTripMissing(operation=name)
    rule = RULES.get(unit, TOC_RULE)
    parts: list[Ghg] = []
    steps: list[Step] = []
    for use in energy:
        emitted = use.factor.emissions(use.amount, use.unit)
        parts.append(emitted)
        steps.append(Step(f"energy.{use.factor.carrier}", use.amount, use.unit, rule))
        steps += three(f"emissions.{use.factor.carrier}", emitted, "kg CO2e", rule)
    for lost in leaks:
        emitted = leak(lost.mass_kg, lost.gwp)
        parts.append(emitted)
        steps.append(Step(f"refrigerant.{lost.gas}", lost.mass_kg, "kg", rule))
        steps += three(f"emissions.{lost.gas}", emitted, "kg CO2e", rule)
    whole = summed(parts)
    if activity <= 0:
        raise NoActivity(operation=f"{name} ({exact_text(activity)} {unit})")
    steps += three("emissions", whole, "kg CO2e", rule)
    steps.append(Step("activity", activity, unit, rule))
    steps += three("intensity", whole / activity, f"kg CO2e/({unit})", rule)
    sets = [*(use.factor.gwp_set for use in energy), *(lost.gwp_set for lost in leaks)]
    return OperationTotal(name, whole, activity, unit, one_gwp_set(sets), tuple(steps))


def one_gwp_set(sets: Sequence[str]) -> str:
    """The one stated GWP set of some factors. Raises ``GwpMismatch`` for two."""
    stated = sorted(set(sets) - {"none", "not stated"})
    if len(stated) > 1:
        raise GwpMismatch(sets=tuple(stated))
    return stated[0] if stated else "not stated"

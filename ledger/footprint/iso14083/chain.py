"""
Transport chain elements and chains: each element is computed, then summed (ISO 14083:2023, clause 10).

E = T x g x DAF for transport, E = outbound t x g for a hub. Change of vehicle or a hub begins a new element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.distance import UNADJUSTED, Adjustment, Basis, Distance, checked_adjustment
from ledger.footprint.iso14083.errors import ActivityUnitMismatch, MassNotPositive
from ledger.footprint.iso14083.ghg import Ghg, summed
from ledger.footprint.iso14083.operation import ActivityUnit
from ledger.footprint.iso14083.transport_activity import teu_km, tonne_km
from ledger.footprint.iso14083.working import Step, Steps, three

RULE: Final = "ISO 14083:2023, clause 10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """
    What one unit of activity emits [kg CO2e per ``per``] in a category of operations.

    ``basis`` is the distance it rests on; ``daf_included`` that an adjustment is inside; ``source`` a factor's id or
    an operation's name.
    """

    source: str
    ghg: Ghg
    per: ActivityUnit
    basis: Basis | None = None
    daf_included: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One TCE: its emissions [kg CO2e], its transport activity [t km or TEU km; 0 for a hub], its working."""

    name: str
    ghg: Ghg
    activity: Fraction
    working: Steps


def transport_element(
    name: str,
    quantity: Fraction,
    distance: Distance,
    intensity: Intensity,
    adjustment: Adjustment = UNADJUSTED,
) -> Element:
    """
    A consignment on a vehicle: ``quantity`` in t, or in TEU for an intensity per TEU km.

    Raises ``MassNotPositive``, ``ActivityUnitMismatch``, ``DoubleDistanceAdjustment``, ``DistanceBasisMismatch``.
    """
    if intensity.per not in {"t km", "TEU km"}:
        raise ActivityUnitMismatch(expected=intensity.per, got="t km")
    checked = checked_adjustment(
        name,
        intensity.source,
        adjustment,
        intensity=intensity.basis or distance.basis,
        activity=distance.basis,
        included=intensity.daf_included,
    )
    moved = tonne_km(name, quantity, distance) if intensity.per == "t km" else teu_km(quantity, distance)
    daf = checked.factor(distance)
    ghg = intensity.ghg * (moved * daf)
    working = (
        Step("activity", moved, intensity.per, RULE),
        Step("daf", daf, "1", checked.source),
        *three("intensity", intensity.ghg, f"kg CO2e/({intensity.per})", RULE),
        *three("emissions", ghg, "kg CO2e", RULE),
    )
    return Element(name, ghg, moved, working)


def hub_element(name: str, outbound: Fraction, intensity: Intensity, unit: Literal["container", "t"] = "t") -> Element:
    """
    A consignment through a hub: what leaves, in ``unit``, times the hub's intensity. Its distance is zero.

    Container terminals publish theirs per container, which no mass replaces. Raises ``ActivityUnitMismatch``,
    ``MassNotPositive``.
    """
    if intensity.per != unit:
        raise ActivityUnitMismatch(expected=intensity.per, got=unit)
    if outbound <= 0:
        raise MassNotPositive(what=name, mass=exact_text(outbound))
    ghg = intensity.ghg * outbound
    working = (Step("outbound", outbound, unit, RULE), *three("emissions", ghg, "kg CO2e", RULE))
    return Element(name, ghg, Fraction(0), working)


@dataclass(frozen=True, slots=True)
class Chain:
    """The elements from consignor to consignee, in order."""

    elements: tuple[Element, ...]

    @classmethod
    def of(cls, elements: Sequence[Element]) -> Chain:
        """From elements of one activity unit, each computed."""
        return cls(tuple(elements))

    @property
    def ghg(self) -> Ghg:
        """[kg CO2e]."""
        return summed(element.ghg for element in self.elements)

    @property
    def activity(self) -> Fraction:
        """Of the transport elements; hubs add none."""
        return sum((element.activity for element in self.elements), Fraction(0))

    @property
    def intensity(self) -> Ghg | None:
        """[kg CO2e per unit of activity], hubs inside; ``None`` without activity."""
        return self.ghg / self.activity if self.activity else None

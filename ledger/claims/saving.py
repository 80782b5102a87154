"""
A saving between two plans for the same goods, split by cause into parts that sum to it exactly.

Emissions of a plan for one lane are vehicles × distance × emissions per vehicle-km + packaging mass × its factor::

    vehicles = max((goods + packaging mass) / payload, packed volume / hold) / fill

A vehicle is full by mass or by volume, whichever comes first; ``fill`` is the share of it that is used. Each cause
gets its Shapley value (``footprint.shapley``), so that the parts sum to the saving without a rest. All arithmetic is
rational.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.claims.errors import PlanContradicts
from ledger.footprint.amount import exact_text
from ledger.footprint.shapley import shapley

Cause = Literal["distance", "load", "mode", "packaging_mass", "packaging_volume"]
CAUSES: Final[tuple[Cause, ...]] = ("distance", "load", "mode", "packaging_mass", "packaging_volume")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A mode of transport with its vehicle: payload [kg], hold [m3], emissions [kg CO2e per vehicle-km], factor id."""

    name: str
    payload_kg: Fraction
    hold_m3: Fraction
    kg_per_km: Fraction
    factor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """
    Goods on one way under one plan: masses [kg], packed volume [m3], distance [km], fill from 0 (exclusive) to 1.

    ``packaging_factor`` [kg CO2e/kg] is the making of the packaging, 0 when it is outside the boundary.
    """

    name: str
    goods_kg: Fraction
    packaging_kg: Fraction
    packed_m3: Fraction
    distance_km: Fraction
    fill: Fraction
    vehicle: Vehicle
    packaging_factor: Fraction
    packaging_factor_id: str = ""

    def __post_init__(self) -> None:
        vehicle = self.vehicle
        amounts = (self.packaging_kg, self.packed_m3, self.packaging_factor, vehicle.kg_per_km)
        divisors = (self.goods_kg, self.distance_km, self.fill, vehicle.payload_kg, vehicle.hold_m3)
        if min(amounts) < 0 or min(divisors) <= 0 or self.fill > 1:
            raise PlanContradicts(
                problem=f"lane {self.name}: an amount is negative or zero, or the fill is above one",
                problem_zh=f"线路 {self.name}：某个数量为负或零，或装载率大于一",
            )

    @property
    def vehicles(self) -> Fraction:
        """How many vehicles it takes; a part of one is a share of a vehicle."""
        by_mass = (self.goods_kg + self.packaging_kg) / self.vehicle.payload_kg
        return max(by_mass, self.packed_m3 / self.vehicle.hold_m3) / self.fill

    @property
    def transport_kg(self) -> Fraction:
        """Emissions of moving it [kg CO2e]."""
        return self.vehicles * self.distance_km * self.vehicle.kg_per_km

    @property
    def emissions_kg(self) -> Fraction:
        """Emissions of moving and packing it [kg CO2e]."""
        return self.transport_kg + self.packaging_kg * self.packaging_factor

    @property
    def tonne_km(self) -> Fraction:
        """Transport activity [t km]."""
        return (self.goods_kg + self.packaging_kg) * self.distance_km / 1000


class LaneSaving(NamedTuple):
    """What one lane saved [kg CO2e], by cause; ``factors`` are those of both plans."""

    lane: str
    baseline: Fraction
    executed: Fraction
    parts: Mapping[Cause, Fraction]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saving:
    """Baseline less executed over all lanes; ``avoided_tonne_km`` may be negative."""

    lanes: tuple[LaneSaving, ...]
    avoided_tonne_km: Fraction

    @property
    def baseline(self) -> Fraction:
        """Emissions of the baseline plan [kg CO2e]."""
        return sum((lane.baseline for lane in self.lanes), Fraction(0))

    @property
    def executed(self) -> Fraction:
        """Emissions of the executed plan [kg CO2e]."""
        return sum((lane.executed for lane in self.lanes), Fraction(0))

    @property
    def total(self) -> Fraction:
        """What was saved [kg CO2e]; negative when emissions grew."""
        return self.baseline - self.executed

    @property
    def parts(self) -> Mapping[Cause, Fraction]:
        """The saving by cause; the parts sum to ``total`` exactly."""
        return {cause: sum((lane.parts[cause] for lane in self.lanes), Fraction(0)) for cause in CAUSES}

    def to_record(self) -> dict[str, object]:
        """JSON-able; kg CO2e as exact text."""
        return {
            "baseline_kg": exact_text(self.baseline),
            "executed_kg": exact_text(self.executed),
            "saved_kg": exact_text(self.total),
            "avoided_tonne_km": exact_text(self.avoided_tonne_km),
            "parts_kg": {cause: exact_text(part) for cause, part in self.parts.items()},
            "lanes": [
                {
                    "lane": lane.lane,
                    "baseline_kg": exact_text(lane.baseline),
                    "executed_kg": exact_text(lane.executed),
                    "factors": list(lane.factors),
                    "parts_kg": {cause: exact_text(part) for cause, part in lane.parts.items()},
                }
                for lane in self.lanes
            ],
        }


def saving(baseline: Sequence[Lane], executed: Sequence[Lane]) -> Saving:
    """
    What the executed plan saves against the baseline, lane by lane.

    Raises ``PlanContradicts`` when the plans have other lanes, a lane twice, or other goods on a lane.
    """
    before, after = _by_name(baseline), _by_name(executed)
    if before.keys() != after.keys():
        odd = ", ".join(sorted(before.keys() ^ after.keys()))
        raise PlanContradicts(problem=f"lanes are in one plan only: {odd}", problem_zh=f"仅在一个方案中的线路：{odd}")
    lanes = []
    for name, old in before.items():
        new = after[name]
        if old.goods_kg != new.goods_kg:
            raise PlanContradicts(
                problem=f"lane {name} carries other goods under the two plans",
                problem_zh=f"线路 {name} 在两个方案中的货物质量不同",
            )
        lanes.append(LaneSaving(name, old.emissions_kg, new.emissions_kg, _shapley(old, new), _factors(old, new)))
    moved = sum((before[name].tonne_km - after[name].tonne_km for name in before), Fraction(0))
    return Saving(tuple(lanes), moved)


def _by_name(lanes: Sequence[Lane]) -> dict[str, Lane]:
    found = {lane.name: lane for lane in lanes}
    if len(found) != len(lanes) or not lanes:
        raise PlanContradicts(problem="a plan has no lane, or one twice", problem_zh="方案没有线路，或线路重复")
    return found


def _factors(*lanes: Lane) -> tuple[str, ...]:
    used = (name for lane in lanes for name in (lane.vehicle.factor, lane.packaging_factor_id))
    return tuple(dict.fromkeys(filter(None, used)))


def _shapley(old: Lane, new: Lane) -> dict[Cause, Fraction]:
    """What each cause saved; 2^5 plans are computed, each once."""
    return shapley(CAUSES, lambda changed: old.emissions_kg - _mixed(old, new, changed).emissions_kg)


def _mixed(old: Lane, new: Lane, changed: frozenset[Cause]) -> Lane:
    """The plan in which only these causes have changed."""

    def of(cause: Cause) -> Lane:
        return new if cause in changed else old

    return Lane(
        name=old.name,
        goods_kg=old.goods_kg,
        packaging_kg=of("packaging_mass").packaging_kg,
        packed_m3=of("packaging_volume").packed_m3,
        distance_km=of("distance").distance_km,
        fill=of("load").fill,
        vehicle=of("mode").vehicle,
        packaging_factor=of("packaging_mass").packaging_factor,
    )

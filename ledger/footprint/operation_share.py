"""
What of an operator's statement falls to the legs of one vehicle: their activity, and their part of the energy.

A plain statement falls to its legs whole. Rounds, ferries, passenger flights and temperature zones are shared by the
rules of ``iso14083.allocation`` first (ISO 14083:2023, 8.3; GLEC v3.0, p. 107-116).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.footprint.iso14083.allocation import (
    FERRY_EQUIVALENTS,
    FERRY_FREIGHT,
    PASSENGER_T,
    Belly,
    Stop,
    belly,
    in_proportion,
    round_activity,
)
from ledger.footprint.iso14083.distance import Distance
from ledger.footprint.iso14083.errors import NoActivity
from ledger.footprint.iso14083.working import Step, Steps
from ledger.records.transport_operation import PassengerFlight, Sailing, TransportOperation
from ledger.units import split_exactly

_GRAMS_PER_TONNE: Final = 1_000_000
_ROUND: Final = "GLEC v3.0, p. 107"
_FERRY: Final = "GLEC v3.0, RoPax by passenger equivalents"
_BELLY: Final = "GLEC v3.0, p. 116"
_ZONES: Final = "GLEC v3.0, temperature zones"


@dataclass(frozen=True, slots=True)
class Share:
    """
    ``activity`` [t km] of the legs, the part of the general energy that is theirs, and that of the cooling.

    ``stops`` is the activity of each stop of a round.
    """

    activity: Fraction
    general: Fraction = Fraction(1)
    cooling: Fraction = Fraction(1)
    stops: Mapping[str, Fraction] | None = None
    working: Steps = ()


def share_of(record: TransportOperation, vehicle: str) -> Share:
    """
    The share of the legs of ``vehicle``, which is the record's own or one of its zones'.

    Raises ``NoActivity``, ``MassNotPositive``, ``AmountNegative``.
    """
    if record.stops:
        return _round(record)
    if record.sailings:
        return _ferry(record.sailings)
    if record.flights:
        return _flights(record.flights)
    if record.zones:
        return _zone(record, vehicle)
    return Share(Fraction(record.activity_tkm or 0))


def _round(record: TransportOperation) -> Share:
    basis = record.distance_basis
    stops = [
        Stop(one.stop, Fraction(one.mass_g, _GRAMS_PER_TONNE), Distance(metres=one.direct_m, basis=basis, method=""))
        for one in record.stops
    ]
    activity = round_activity(stops)
    shares = in_proportion("round", activity)
    steps = [Step(f"stop.{name}.activity", tkm, "t km", _ROUND) for name, tkm in activity.items()]
    steps += [Step(f"stop.{name}.share", share, "1", _ROUND) for name, share in shares.items()]
    return Share(sum(activity.values(), Fraction(0)), stops=activity, working=tuple(steps))


def stop_grams(activity: Mapping[str, Fraction], kilograms: Fraction) -> Steps:
    """
    The round's emissions per stop in whole grams that add up to the round's own [g].

    The round is rounded half up; the last grams go by largest remainder.
    """
    whole = (2 * kilograms * 1000 + 1) // 2
    scale = max(part.denominator for part in activity.values())
    common = [int(part * scale * _GRAMS_PER_TONNE) for part in activity.values()]
    parts = split_exactly(int(whole), common)
    return tuple(
        Step(f"stop.{name}.emissions", Fraction(part), "g CO2e", _ROUND)
        for name, part in zip(activity, parts, strict=True)
    )


def _ferry(sailings: Sequence[Sailing]) -> Share:
    freight = everything = activity = Fraction(0)
    for one in sailings:
        km = Fraction(one.distance_m, 1000)
        counts = {
            "passenger": one.passengers,
            "car": one.cars,
            "bus": one.buses,
            "rigid_truck": one.rigid_lorries,
            "trailer": one.trailers,
            "articulated_truck": one.articulated_lorries,
        }
        weights = {kind: Fraction(FERRY_EQUIVALENTS[kind]) * count for kind, count in counts.items()}
        freight += km * sum((weights[kind] for kind in FERRY_FREIGHT), Fraction(0))
        everything += km * sum(weights.values(), Fraction(0))
        activity += km * Fraction(one.freight_mass_g, _GRAMS_PER_TONNE)
    if everything == 0:
        raise NoActivity(operation="ferry")
    share = freight / everything
    steps = (
        Step("ferry.equivalents", everything, "passenger km", _FERRY),
        Step("ferry.freight_equivalents", freight, "passenger km", _FERRY),
        Step("ferry.freight_share", share, "1", _FERRY),
        Step("ferry.freight_activity", activity, "t km", _FERRY),
    )
    return Share(activity, share, share, working=steps)


def _flights(flights: Sequence[PassengerFlight]) -> Share:
    total = freight = Fraction(0)
    for one in flights:
        weight = PASSENGER_T if one.passenger_mass_g is None else Fraction(one.passenger_mass_g, _GRAMS_PER_TONNE)
        flown = Distance(metres=one.distance_m, basis="gcd", method="")
        part: Belly = belly(
            Fraction(one.passengers), Fraction(one.freight_mass_g, _GRAMS_PER_TONNE), flown, passenger_t=weight
        )
        total, freight = total + part.total_tkm, freight + part.freight_tkm
    steps = (
        Step("flight.activity", total, "t km", _BELLY),
        Step("flight.freight_activity", freight, "t km", _BELLY),
        Step("flight.freight_share", freight / total, "1", _BELLY),
    )
    return Share(total, working=steps)


def _zone(record: TransportOperation, vehicle: str) -> Share:
    activity = {zone.vehicle: Fraction(zone.activity_tkm) for zone in record.zones}
    general = in_proportion("temperature zones", activity)[vehicle]
    cold = {zone.vehicle: activity[zone.vehicle] for zone in record.zones if zone.cooled}
    cooling = Fraction(0)
    if cold or record.cooling or record.refrigerants:
        cooling = in_proportion("cooled zones", cold).get(vehicle, Fraction(0))
    steps = (
        Step("zone.activity", activity[vehicle], "t km", _ZONES),
        Step("zone.general_share", general, "1", _ZONES),
        Step("zone.cooling_share", cooling, "1", _ZONES),
    )
    return Share(activity[vehicle], general, cooling, working=steps)

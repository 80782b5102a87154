"""
Allocation where measuring apart is not possible (GLEC v3.0, allocation; ISO 14083:2023, 8.3). Shares are exact.

Freight and freight by t km; stops of a round by mass x direct distance; passengers and freight by mass; ferries by
passenger equivalents; temperature zones in two parts, for all and for the cooled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text
from ledger.footprint.iso14083.distance import Distance, activity_distance
from ledger.footprint.iso14083.errors import AmountNegative, MassNotPositive, NoActivity, SharesIncomplete
from ledger.footprint.iso14083.ghg import NOTHING, Ghg
from ledger.footprint.iso14083.transport_activity import tonne_km

PASSENGER_T: Final = Fraction(1, 10)
"""Mass of a passenger with luggage when it is not known: 100 kg."""

FERRY_EQUIVALENTS: Final = {
    "passenger": Decimal("1.0"),
    "car": Decimal("1.3"),
    "bus": Decimal(10),
    "rigid_truck": Decimal(10),
    "trailer": Decimal(14),
    "articulated_truck": Decimal(18),
}
"""Passenger equivalents on a ferry for passengers and vehicles (RoPax)."""

FERRY_FREIGHT: Final = frozenset({"articulated_truck", "rigid_truck", "trailer"})


def in_proportion(what: str, weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Shares that add up to one, in proportion to the weights. Raises ``AmountNegative``, ``NoActivity``."""
    for name, weight in weights.items():
        if weight < 0:
            raise AmountNegative(what=f"{what}: {name}", amount=exact_text(weight))
    whole = sum(weights.values(), Fraction(0))
    if whole == 0:
        raise NoActivity(operation=what)
    return {name: weight / whole for name, weight in weights.items()}


def stated_shares(what: str, shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Shares as somebody stated them. Raises ``SharesIncomplete`` unless none is negative and they add up to one."""
    whole = sum(shares.values(), Fraction(0))
    if whole != 1 or any(share < 0 for share in shares.values()):
        raise SharesIncomplete(what=what, total=exact_text(whole))
    return dict(shares)


def split(ghg: Ghg, shares: Mapping[str, Fraction]) -> dict[str, Ghg]:
    """The emissions by share; the parts add up to the whole exactly."""
    return {name: ghg * share for name, share in shares.items()}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a collection or delivery round: mass [t], and the direct distance between base and stop."""

    name: str
    mass_t: Fraction
    direct: Distance


def round_activity(stops: Sequence[Stop]) -> dict[str, Fraction]:
    """
    Transport activity of each stop [t km], on the direct distance and never on the distance driven (GLEC v3.0, p. 107).

    Raises ``DistanceMissing``, ``DistanceBasisMismatch``, ``MassNotPositive``.
    """
    found: dict[str, Fraction] = {}
    for stop in stops:
        direct = activity_distance(stop.name, "road", stop.direct)
        found[stop.name] = found.get(stop.name, Fraction(0)) + tonne_km(stop.name, stop.mass_t, direct)
    return found


def round_shares(stops: Sequence[Stop]) -> dict[str, Fraction]:
    """Shares of a round's emissions. Raises as ``round_activity``."""
    return in_proportion("round", round_activity(stops))


def per_item(amount: Fraction, items: int) -> Fraction:
    """
    Per parcel, where neither masses nor distances are tracked (GLEC v3.0, p. 110). Raises ``NoActivity``.

    ``amount`` is fuel or emissions of the round.
    """
    if items <= 0:
        raise NoActivity(operation=f"{items} items")
    return amount / items


@dataclass(frozen=True, slots=True)
class Belly:
    """Activity of passenger flights with freight [t km]: the sum, and the freight's own."""

    total_tkm: Fraction
    freight_tkm: Fraction

    @property
    def freight_share(self) -> Fraction:
        """Of the flights' emissions."""
        return self.freight_tkm / self.total_tkm


def belly(
    passengers: Fraction, freight_t: Fraction, flown: Distance, flights: int = 1, passenger_t: Fraction = PASSENGER_T
) -> Belly:
    """
    Passengers and belly freight by mass, per flight leg (GLEC v3.0, p. 116).

    Raises ``DistanceBasisMismatch`` for anything but GCD, ``MassNotPositive``, ``NoActivity``.
    """
    leg = activity_distance("flight", "air", flown)
    if freight_t <= 0 or passengers < 0 or passenger_t <= 0:
        raise MassNotPositive(what="belly freight", mass=exact_text(freight_t))
    if flights <= 0:
        raise NoActivity(operation=f"{flights} flights")
    freight = tonne_km("belly freight", freight_t, leg) * flights
    return Belly(freight + passengers * passenger_t * leg.km * flights, freight)


def ferry_shares(counts: Mapping[str, int]) -> dict[str, Fraction]:
    """
    Shares of a ferry's emissions by what it carried, per kind of ``FERRY_EQUIVALENTS``.

    Raises ``AmountNegative``, ``NoActivity``; another kind raises ``KeyError``.
    """
    return in_proportion("ferry", {kind: Fraction(FERRY_EQUIVALENTS[kind]) * n for kind, n in counts.items()})


def by_temperature(
    general: Ghg, cooling: Ghg, activity: Mapping[str, Fraction], cooled: Collection[str]
) -> dict[str, Ghg]:
    """
    Emissions per temperature zone of a hub or a vehicle with several.

    ``general`` is shared over all zones' activity, ``cooling`` over the ``cooled`` zones' alone. Raises
    ``AmountNegative``, ``NoActivity`` when there was cooling and nothing cooled was moved.
    """
    everywhere = split(general, in_proportion("temperature zones", activity))
    cold = {zone: amount for zone, amount in activity.items() if zone in cooled}
    if cooling == NOTHING and not cold:
        return everywhere
    there = split(cooling, in_proportion("cooled zones", cold))
    return {zone: part + there.get(zone, NOTHING) for zone, part in everywhere.items()}

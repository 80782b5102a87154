"""
What a choice of cartons means: board times its factor, and volume as trips.

Trips are whole vehicles; the share of the last one that is empty is real. Beside them stands the same in proportion to
the volume, which is what the carton is answerable for when others fill the vehicle up.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.planning.cartons.choose import Choice
from ledger.planning.errors import AmountImpossible
from ledger.units import Grams


class Trip(NamedTuple):
    """A vehicle of ``room`` [mm3], of which ``fill`` (above 0, to 1) is filled, at ``grams`` [g CO2e] a trip."""

    room: int
    fill: Fraction
    grams: Fraction


class Effect(NamedTuple):
    """Board [g] and its grams of CO2e; whole trips and theirs; trips in proportion to the volume and theirs."""

    board_g: Grams
    board_grams: Fraction
    trips: int
    trip_grams: Fraction
    share_of_trips: Fraction
    share_grams: Fraction


class Trips(NamedTuple):
    """Whole trips and their grams of CO2e; trips in proportion to the volume and theirs."""

    trips: int
    grams: Fraction
    share: Fraction
    share_grams: Fraction


def trips_for(volume: Fraction, trip: Trip) -> Trips:
    """What a volume [mm3] takes. Raises ``AmountImpossible``."""
    if trip.room < 1 or not 0 < trip.fill <= 1:
        raise AmountImpossible(what="fill", name="trip", value=str(trip.fill), rule="> 0, <= 1")
    share = volume / trip.room / trip.fill
    trips = -(-share.numerator // share.denominator)
    return Trips(trips, trips * trip.grams, share, share * trip.grams)


def effect_of(choice: Choice, board_factor: Fraction, trip: Trip) -> Effect:
    """At ``board_factor`` [g CO2e per g of board]. Raises ``AmountImpossible``."""
    board, trips = choice.board_g, trips_for(Fraction(choice.volume), trip)
    return Effect(board, board * board_factor, *trips)

"""Distances and times for a day's plan where its workbook states none: measured between named places, never guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from ledger.errors import FootprintError
from ledger.planning.errors import AmountImpossible, DistancesDoNotFit
from ledger.planning.routes.problem import Distances
from ledger.ports.distances import Distances as Measures
from ledger.ports.distances import PlaceAmbiguous, PlaceNotFound, PlaceOffNetwork, Spot

MOST: Final = 60
"""Places that are measured; a day with more states its distances."""


class Measured(NamedTuple):
    """The table, and why places are no part of it."""

    table: Distances
    faults: Mapping[str, FootprintError]


def measured_table(
    places: Sequence[str], distances: Measures, kmh: Fraction, told: Callable[[int, int], None] = lambda *_: None
) -> Measured:
    """
    The shortest way by road between all places that are known, driven at ``kmh`` on average.

    Places that are not known, or not beside a road, are no part of it and in ``faults``. A way is taken to be as long
    back as there. Raises ``DistancesDoNotFit``, ``AmountImpossible``, and what measuring raises.
    """
    if kmh <= 0:
        raise AmountImpossible(what="speed [km/h]", name="-", value=str(kmh), rule="> 0")
    if len(places) > MOST:
        raise DistancesDoNotFit(problem=f"{len(places)} places / 地点 > {MOST}")
    spots: dict[str, Spot] = {}
    faults: dict[str, FootprintError] = {}
    for place in places:
        try:
            spots[place] = distances.find(place, "road", unpublished=True)
        except (PlaceNotFound, PlaceAmbiguous) as error:
            faults[place] = error
    kept, metres = _metres(spots, distances, told, faults)
    if not kept:
        raise next(iter(faults.values()), DistancesDoNotFit(problem="0 places / 地点"))
    seconds = [[ceil(Fraction(one * 18, 5) / kmh) for one in row] for row in metres]
    return Measured(Distances.of(kept, metres, seconds), faults)


def _metres(
    spots: dict[str, Spot], distances: Measures, told: Callable[[int, int], None], faults: dict[str, FootprintError]
) -> tuple[list[str], list[list[int]]]:
    """Names and their table [m]; a place off the network drops out when it is first measured."""
    kept: list[str] = []
    table: list[list[int]] = []
    for done, (place, spot) in enumerate(spots.items()):
        told(done, len(spots))
        try:
            row = [_between(spot, spots[other], distances) for other in kept]
        except PlaceOffNetwork as error:
            faults[place] = error
            continue
        for line, one in zip(table, row, strict=True):
            line.append(one)
        table.append([*row, 0])
        kept.append(place)
    return kept, table


def _between(start: Spot, end: Spot, distances: Measures) -> int:
    return 0 if start.code == end.code else distances.measure("road", "sfd", [start, end]).metres

"""
What a plan of routes is asked: depots, vehicles, orders, and the distances between places.

Amounts are whole: grams, cubic centimetres, metres, seconds (times are seconds from the start of the day). Rates are
fractions (``rates``); where they follow from a factor set, a fleet has their origin (``rated``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ledger.planning.errors import DistancesDoNotFit, TimeUnreadable
from ledger.planning.routes.rated import Origin
from ledger.planning.routes.rates import Rates, at_least
from ledger.units import Grams, Metres

DAY: Final = 24 * 60 * 60
MOST_PLACES: Final = 3_000
MOST_METRES: Final = 10**8
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::[0-5][0-9])?", re.ASCII)
_LAST_HOUR: Final = 47

Matrix = NDArray[np.int64]
Direction = Literal["delivery", "return"]
"""Goods of a delivery are in the vehicle until its stop, those of a return from its stop on."""


class Depot(NamedTuple):
    """Where vehicles start and end. ``row`` is where a person stated it."""

    name: str
    place: str
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """``count`` vehicles of one kind at one depot; costs in one currency, whichever."""

    name: str
    depot: str
    count: int
    capacity_g: Grams
    capacity_cm3: int
    rates: Rates
    start: int = 0
    end: int = DAY
    fixed_cost: Fraction = Fraction(0)
    cost_per_km: Fraction = Fraction(0)
    row: int | None = None
    origin: Origin | None = None
    """What its rates follow from; ``None`` for rates that somebody states."""

    def __post_init__(self) -> None:
        at_least("count", self.name, self.count, 1)
        at_least("capacity [g]", self.name, self.capacity_g, 1)
        for what, value in (("capacity [cm3]", self.capacity_cm3), ("shift", self.end - self.start)):
            at_least(what, self.name, value, 0)
        for what, cost in (("fixed cost", self.fixed_cost), ("cost per km", self.cost_per_km)):
            at_least(what, self.name, cost, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Goods to one place or back from it; ``depot`` when it has to be one and not any."""

    name: str
    place: str
    mass_g: Grams
    volume_cm3: int = 0
    direction: Direction = "delivery"
    opens: int = 0
    closes: int = DAY
    service: int = 0
    depot: str | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        for what, value in (("mass [g]", self.mass_g), ("volume [cm3]", self.volume_cm3), ("service", self.service)):
            at_least(what, self.name, value, 0)


@dataclass(frozen=True)
class Distances:
    """
    Distances [m] and driving times [s] from each place (row) to each place (column).

    Raises ``DistancesDoNotFit``.
    """

    places: tuple[str, ...]
    metres: Matrix
    seconds: Matrix

    def __post_init__(self) -> None:
        size = len(self.places)
        if not 1 <= size <= MOST_PLACES:
            raise DistancesDoNotFit(problem=f"{size} places, 1 to {MOST_PLACES} are possible")
        if len(set(self.places)) != size:
            raise DistancesDoNotFit(problem="a place stands there twice")
        for what, table in (("m", self.metres), ("s", self.seconds)):
            if table.shape != (size, size):
                raise DistancesDoNotFit(problem=f"{table.shape} figures in {what} for {size} places")
            if table.min() < 0 or table.max() > MOST_METRES:
                raise DistancesDoNotFit(problem=f"{table.min()} to {table.max()} {what}")

    @classmethod
    def of(
        cls, places: Iterable[str], metres: Sequence[Sequence[int]], seconds: Sequence[Sequence[int]] | None = None
    ) -> Distances:
        """From rows of whole numbers; without times, a second for each metre."""
        try:
            table = np.array(metres, np.int64)
            times = table if seconds is None else np.array(seconds, np.int64)
        except (ValueError, OverflowError) as error:
            raise DistancesDoNotFit(problem=str(error)) from error
        return cls(tuple(places), table, times)

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each place."""
        return {place: number for number, place in enumerate(self.places)}

    def leg(self, start: int, end: int) -> tuple[Metres, int]:
        """Distance [m] and time [s] between two places by number."""
        return Metres(int(self.metres[start, end])), int(self.seconds[start, end])


class Problem(NamedTuple):
    """One day's question. Names are unique and places known once ``admit`` let it through."""

    depots: tuple[Depot, ...]
    fleets: tuple[Fleet, ...]
    orders: tuple[Order, ...]
    distances: Distances


def parse_clock(text: str) -> int:
    """[s] from the start of the day of ``07:30``, up to the end of the next one. Raises ``TimeUnreadable``."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) > _LAST_HOUR:
        raise TimeUnreadable(text=text)
    return int(found[1]) * 3600 + int(found[2]) * 60


def clock(seconds: int) -> str:
    """A time of the day for people: ``07:30``; hours go on counting after midnight."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"

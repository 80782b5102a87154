"""
One vehicle and its stops in whole numbers: what an order of the stops costs in grams, and whether it can be driven.

Grams are counted in units of 1/(10^9 D) g, D being the common denominator of the vehicle's two rates, so that every sum
and comparison is one of integers::

    grams = sum over legs of  empty x m/1000  +  loaded x g m / 10^9
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from ledger.planning.routes.problem import Distances, Fleet, Order

_GRAM_METRES = 10**9
_PER_KM = 10**6
"""Of the unit above, in one metre at 1 g/km, beside 1 in one gram-metre at 1 g/(t km)."""


class Visit(NamedTuple):
    """A stop as driven: ``load_g`` and ``metres`` are of the leg to it."""

    stop: int
    arrives: int
    begins: int
    leaves: int
    metres: int
    load_g: int


class Walk(NamedTuple):
    """An order of stops as driven: the visits, the way back, and sums."""

    visits: tuple[Visit, ...]
    back: int
    """When the vehicle is at its depot again."""
    back_metres: int
    back_load_g: int
    metres: int
    gram_metres: int


@dataclass(frozen=True, slots=True)
class Tour:
    """The stops of one vehicle, numbered from 0; the depot is the last row and column."""

    fleet: Fleet
    metres: tuple[tuple[int, ...], ...]
    seconds: tuple[tuple[int, ...], ...]
    mass: tuple[int, ...]
    """[g], below 0 what is collected; ``volume`` likewise [cm3]."""
    volume: tuple[int, ...]
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    service: tuple[int, ...]
    mass_out: int
    """On board when leaving the depot [g]; ``volume_out`` [cm3]."""
    volume_out: int
    per_metre: int
    per_gram_metre: int
    scale: int

    @classmethod
    def of(cls, fleet: Fleet, depot: int, orders: Sequence[Order], distances: Distances) -> Tour:
        """The tour of a vehicle that starts at place number ``depot``."""
        places = [distances.index[order.place] for order in orders] + [depot]
        signs = [1 if order.direction == "delivery" else -1 for order in orders]
        mass = tuple(sign * order.mass_g for sign, order in zip(signs, orders, strict=True))
        volume = tuple(sign * order.volume_cm3 for sign, order in zip(signs, orders, strict=True))
        common = lcm(fleet.rates.empty.denominator, fleet.rates.loaded.denominator)
        rows = [[distances.leg(start, end) for end in places] for start in places]
        return cls(
            fleet=fleet,
            metres=tuple(tuple(metres for metres, _ in row) for row in rows),
            seconds=tuple(tuple(seconds for _, seconds in row) for row in rows),
            mass=mass,
            volume=volume,
            opens=tuple(order.opens for order in orders),
            closes=tuple(order.closes for order in orders),
            service=tuple(order.service for order in orders),
            mass_out=sum(amount for amount in mass if amount > 0),
            volume_out=sum(amount for amount in volume if amount > 0),
            per_metre=int(fleet.rates.empty * common) * _PER_KM,
            per_gram_metre=int(fleet.rates.loaded * common),
            scale=common * _GRAM_METRES,
        )

    @property
    def size(self) -> int:
        """How many stops."""
        return len(self.mass)

    def fits(self, load_g: int, load_cm3: int) -> bool:
        """Whether the vehicle can carry this at once."""
        return load_g <= self.fleet.capacity_g and load_cm3 <= self.fleet.capacity_cm3

    def cost(self, order: Sequence[int]) -> int | None:
        """Grams of CO2e of an order of the stops, in units of 1/``scale`` g; ``None`` when it cannot be driven."""
        here, mass, volume, now, cost = self.size, self.mass_out, self.volume_out, self.fleet.start, 0
        if not self.fits(mass, volume):
            return None
        for stop in order:
            cost += self.metres[here][stop] * (self.per_metre + self.per_gram_metre * mass)
            now += self.seconds[here][stop]
            if now < self.opens[stop]:
                now = self.opens[stop]
            elif now > self.closes[stop]:
                return None
            now += self.service[stop]
            mass -= self.mass[stop]
            volume -= self.volume[stop]
            if not self.fits(mass, volume):
                return None
            here = stop
        if now + self.seconds[here][self.size] > self.fleet.end:
            return None
        return cost + self.metres[here][self.size] * (self.per_metre + self.per_gram_metre * mass)

    def grams(self, cost: int) -> Fraction:
        """Grams of CO2e of a cost."""
        return Fraction(cost, self.scale)

    def latest_start(self, order: Sequence[int]) -> int:
        """When to leave the depot so as to wait least and be back no later, every window kept."""
        waited, slack = 0, self.fleet.end
        for visit in self.walk(order, self.fleet.start).visits:
            waited += visit.begins - visit.arrives
            slack = min(slack, waited + self.closes[visit.stop] - visit.begins)
        return self.fleet.start + max(min(waited, slack), 0)

    def walk(self, order: Sequence[int], start: int) -> Walk:
        """The same order stop by stop from leaving the depot at ``start``, whether or not its times are kept."""
        here, mass, now, visits = self.size, self.mass_out, start, []
        for stop in order:
            arrives = now + self.seconds[here][stop]
            begins = max(arrives, self.opens[stop])
            now = begins + self.service[stop]
            visits.append(Visit(stop, arrives, begins, now, self.metres[here][stop], mass))
            mass -= self.mass[stop]
            here = stop
        back = self.metres[here][self.size]
        return Walk(
            visits=tuple(visits),
            back=now + self.seconds[here][self.size],
            back_metres=back,
            back_load_g=mass,
            metres=sum(visit.metres for visit in visits) + back,
            gram_metres=sum(visit.metres * visit.load_g for visit in visits) + back * mass,
        )

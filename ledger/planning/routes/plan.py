"""
A plan of routes: what would be driven, with its grams of CO2e worked out exactly, and what is left out and why.

The search's routes first (``search``), then every vehicle's stops in their best order by true load (``load_order``). A
plan is never a saving: it is compared with a baseline and with what was driven elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.errors import Place
from ledger.planning.errors import FleetFull, NothingToPlan
from ledger.planning.refusal import Refusal
from ledger.planning.routes.admit import admit
from ledger.planning.routes.load_order import Method, finish
from ledger.planning.routes.problem import Depot, Fleet, Order, Problem
from ledger.planning.routes.search import Watch, search
from ledger.planning.routes.tour import Tour
from ledger.units import GramMetres, Grams, Metres

Stated = Literal["stated"]
"""How a route came about that people stated."""


class Stop(NamedTuple):
    """One stop. Times [s of the day]; ``metres``, ``load_g`` and ``grams`` [g CO2e] are of the leg to it."""

    order: Order
    arrives: int
    begins: int
    leaves: int
    metres: Metres
    load_g: Grams
    grams: Fraction


class Route(NamedTuple):
    """
    One vehicle's day: ``number`` counts the vehicles of its fleet from 1.

    ``grams`` [g CO2e] of the whole way; ``searched`` is what the search's order of the same stops would have emitted.
    """

    fleet: Fleet
    number: int
    depot: Depot
    stops: tuple[Stop, ...]
    leaves: int
    """The depot: as late as keeps every window and the time of return."""
    back: int
    metres: Metres
    gram_metres: GramMetres
    grams: Fraction
    searched: Fraction
    method: Method | Stated

    @property
    def gained(self) -> Fraction:
        """Grams of CO2e that the order of the stops by true load is better by; never below 0."""
        return self.searched - self.grams

    @property
    def cost(self) -> Fraction:
        """In the currency of the fleet's costs."""
        return self.fleet.fixed_cost + self.fleet.cost_per_km * self.metres / 1000


class Plan(NamedTuple):
    """All routes, what was left out with its reason, and what brings the same plan out again."""

    routes: tuple[Route, ...]
    refused: tuple[Refusal, ...]
    seed: int
    iterations: int
    complete: bool
    """False when it was ended before its iterations were made."""

    @property
    def grams(self) -> Fraction:
        """[g CO2e], exact."""
        return sum((route.grams for route in self.routes), Fraction(0))

    @property
    def gained(self) -> Fraction:
        """[g CO2e] by the order of stops on top of the search."""
        return sum((route.gained for route in self.routes), Fraction(0))

    @property
    def metres(self) -> Metres:
        """Driven, loaded or empty."""
        return Metres(sum(route.metres for route in self.routes))

    @property
    def gram_metres(self) -> GramMetres:
        """Transport activity: load x distance over every leg."""
        return GramMetres(sum(route.gram_metres for route in self.routes))

    @property
    def cost(self) -> Fraction:
        """In the currency of the fleets' costs."""
        return sum((route.cost for route in self.routes), Fraction(0))


def plan(
    problem: Problem, *, seed: int, iterations: int, watch: Watch | None = None, carbon_price: Fraction | None = None
) -> Plan:
    """
    Plan what can be planned.

    With a ``carbon_price`` [currency per kg CO2e] the search weighs costs as well. Raises ``NothingToPlan``.
    """
    admitted, refused = admit(problem)
    if not admitted.orders or not admitted.fleets:
        raise NothingToPlan(refused=len(refused))
    found = search(admitted, seed, iterations, watch, carbon_price)
    full = tuple(_full(admitted.orders[number]) for number in found.missed)
    homes = {depot.name: depot for depot in admitted.depots}
    routes, used = [], dict.fromkeys(range(len(admitted.fleets)), 0)
    for number, numbers in found.routes:
        fleet = admitted.fleets[number]
        used[number] += 1
        orders = [admitted.orders[one] for one in numbers]
        routes.append(_route(fleet, used[number], homes[fleet.depot], orders, admitted))
    return Plan(tuple(routes), refused + full, seed, found.iterations, found.complete)


def stated(problem: Problem, today: Mapping[str, tuple[str, int]]) -> Plan:
    """
    Routes as people drive them: by order its vehicle, ``NAME`` or ``NAME 2`` of a fleet, and its place in the sequence.

    Nothing is improved and no limit is judged: it is what is compared with. Orders without a vehicle, or with one that
    is not there, are left out by name. Raises ``NothingToPlan``.
    """
    admitted, refused = admit(problem)
    homes = {depot.name: depot for depot in admitted.depots}
    vehicles = {
        f"{fleet.name} {number}": (fleet, number) for fleet in admitted.fleets for number in range(1, fleet.count + 1)
    }
    vehicles |= {fleet.name: (fleet, 1) for fleet in admitted.fleets}
    by_vehicle: dict[tuple[Fleet, int], list[Order]] = {}
    left = []
    for order in sorted(admitted.orders, key=lambda one: today.get(one.name, ("", 0))[1]):
        vehicle = vehicles.get(today.get(order.name, ("", 0))[0])
        if vehicle is None:
            left.append(_full(order))
        else:
            by_vehicle.setdefault(vehicle, []).append(order)
    if not by_vehicle:
        raise NothingToPlan(refused=len(refused) + len(left))
    routes = tuple(
        driven(fleet, number, homes[fleet.depot], orders, admitted) for (fleet, number), orders in by_vehicle.items()
    )
    return Plan(routes, (*refused, *left), seed=0, iterations=0, complete=True)


def _full(order: Order) -> Refusal:
    return Refusal(order.name, FleetFull(order=order.name).at(Place(row=order.row)))


def _route(fleet: Fleet, number: int, depot: Depot, orders: list[Order], problem: Problem) -> Route:
    tour = Tour.of(fleet, problem.distances.index[depot.place], orders, problem.distances)
    found = finish(tour, range(len(orders)))
    made = driven(fleet, number, depot, [orders[stop] for stop in found.order], problem)
    return made._replace(searched=tour.grams(found.before), method=found.method)


def driven(fleet: Fleet, number: int, depot: Depot, orders: list[Order], problem: Problem) -> Route:
    """One vehicle's stops in this order, whatever it emits and whether or not its limits are kept."""
    tour = Tour.of(fleet, problem.distances.index[depot.place], orders, problem.distances)
    order = range(len(orders))
    leaves = tour.latest_start(order)
    walk = tour.walk(order, leaves)
    grams = fleet.rates.grams(walk.metres, walk.gram_metres)
    stops = tuple(
        Stop(
            orders[visit.stop],
            visit.arrives,
            visit.begins,
            visit.leaves,
            Metres(visit.metres),
            Grams(visit.load_g),
            fleet.rates.grams(visit.metres, visit.metres * visit.load_g),
        )
        for visit in walk.visits
    )
    return Route(
        fleet=fleet,
        number=number,
        depot=depot,
        stops=stops,
        leaves=leaves,
        back=walk.back,
        metres=Metres(walk.metres),
        gram_metres=GramMetres(walk.gram_metres),
        grams=grams,
        searched=grams,
        method="stated",
    )

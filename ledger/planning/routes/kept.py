"""A plan as what brings it out again: who drives where in which order. Times, loads and grams follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import Place
from ledger.planning.errors import FleetFull
from ledger.planning.refusal import Refusal
from ledger.planning.routes.admit import admit
from ledger.planning.routes.load_order import Method
from ledger.planning.routes.plan import Plan, Stated, driven
from ledger.planning.routes.problem import Problem


class KeptRoute(NamedTuple):
    """A vehicle's orders in their order; ``searched`` [g CO2e] is exact text."""

    fleet: str
    number: int
    orders: tuple[str, ...]
    searched: str
    method: Method | Stated


class KeptPlan(NamedTuple):
    """Routes, and how they were found."""

    routes: tuple[KeptRoute, ...]
    seed: int
    iterations: int
    complete: bool


def kept(plan: Plan) -> KeptPlan:
    """What of a plan does not follow from its problem."""
    routes = tuple(
        KeptRoute(
            route.fleet.name,
            route.number,
            tuple(stop.order.name for stop in route.stops),
            str(route.searched),
            route.method,
        )
        for route in plan.routes
    )
    return KeptPlan(routes, plan.seed, plan.iterations, plan.complete)


def restored(problem: Problem, found: KeptPlan) -> Plan:
    """The plan of the same problem, with every figure. Raises ``KeyError`` where the problem is another one."""
    admitted, refused = admit(problem)
    fleets = {fleet.name: fleet for fleet in admitted.fleets}
    homes = {depot.name: depot for depot in admitted.depots}
    orders = {order.name: order for order in admitted.orders}
    routes = []
    for one in found.routes:
        fleet = fleets[one.fleet]
        stops = [orders.pop(name) for name in one.orders]
        route = driven(fleet, one.number, homes[fleet.depot], stops, admitted)
        routes.append(route._replace(searched=Fraction(one.searched), method=one.method))
    left = tuple(Refusal(one.name, FleetFull(order=one.name).at(Place(row=one.row))) for one in orders.values())
    return Plan(tuple(routes), refused + left, found.seed, found.iterations, found.complete)


def late(plan: Plan) -> Sequence[int]:
    """By how much [s] each stop begins after its window closed; only of those that do. A searched plan has none."""
    beyond = (stop.begins - stop.order.closes for route in plan.routes for stop in route.stops)
    return [seconds for seconds in beyond if seconds > 0]

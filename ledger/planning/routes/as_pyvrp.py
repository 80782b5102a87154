"""
A problem in the search library's words: loads in grams and cubic centimetres, and one more dimension for each depot
that some order is bound to, in which the vehicles of other depots have no room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType

from ledger.planning.routes.problem import Order, Problem


def data_of(problem: Problem, per_metre: Sequence[int], fixed: Sequence[int], *, required: bool) -> ProblemData:
    """The data of an admitted problem at these prices by fleet; orders that are not ``required`` may be left out."""
    places = problem.distances.index
    homes = {depot.name: number for number, depot in enumerate(problem.depots)}
    bound = sorted({order.depot for order in problem.orders if order.depot is not None})
    prize = 0 if required else _prize(problem, per_metre, fixed)
    vehicles = [
        VehicleType(
            num_available=fleet.count,
            capacity=[fleet.capacity_g, fleet.capacity_cm3, *_room(fleet.depot, bound, len(problem.orders))],
            start_depot=homes[fleet.depot],
            end_depot=homes[fleet.depot],
            fixed_cost=fixed[number],
            tw_early=fleet.start,
            tw_late=fleet.end,
            unit_distance_cost=per_metre[number],
        )
        for number, fleet in enumerate(problem.fleets)
    ]
    return ProblemData(
        locations=[Location(0, 0) for _ in problem.distances.places],
        clients=[_client(order, places[order.place], bound, prize, required=required) for order in problem.orders],
        depots=[Depot(places[depot.place]) for depot in problem.depots],
        vehicle_types=vehicles,
        distance_matrices=[cast(Any, problem.distances.metres)],  # its stub names the dimensions
        duration_matrices=[cast(Any, problem.distances.seconds)],
    )


def penalties_of(problem: Problem, per_metre: Sequence[int], dimensions: int) -> tuple[list[float], float, float]:
    """What a unit too much costs at first (loads, s, m): what breaks a limit by one usual order costs a usual leg."""
    table = problem.distances
    legs = max(table.metres.size - len(table.places), 1)
    metres, seconds = float(table.metres.sum()) / legs, float(table.seconds.sum()) / legs
    leg = max(metres * float(np.mean(per_metre)), 1.0)
    amounts = [
        sum(order.mass_g for order in problem.orders) / len(problem.orders),
        sum(order.volume_cm3 for order in problem.orders) / len(problem.orders),
    ]
    loads = [leg / max(amount, 1.0) for amount in amounts] + [leg] * (dimensions - 2)
    return loads, leg / max(seconds, 1.0), leg / max(metres, 1.0)


def _client(order: Order, place: int, bound: Sequence[str], prize: int, *, required: bool) -> Client:
    amounts = [order.mass_g, order.volume_cm3, *(int(order.depot == depot) for depot in bound)]
    nothing = [0] * len(amounts)
    delivery = order.direction == "delivery"
    return Client(
        location=place,
        delivery=amounts if delivery else nothing,
        pickup=nothing if delivery else amounts,
        service_duration=order.service,
        tw_early=order.opens,
        tw_late=order.closes,
        prize=prize,
        required=required,
    )


def _room(depot: str, bound: Sequence[str], orders: int) -> list[int]:
    return [orders if depot == name else 0 for name in bound]


def _prize(problem: Problem, per_metre: Sequence[int], fixed: Sequence[int]) -> int:
    """More than any one order can cost, so that none is left out to save."""
    return 4 * max(per_metre) * int(problem.distances.metres.max()) + 2 * max(fixed) + 1

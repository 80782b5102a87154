"""
Which orders a plan can take, and why it cannot take the others; each reason has its row.

Judged order by order, against the vehicle that would serve it alone. What is let through may still be too much for the
fleet together: that shows in the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from ledger.errors import Place, PlanningError
from ledger.planning.amounts import amounts_text
from ledger.planning.errors import NameTwice, NoVehicleThere, OrderTooLarge, PlaceUnknown, WindowClosed
from ledger.planning.refusal import Refusal
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem, clock

Stated = TypeVar("Stated", Depot, Fleet, Order)


class Admitted(NamedTuple):
    """What is left to plan, and what was left out."""

    problem: Problem
    refused: tuple[Refusal, ...]


def admit(problem: Problem) -> Admitted:
    """The same problem with the rows that can be planned alone; the others with their reasons, in their order."""
    refused: list[Refusal] = []
    distances = problem.distances

    def kept(what: str, stated: Iterable[Stated], fault: Callable[[Stated], PlanningError | None]) -> Iterator[Stated]:
        names: set[str] = set()
        for one in stated:
            error = NameTwice(what=what, name=one.name) if one.name in names else fault(one)
            if error is None:
                yield one
            else:
                refused.append(Refusal(one.name, error.at(Place(row=one.row))))
            names.add(one.name)

    depots = tuple(kept("depots / 仓库", problem.depots, lambda one: _unknown(one.name, one.place, distances)))
    homes = {one.name: distances.index[one.place] for one in depots}
    fleets = tuple(kept("vehicles / 车辆", problem.fleets, lambda one: _unknown(one.name, one.depot, homes)))
    orders = tuple(
        kept("orders / 订单", problem.orders, lambda one: _fault_of(one, fleets, homes, distances)),
    )
    return Admitted(Problem(depots, fleets, orders, distances), tuple(refused))


def _unknown(name: str, place: str, known: Distances | dict[str, int]) -> PlaceUnknown | None:
    places = known.index if isinstance(known, Distances) else known
    return None if place in places else PlaceUnknown(name=name, where=place)


def _fault_of(
    order: Order, fleets: tuple[Fleet, ...], homes: dict[str, int], distances: Distances
) -> PlanningError | None:
    if order.depot is not None and order.depot not in homes:
        return PlaceUnknown(name=order.name, where=order.depot)
    if order.place not in distances.index:
        return PlaceUnknown(name=order.name, where=order.place)
    there = [fleet for fleet in fleets if order.depot in (None, fleet.depot)]
    if not there:
        return NoVehicleThere(order=order.name, depot=order.depot or "?")
    able = [one for one in there if order.mass_g <= one.capacity_g and order.volume_cm3 <= one.capacity_cm3]
    if not able:
        heavy = max(there, key=lambda one: (one.capacity_g, one.capacity_cm3))
        return OrderTooLarge(
            order=order.name,
            needs=amounts_text(order.mass_g, order.volume_cm3),
            largest=amounts_text(heavy.capacity_g, heavy.capacity_cm3),
        )
    return _late(order, able, homes, distances)


def _late(order: Order, able: list[Fleet], homes: dict[str, int], distances: Distances) -> WindowClosed | None:
    place = distances.index[order.place]
    window = f"{clock(order.opens)}-{clock(order.closes)}"
    visits = []
    for fleet in able:
        home = homes[fleet.depot]
        arrives = fleet.start + distances.leg(home, place)[1]
        begins = max(arrives, order.opens)
        back = begins + order.service + distances.leg(place, home)[1]
        if begins <= order.closes and back <= fleet.end:
            return None
        visits.append((begins > order.closes, arrives, back, fleet))
    late, arrives, back, fleet = min(visits, key=lambda visit: visit[:3])
    if order.closes < order.opens:
        earliest = "it closes before it opens / 结束早于开始"
    elif late:
        earliest = f"{fleet.name}: ≥ {clock(arrives)}"
    else:
        earliest = f"{fleet.name}: {clock(back)} > {clock(fleet.end)}"
    return WindowClosed(order=order.name, window=window, earliest=earliest)

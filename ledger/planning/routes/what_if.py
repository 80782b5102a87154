"""The same day otherwise: other numbers of vehicles, capacities or rates, windows closed earlier or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ledger.planning.errors import RatesMissing
from ledger.planning.routes.problem import DAY, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.units import Grams


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetChange:
    """
    What is otherwise about a fleet; ``None`` stays as it is. A ``count`` of 0 takes it out.

    Rates out of a factor set are replaced by both or by none, and stay those of the stated payload at other capacities.
    """

    count: int | None = None
    capacity_g: Grams | None = None
    capacity_cm3: int | None = None
    empty: Fraction | None = None
    loaded: Fraction | None = None


class Changes(NamedTuple):
    """By name of the fleet; ``closes`` [s of the day] is the latest a window closes; ``windows`` whether any counts."""

    fleets: Mapping[str, FleetChange] = {}
    closes: int | None = None
    windows: bool = True


def changed(problem: Problem, changes: Changes) -> Problem:
    """The problem as it would be. Raises ``AmountImpossible``, and ``RatesMissing`` for half of rates."""
    orders = tuple(_order(order, changes) for order in problem.orders)
    return problem._replace(fleets=fleets_changed(problem.fleets, changes), orders=orders)


def fleets_changed(fleets: Sequence[Fleet], changes: Changes) -> tuple[Fleet, ...]:
    """The fleets as they would be. Raises as ``changed`` does."""
    made = (_fleet(fleet, changes.fleets.get(fleet.name, FleetChange())) for fleet in fleets)
    return tuple(fleet for fleet in made if fleet is not None)


def _fleet(fleet: Fleet, change: FleetChange) -> Fleet | None:
    if change.count == 0:
        return None
    stated = (change.empty is not None, change.loaded is not None)
    if fleet.origin is not None and any(stated) and not all(stated):
        half = "loaded gCO2e/tkm" if stated[0] else "empty gCO2e/km"
        raise RatesMissing(vehicle=fleet.name, rule=half)
    return replace(
        fleet,
        count=fleet.count if change.count is None else change.count,
        capacity_g=fleet.capacity_g if change.capacity_g is None else change.capacity_g,
        capacity_cm3=fleet.capacity_cm3 if change.capacity_cm3 is None else change.capacity_cm3,
        rates=Rates(
            fleet.rates.empty if change.empty is None else change.empty,
            fleet.rates.loaded if change.loaded is None else change.loaded,
        ),
        origin=None if any(stated) else fleet.origin,
    )


def _order(order: Order, changes: Changes) -> Order:
    if not changes.windows:
        return replace(order, opens=0, closes=2 * DAY)
    return order if changes.closes is None else replace(order, closes=min(order.closes, changes.closes))

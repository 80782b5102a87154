"""
The search for routes, by pyvrp (iterated local search), which prices distance but not load x distance.

Each vehicle gets one price per metre: its grams at the load it is expected to have on average, or money with a price of
carbon on those grams. The search's whole numbers are never stated to anybody: grams are computed from the routes found
(``tour``), whose stops ``load_order`` then puts in the best order by true load.

The same problem, seed and number of iterations give the same routes. A search that ``watch`` ends says how far it came.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.planning.installed import needed
from ledger.planning.routes.problem import Fleet, Problem

if TYPE_CHECKING:
    from pyvrp import Solution

EVERY: Final = 50
"""Iterations between two calls of ``watch``."""
_FINEST: Final = 10_000
"""Search units of the dearest vehicle's metre: rates count to four digits, sums stay far below 2^63."""
_MANY: Final = 200
"""Orders from which on the search looks at fewer neighbours and forgets sooner: it has to get far in little time."""
_NEIGHBOURS: Final = (50, 20)
_HISTORY: Final = (100, 30)
_BATCH: Final = 100
_TARGET: Final = 0.65
_REACH: Final = 1000
"""How far the price of breaking a limit may go from where it starts."""
_NO_PLAN: Final = 1 << 62


class Progress(NamedTuple):
    """How far a search is; ``best`` is its estimate of the aim (grams or money), ``None`` before a plan was found."""

    iterations: int
    of: int
    best: Fraction | None


Watch = Callable[[Progress], bool]
"""Told how far it is; says whether to go on. Progress, a clock and a button to stop are all this."""


class Found(NamedTuple):
    """Routes as (number of the fleet, numbers of its orders in their order), and what was left out."""

    routes: tuple[tuple[int, tuple[int, ...]], ...]
    missed: tuple[int, ...]
    iterations: int
    complete: bool
    """Whether all iterations were made."""


def search(
    problem: Problem, seed: int, iterations: int, watch: Watch | None = None, carbon_price: Fraction | None = None
) -> Found:
    """
    Routes for an admitted problem with orders and vehicles.

    The aim is grams of CO2e alone or, with a ``carbon_price`` [currency per kg CO2e], the vehicles' costs with that
    price on their grams: plans at several prices are the curve between cost and carbon. Orders are left out only where
    the fleet cannot take them all. Raises ``PlannerMissing``.
    """
    needed("pyvrp")
    prices = _prices(problem, carbon_price)
    found = _Run(problem, prices, seed, iterations, watch, required=_may_fit(problem)).routes()
    if found is None:
        found = _Run(problem, prices, seed, iterations, watch, required=False).routes()
    assert found is not None  # leaving everything out is a plan, too
    return found


class _Prices(NamedTuple):
    """Search units a metre and per vehicle, by fleet; ``unit`` is what one of them is worth."""

    per_metre: list[int]
    fixed: list[int]
    unit: Fraction


def _prices(problem: Problem, carbon_price: Fraction | None) -> _Prices:
    mass = sum(order.mass_g for order in problem.orders)
    volume = sum(order.volume_cm3 for order in problem.orders)
    per_km, fixed = [], []
    for fleet in problem.fleets:
        grams = fleet.rates.grams(1000, 1000 * _expected_load(fleet, mass, volume))
        money = carbon_price is not None
        per_km.append(fleet.cost_per_km + carbon_price * grams / 1000 if carbon_price is not None else grams)
        fixed.append(fleet.fixed_cost if money else Fraction(0))
    dearest = max(per_km) or Fraction(1)
    per_metre = [max(1, round(_FINEST * value / dearest)) for value in per_km]
    starts = [round(1000 * _FINEST * value / dearest) for value in fixed]
    common = gcd(*per_metre, *starts)
    return _Prices(
        [value // common for value in per_metre],
        [value // common for value in starts],
        dearest * common / (1000 * _FINEST),
    )


def _expected_load(fleet: Fleet, mass: int, volume: int) -> int:
    """[g] A vehicle leaves as full as mass or volume lets it, and is half as full on average."""
    full = int(fleet.capacity_g)
    if volume:
        full = min(full, fleet.capacity_cm3 * mass // volume)
    return min(full, mass) // 2


def _may_fit(problem: Problem) -> bool:
    """Whether the fleet could hold all deliveries, and all returns, at once; if not, some are left out at once."""
    weight = sum(fleet.count * fleet.capacity_g for fleet in problem.fleets)
    room = sum(fleet.count * fleet.capacity_cm3 for fleet in problem.fleets)
    for direction in ("delivery", "return"):
        orders = [order for order in problem.orders if order.direction == direction]
        if sum(o.mass_g for o in orders) > weight or sum(o.volume_cm3 for o in orders) > room:
            return False
    return True


class _Run:
    """One run of the search. It is its own stopping criterion."""

    def __init__(
        self, problem: Problem, prices: _Prices, seed: int, iterations: int, watch: Watch | None, *, required: bool
    ) -> None:
        self.problem = problem
        self.prices = prices
        self.seed = seed
        self.limit = iterations
        self.watch = watch
        self.made = 0
        self.stopped = False
        self.required = required

    def __call__(self, best_cost: int) -> bool:
        """Whether to stop, asked before each iteration."""
        if self.made >= self.limit:
            return True
        if self.watch is not None and self.made % EVERY == 0:
            known = None if best_cost >= _NO_PLAN else best_cost * self.prices.unit
            self.stopped = not self.watch(Progress(self.made, self.limit, known))
        if not self.stopped:
            self.made += 1
        return self.stopped

    def routes(self) -> Found | None:
        """What was found; ``None`` when nothing that can be driven was."""
        best = self._best()
        if not best.is_feasible():
            return None
        routes = tuple(
            (route.vehicle_type(), tuple(activity.idx for activity in route if activity.is_client()))
            for route in best.routes()
        )
        missed = tuple(sorted(activity.idx for activity in best.unplanned()))
        return Found(routes, missed, self.made, not self.stopped)

    def _best(self) -> Solution:
        from pyvrp import RandomNumberGenerator, Solution
        from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchParams
        from pyvrp.PenaltyManager import PenaltyManager, PenaltyParams
        from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, PerturbationManager, compute_neighbours

        from ledger.planning.routes.as_pyvrp import data_of, penalties_of

        data = data_of(self.problem, self.prices.per_metre, self.prices.fixed, required=self.required)
        many = len(self.problem.orders) > _MANY
        near = NeighbourhoodParams(num_neighbours=_NEIGHBOURS[many])
        chance = RandomNumberGenerator(seed=self.seed)
        local = LocalSearch(data, chance, compute_neighbours(data, near), PerturbationManager())
        for operator in OPERATORS:
            if operator.supports(data):
                local.add_operator(operator(data))
        loads, late, far = penalties_of(self.problem, self.prices.per_metre, data.num_load_dimensions)
        params = PenaltyParams(
            solutions_between_updates=_BATCH,
            target_feasible=_TARGET,
            min_penalty=min(*loads, late, far) / _REACH,
            max_penalty=max(*loads, late, far) * _REACH,
        )
        manager = PenaltyManager((loads, late, far), params)
        first = local(Solution.make_random(data, chance), manager.max_cost_evaluator(), exhaustive=True)
        loop = IteratedLocalSearch(
            data, manager, local, first, IteratedLocalSearchParams(history_length=_HISTORY[many])
        )
        return loop.run(self, collect_stats=False).best

"""
Plans of routes: published instances in limited time beside two constructions, and a day of 500 orders.

    .venv/bin/python -m bench routes [--full]

Seconds are of the processor, so that neighbours on the machine do not change what is found. With ``--full`` seven seeds
instead of three.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from random import Random
from statistics import median
from time import process_time
from typing import Any

from bench.table import Line, show
from ledger.planning.routes.plan import Plan, plan
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.planning.routes.search import Progress
from ledger.units import Grams
from tests.route_instances import FOLDER, read

SECONDS = 10.0
BEST_KNOWN = {"X-n101-k25": 27_591, "X-n1001-k43": 72_355}
ALLOWED = {"X-n101-k25": (0.0, 0.9), "X-n1001-k43": (3.5, 3.5)}
"""Per cent above the best known: the median, any run."""
ORDERS, VEHICLES, DAY_SECONDS = 500, 40, 60.0
HOUR = 3600


def measure(*, full: bool) -> list[dict[str, Any]]:
    """The published instances, and the day."""
    seeds = range(7 if full else 3)
    return [*(instance(name, read(FOLDER / f"{name}.vrp"), seeds) for name in BEST_KNOWN), day()]


class Stopwatch:
    """Goes on for so many seconds of the processor; remembers what was found when."""

    def __init__(self, seconds: float) -> None:
        self.end = process_time() + seconds
        self.heard: list[tuple[float, Fraction | None]] = []

    def __call__(self, progress: Progress) -> bool:
        self.heard.append((process_time(), progress.best))
        return process_time() < self.end


def instance(name: str, problem: Problem, seeds: range) -> dict[str, Any]:
    """Plans after so many seconds, against the best known value."""
    lengths = [plan(problem, seed=seed, iterations=10**9, watch=Stopwatch(SECONDS)).metres for seed in seeds]
    best, allowed = BEST_KNOWN[name], ALLOWED[name]
    gaps = sorted(100 * (length - best) / best for length in lengths)
    table = problem.distances.metres.tolist()
    demands = [0, *(order.mass_g for order in problem.orders)]
    capacity = problem.fleets[0].capacity_g
    nearest, savings = (
        100 * (made - best) / best
        for made in (nearest_neighbour(table, demands, capacity), clarke_wright(table, demands, capacity))
    )
    show(
        f"{name}, {SECONDS:.0f} s, {len(lengths)} seeds, best known {best:,}",
        [
            Line(
                "  above it, median",
                median(gaps),
                "%",
                f"<= {allowed[0]}",
                reached=median(gaps) <= allowed[0],
            ),
            Line(
                "  above it, worst",
                gaps[-1],
                "%",
                f"<= {allowed[1]}",
                reached=gaps[-1] <= allowed[1],
            ),
            Line("  nearest neighbour", nearest, "%"),
            Line("  savings of Clarke and Wright", savings, "%"),
        ],
    )
    return {"instance": name, "lengths": lengths, "gaps": gaps, "nearest": nearest, "savings": savings}


def nearest_neighbour(metres: list[list[int]], demands: list[int], capacity: int) -> int:
    """Length when each vehicle goes on to the nearest customer that it can still serve."""
    left, total = set(range(1, len(demands))), 0
    while left:
        here, room = 0, capacity
        while near := [(metres[here][one], one) for one in left if demands[one] <= room]:
            step, here = min(near)
            total, room = total + step, room - demands[here]
            left.remove(here)
        total += metres[here][0]
    return total


def clarke_wright(metres: list[list[int]], demands: list[int], capacity: int) -> int:
    """Length after joining ends of routes by the largest saving (Clarke and Wright 1964)."""
    size = len(demands)
    routes = {one: [one] for one in range(1, size)}
    loads = dict(enumerate(demands))
    of = {one: one for one in range(1, size)}
    savings = sorted(
        ((metres[a][0] + metres[0][b] - metres[a][b], a, b) for a in range(1, size) for b in range(1, a)), reverse=True
    )
    for _, a, b in savings:
        first, second = of[a], of[b]
        if first == second or loads[first] + loads[second] > capacity:
            continue
        left, right = routes[first], routes[second]
        if a not in (left[0], left[-1]) or b not in (right[0], right[-1]):
            continue
        left = left if left[-1] == a else left[::-1]
        right = right if right[0] == b else right[::-1]
        routes[first] = left + right
        loads[first] += loads[second]
        of |= dict.fromkeys(right, first)
        del routes[second]
    return sum(sum(metres[a][b] for a, b in zip([0, *route], [*route, 0], strict=True)) for route in routes.values())


def lengths_of(points: list[tuple[int, int]]) -> list[list[int]]:
    """Straight lines, to the nearest whole number."""
    return [[(isqrt(4 * ((a - x) ** 2 + (b - y) ** 2)) + 1) // 2 for x, y in points] for a, b in points]


def day() -> dict[str, Any]:
    """500 orders, 40 vehicles of three kinds, two depots, windows, returns; the same plan twice."""
    asked = a_day()
    watch = Stopwatch(DAY_SECONDS)
    began = process_time()
    first = plan(asked, seed=1, iterations=10_000, watch=watch)
    seconds = process_time() - began
    again = plan(asked, seed=1, iterations=10_000)
    served = sum(len(route.stops) for route in first.routes)
    show(
        f"a day of {ORDERS} orders and {VEHICLES} vehicles",
        [
            Line("planned and finished", seconds, "s", f"< {DAY_SECONDS:.0f}", reached=seconds < DAY_SECONDS),
            Line("progress told", len(watch.heard), "times"),
            Line("orders in the plan", served, "", f"{len(first.refused)} left out with a reason"),
            Line("emissions", float(first.grams / 1000), "kg CO2e"),
            Line("of that saved by the order of stops", gain(first), "%"),
            Line("the same plan again", int(first == again), "", "1 = yes", reached=first == again),
        ],
    )
    return {"seconds": seconds, "served": served, "told": len(watch.heard), "gain_percent": gain(first)}


def gain(found: Plan) -> float:
    """Per cent that the order of stops by true load took off."""
    return float(100 * found.gained / (found.grams + found.gained))


def a_day() -> Problem:
    """Metres on a region of 120 x 120 km at 45 km/h; the same at every call."""
    chance = Random(7)
    points = [(30_000, 60_000), (90_000, 60_000)]
    points += [(chance.randint(0, 120_000), chance.randint(0, 120_000)) for _ in range(ORDERS)]
    metres = lengths_of(points)
    places = ["north", "south", *(f"p{n}" for n in range(ORDERS))]
    orders = []
    for number in range(ORDERS):
        opens = chance.choice((0, 0, 8, 10, 13)) * HOUR
        orders.append(
            Order(
                name=f"o{number}",
                place=f"p{number}",
                mass_g=Grams(chance.randint(20, 900) * 1000),
                volume_cm3=chance.randint(50, 3_000) * 1000,
                direction="return" if number % 10 == 0 else "delivery",
                opens=opens,
                closes=opens + 4 * HOUR if opens else 24 * HOUR,
                service=600,
            )
        )
    kinds = (("4.5 t", 2_000, 14, 260, 45), ("12 t", 6_000, 35, 480, 32), ("18 t", 9_000, 48, 620, 28))
    fleets = [
        Fleet(
            name=f"{name} {depot}",
            depot=depot,
            count=count,
            capacity_g=Grams(kilograms * 1000),
            capacity_cm3=cubic * 1_000_000,
            rates=Rates(Fraction(empty), Fraction(loaded)),
            start=6 * HOUR,
            end=20 * HOUR,
        )
        for depot in ("North", "South")
        for (name, kilograms, cubic, empty, loaded), count in zip(kinds, (6, 8, 6), strict=True)
    ]
    seconds = [[metre * 2 // 25 for metre in row] for row in metres]
    depots = (Depot("North", "north"), Depot("South", "south"))
    return Problem(depots, tuple(fleets), tuple(orders), Distances.of(places, metres, seconds))

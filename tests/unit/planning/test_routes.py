"""Plans of routes: published optima, one seed one plan, and every row that cannot be planned with its reason."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from ledger.footprint.iso14083.load import Vehicle
from ledger.planning.errors import (
    AmountImpossible,
    DistancesDoNotFit,
    FleetFull,
    NameTwice,
    NothingToPlan,
    NoVehicleThere,
    OrderTooLarge,
    PlaceUnknown,
    WindowClosed,
)
from ledger.planning.routes.plan import Plan, plan
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates, rates_of
from ledger.planning.routes.search import Progress
from ledger.units import Grams
from tests.route_instances import FOLDER, read

RATES = Rates(Fraction(600), Fraction(40))
PLACES = ["east depot", "west depot", "a", "b", "c", "d"]
KM = [
    [0, 90, 20, 25, 70, 80],
    [90, 0, 75, 70, 20, 5],
    [20, 75, 0, 10, 55, 65],
    [25, 70, 10, 0, 50, 60],
    [70, 20, 55, 50, 0, 12],
    [80, 5, 65, 60, 12, 0],
]
HOUR = 3600


def lorry(**changed: object) -> Fleet:
    values: dict[str, object] = {
        "name": "lorry",
        "depot": "East",
        "count": 2,
        "capacity_g": 5_000_000,
        "capacity_cm3": 20_000_000,
        "rates": RATES,
        "start": 6 * HOUR,
        "end": 18 * HOUR,
    }
    return Fleet(**values | changed)  # type: ignore[arg-type]


def order(name: str, place: str, **changed: object) -> Order:
    values: dict[str, object] = {"name": name, "place": place, "mass_g": 1_000_000, "volume_cm3": 2_000_000}
    return Order(**values | changed)  # type: ignore[arg-type]


def problem(orders: list[Order], *fleets: Fleet) -> Problem:
    metres = [[km * 1000 for km in row] for row in KM]
    seconds = [[km * 60 for km in row] for row in KM]
    depots = (Depot("East", "east depot"), Depot("West", "west depot"))
    return Problem(depots, fleets or (lorry(),), tuple(orders), Distances.of(PLACES, metres, seconds))


def served(found: Plan) -> dict[str, str]:
    return {stop.order.name: route.depot.name for route in found.routes for stop in route.stops}


@pytest.mark.parametrize(
    ("file", "scale", "best", "seed", "iterations"),
    [("E-n22-k4", 1, 375, 1, 300), ("CMT1", 1000, 524_612, 4, 200)],
)
def test_published_optima(file: str, scale: int, best: int, seed: int, iterations: int) -> None:
    """E-n22-k4 = 375 and CMT1 = 524.61 (distances x 1000, whole: 524,612)."""
    found = plan(read(FOLDER / f"{file}.vrp", scale), seed=seed, iterations=iterations)
    assert found.metres == best
    assert found.grams == Fraction(best, 1000)
    assert found.refused == ()


def test_one_seed_one_plan_and_no_grams_beside_the_sum() -> None:
    """The same seed and iterations give the same plan; grams of the legs add up to the route's, exactly."""
    asked = problem([order(str(n), PLACES[2 + n % 4], mass_g=300_000 + 50_000 * n) for n in range(12)])
    first, again = (plan(asked, seed=3, iterations=200) for _ in range(2))
    assert first == again
    assert first.complete
    assert len(served(first)) == 12
    for route in first.routes:
        home = route.metres - sum(stop.metres for stop in route.stops)
        legs = sum((stop.grams for stop in route.stops), RATES.grams(home, 0))
        assert legs == route.grams <= route.searched
    assert first.gained == sum((route.gained for route in first.routes), Fraction(0)) >= 0


def test_depots_returns_windows_and_volume() -> None:
    """Each place from its nearer depot, a bound order from its own, a return collected, a window and the room kept."""
    orders = [
        order("near east", "a"),
        order("near west", "d"),
        order("bound", "c", depot="East"),
        order("back", "b", direction="return"),
        order("late", "b", opens=15 * HOUR, closes=16 * HOUR),
    ]
    found = plan(problem(orders, lorry(), lorry(name="van", depot="West")), seed=1, iterations=300)
    assert served(found) == dict.fromkeys(("near east", "bound", "back", "late"), "East") | {"near west": "West"}
    late = next(stop for route in found.routes for stop in route.stops if stop.order.name == "late")
    assert 15 * HOUR <= late.begins <= 16 * HOUR
    bulky = [order(str(n), "a", mass_g=1_000, volume_cm3=12_000_000) for n in range(2)]
    assert len(plan(problem(bulky), seed=1, iterations=100).routes) == 2


def test_rows_that_cannot_be_planned_say_why_and_the_rest_is_planned() -> None:
    """Every reason with its row, in both languages; what is left is planned."""
    orders = [
        order("good", "a", row=2),
        order("heavy", "a", mass_g=5_000_001, row=3),
        order("bulky", "a", volume_cm3=20_000_001, row=4),
        order("nowhere", "e", row=5),
        order("early", "d", closes=7 * HOUR, row=6),
        order("too late", "d", opens=17 * HOUR, row=7),
        order("backwards", "a", opens=9 * HOUR, closes=8 * HOUR, row=8),
        order("good", "b", row=9),
        order("elsewhere", "a", depot="West", row=10),
        order("no depot", "a", depot="North", row=11),
    ]
    found = plan(problem(orders), seed=1, iterations=50)
    assert list(served(found)) == ["good"]
    kinds = [(type(one.error), one.error.place.row) for one in found.refused if one.error.place]
    assert kinds == [
        (OrderTooLarge, 3),
        (OrderTooLarge, 4),
        (PlaceUnknown, 5),
        (WindowClosed, 6),
        (WindowClosed, 7),
        (WindowClosed, 8),
        (NameTwice, 9),
        (NoVehicleThere, 10),
        (PlaceUnknown, 11),
    ]
    assert "5000.001 kg" in found.refused[0].error.message()
    assert "第 3 行" in found.refused[0].error.message("zh-CN")
    assert "07:20" in found.refused[3].error.message()


def test_what_the_fleet_cannot_take_is_named() -> None:
    """Three orders of 4 t, two lorries of 5 t: one is left out, two are driven."""
    found = plan(problem([order(name, "a", mass_g=4_000_000) for name in "xyz"]), seed=1, iterations=100)
    assert len(served(found)) == 2
    assert [type(one.error) for one in found.refused] == [FleetFull]
    hours = [order(name, "d", mass_g=1, service=6 * HOUR) for name in "xyz"]
    assert len(served(plan(problem(hours), seed=1, iterations=100))) == 2


def test_progress_and_cancel() -> None:
    """Whoever watches hears how far it is and can end it; the plan says so."""
    heard: list[Progress] = []

    def watch(progress: Progress) -> bool:
        heard.append(progress)
        return progress.iterations < 100

    found = plan(problem([order("x", "a"), order("y", "c")]), seed=1, iterations=10_000, watch=watch)
    assert [one.iterations for one in heard] == [0, 50, 100]
    assert (found.iterations, found.complete) == (100, False)
    assert len(served(found)) == 2
    assert heard[-1].best
    assert abs(heard[-1].best / found.grams - 1) < Fraction(1, 10)


def test_a_price_of_carbon_moves_the_plan_from_cheap_to_clean() -> None:
    """The cheap dirty vehicle at a low price, the dear clean one at a high price, the clean one for grams alone."""
    fleets = (
        lorry(name="cheap", rates=Rates(Fraction(900), Fraction(60)), cost_per_km=Fraction(2), count=1),
        lorry(name="clean", rates=Rates(Fraction(100), Fraction(5)), cost_per_km=Fraction(5), count=1),
    )
    asked = problem([order("x", "d")], *fleets)

    def chosen(price: Fraction | None) -> str:
        return plan(asked, seed=1, iterations=50, carbon_price=price).routes[0].fleet.name

    assert [chosen(Fraction(1, 100)), chosen(Fraction(100)), chosen(None)] == ["cheap", "clean", "clean"]


def test_nothing_to_plan_and_amounts_that_cannot_be() -> None:
    """What is no question at all raises."""
    with pytest.raises(NothingToPlan):
        plan(problem([order("x", "e")]), seed=1, iterations=1)
    with pytest.raises(AmountImpossible):
        lorry(count=0)
    with pytest.raises(AmountImpossible):
        order("x", "a", mass_g=-1)
    for metres in ([[0, 1]], [[0, -1], [1, 0]], [[0, 10**30], [1, 0]]):
        with pytest.raises(DistancesDoNotFit):
            Distances.of(["a", "b"], metres)
    with pytest.raises(DistancesDoNotFit):
        Distances.of(["a", "a"], [[0, 1], [1, 0]])


def test_rates_of_a_consumption_curve() -> None:
    """28 L empty and 38 L full of 25 t on 100 km, 3,170 g CO2e a litre: 887.6 g/km and 12.68 g/(t km)."""
    curve = Vehicle(empty_per_km=Decimal("0.28"), full_per_km=Decimal("0.38"), capacity_t=Fraction(25))
    rates = rates_of(curve, Fraction(3170))
    assert rates == Rates(Fraction("887.6"), Fraction("12.68"))
    assert rates.grams(100_000, int(Grams(25_000_000)) * 100_000) == Fraction("0.38") * 100 * 3170

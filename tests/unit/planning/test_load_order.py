"""The order of stops by true load: the published loop, brute force over every order, and never worse."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.planning.routes.load_order import EXACT, finish
from ledger.planning.routes.problem import Distances, Fleet, Order
from ledger.planning.routes.rates import Rates
from ledger.planning.routes.tour import Tour
from ledger.units import Grams


def fleet(rates: Rates, capacity: int = 10**9, end: int = 10**6) -> Fleet:
    return Fleet(
        name="lorry",
        depot="home",
        count=1,
        capacity_g=Grams(capacity),
        capacity_cm3=10**9,
        rates=rates,
        end=end,
    )


def test_the_loop_that_is_driven_the_other_way_round() -> None:
    """
    120 km, 8 t and 2 t: 400 t km and 28 L one way, 800 t km and 32 L the other.

    The figures are those of the programme's explanation of saved tonne-kilometres; rates here are litres: 0.2 L/km
    empty and 0.01 L/(t km).
    """
    metres = [[0, 50_000, 30_000], [50_000, 0, 40_000], [30_000, 40_000, 0]]
    seconds = [[0] * 3] * 3
    orders = [Order(name="a", place="a", mass_g=Grams(8_000_000)), Order(name="b", place="b", mass_g=Grams(2_000_000))]
    tour = Tour.of(
        fleet(Rates(Fraction("0.2"), Fraction("0.01"))), 2, orders, Distances.of(["a", "b", "home"], metres, seconds)
    )
    loaded, unloaded = tour.walk((1, 0), 0), tour.walk((0, 1), 0)
    assert (loaded.metres, loaded.gram_metres) == (120_000, 800 * 10**9)
    assert (unloaded.metres, unloaded.gram_metres) == (120_000, 400 * 10**9)
    found = finish(tour, (1, 0))
    assert (found.order, found.method) == ((0, 1), "optimal")
    assert (tour.grams(found.before), tour.grams(found.cost)) == (32, 28)


@st.composite
def tours(draw: st.DrawFn, most: int, windows: bool = True) -> Tour:
    """Asymmetric distances, deliveries and returns, some windows, a capacity that is sometimes tight."""
    size = draw(st.integers(1, most))
    numbers = st.lists(st.integers(0, 50), min_size=size + 1, max_size=size + 1)
    metres = draw(st.lists(numbers, min_size=size + 1, max_size=size + 1))
    orders = []
    for name in range(size):
        opens = draw(st.integers(0, 100)) if windows and draw(st.booleans()) else 0
        closes = opens + draw(st.integers(20, 150)) if windows and draw(st.booleans()) else 10**6
        orders.append(
            Order(
                name=str(name),
                place=str(name),
                mass_g=Grams(draw(st.integers(0, 9))),
                volume_cm3=draw(st.integers(0, 9)),
                direction=draw(st.sampled_from(["delivery", "return"])),
                opens=opens,
                closes=closes,
                service=draw(st.integers(0, 3)),
            )
        )
    rates = Rates(Fraction(draw(st.integers(0, 5)), 7), Fraction(draw(st.integers(0, 9)) * 10**6, 3))
    places = [*map(str, range(size)), "home"]
    capacity = max(sum(o.mass_g for o in orders if o.direction == d) for d in ("delivery", "return"))
    room = fleet(rates, max(capacity, 1) + draw(st.integers(0, 9)))
    return Tour.of(room, size, orders, Distances.of(places, metres))


def drivable(tour: Tour) -> dict[tuple[int, ...], int]:
    """Every order of the stops that can be driven, with its cost."""
    costs = {order: tour.cost(order) for order in permutations(range(tour.size))}
    return {order: cost for order, cost in costs.items() if cost is not None}


@settings(max_examples=40, deadline=None)
@given(tours(6), st.data())
def test_no_order_of_a_few_stops_is_better(tour: Tour, data: st.DataObject) -> None:
    """Brute force over all orders of up to six stops, windows, returns and capacity kept."""
    all_orders = drivable(tour)
    if all_orders:
        given_order = data.draw(st.sampled_from(sorted(all_orders)))
        found = finish(tour, given_order)
        assert found.cost == min(all_orders.values()) == all_orders[found.order]
        assert found.before == all_orders[given_order]
        assert found.order == given_order or found.cost < found.before


def test_no_order_of_eight_stops_is_better() -> None:
    """40,320 orders, once: distances and masses from a fixed rule."""
    size = 8
    metres = [[(17 * (a + 1) * (b + 3) + 5 * a * a) % 97 for b in range(size + 1)] for a in range(size + 1)]
    orders = [
        Order(
            name=str(n),
            place=str(n),
            mass_g=Grams(1 + n * n % 7),
            direction="return" if n % 3 == 0 else "delivery",
            closes=10**6 if n % 2 else 260,
        )
        for n in range(size)
    ]
    places = [*map(str, range(size)), "home"]
    tour = Tour.of(fleet(Rates(Fraction(1, 7), Fraction(10**8))), size, orders, Distances.of(places, metres))
    all_orders = drivable(tour)
    worst = max(all_orders, key=lambda order: all_orders[order])
    found = finish(tour, worst)
    assert found.cost == min(all_orders.values()) < found.before


@settings(max_examples=15, deadline=None)
@given(tours(16, windows=False))
def test_beyond_a_few_stops_it_is_never_worse(tour: Tour) -> None:
    """The local search keeps every stop, the limits and the grams."""
    given_order = tuple(range(tour.size))
    before = tour.cost(given_order)
    if before is not None:
        found = finish(tour, given_order)
        assert sorted(found.order) == list(given_order)
        assert tour.cost(found.order) == found.cost <= found.before == before
        assert found.method == ("optimal" if tour.size <= EXACT else "local")


@settings(max_examples=30, deadline=None)
@given(tours(6))
def test_whole_numbers_say_what_fractions_say(tour: Tour) -> None:
    """The cost in integers is the rates' line on every leg, summed as fractions."""
    order = tuple(range(tour.size))
    walk = tour.walk(order, 0)
    legs = [(visit.metres, visit.load_g) for visit in walk.visits] + [(walk.back_metres, walk.back_load_g)]
    rates = tour.fleet.rates
    grams = sum(
        (rates.empty * m / 1000 + rates.loaded * Fraction(load, 10**6) * Fraction(m, 1000) for m, load in legs),
        Fraction(0),
    )
    assert rates.grams(walk.metres, walk.gram_metres) == grams
    cost = tour.cost(order)
    assert cost is None or tour.grams(cost) == grams


@settings(max_examples=60, deadline=None)
@given(tours(5))
def test_leaving_late_keeps_windows_and_the_return(tour: Tour) -> None:
    """A later start waits less, is back at the same time, and a second later something would not hold."""
    order = tuple(range(tour.size))
    if tour.cost(order) is None:
        return
    start = tour.latest_start(order)
    early, late = tour.walk(order, 0), tour.walk(order, start)
    assert late.back == early.back
    assert all(tour.opens[one.stop] <= one.begins <= tour.closes[one.stop] for one in late.visits)
    then = tour.walk(order, start + 1)
    assert then.back > late.back or any(one.begins > tour.closes[one.stop] for one in then.visits)


def test_an_order_that_cannot_be_driven_is_no_start() -> None:
    """A stop missing, or a window missed."""
    orders = [Order(name="a", place="a", mass_g=Grams(1), closes=5)]
    tour = Tour.of(fleet(Rates(Fraction(1), Fraction(1))), 1, orders, Distances.of(["a", "home"], [[0, 9], [9, 0]]))
    for order in ((), (0,)):
        with pytest.raises(ValueError, match="cannot be driven"):
            finish(tour, order)

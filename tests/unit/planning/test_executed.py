"""Plan, drive, verify: the loop's saving by cause, parts that sum, and nothing booked for what was not driven."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ledger.planning.errors import GoodsDiffer, PlanNotDriven
from ledger.planning.executed import Carried, Journey, Packing, journeys_of, verify
from ledger.planning.routes.plan import plan
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.units import GramMetres, Grams, Metres

RATES = Rates(Fraction(200), Fraction(10))
GOODS = (Carried("a", Grams(8_000_000)), Carried("b", Grams(2_000_000)))


def journey(km: int, tkm: int, rates: Rates = RATES, carried: tuple[Carried, ...] = GOODS) -> Journey:
    return Journey(rates, Metres(km * 1000), GramMetres(tkm * 10**9), carried)


def test_the_loop_the_other_way_round_is_a_saving_by_load() -> None:
    """120 km and 800 t km before, 400 t km after: 32,000 - 28,000 g, all of it by load."""
    found = verify([journey(120, 800)], [journey(120, 400)], [journey(120, 400)])
    assert (found.baseline, found.driven, found.booked) == (32_000, 28_000, 4_000)
    assert {cause: part for cause, part in found.parts.items() if part} == {"load": 4_000}
    assert found.avoided_gram_metres == 400 * 10**9
    assert found.missed == 0


def test_lighter_boxes_save_their_making() -> None:
    """A lorry that is full by volume drives the same with 1 kg less of board: 2 g CO2e/g x 1,000 g."""
    heavy, light = (
        journey(120, 800, carried=(Carried("a", Grams(8_000_000 + board), Grams(board), 10**7),))
        for board in (3_000, 2_000)
    )
    packing = Packing(Grams(10**8), 10**7, Fraction(2))
    found = verify([heavy], [heavy], [light], packing=packing)
    assert {cause: part for cause, part in found.parts.items() if part} == {"packaging_mass": 2_000}
    assert (found.booked, found.avoided_cm3) == (2_000, 0)


def test_what_was_not_driven_books_nothing() -> None:
    """One planned order missing, another added: both named, no saving, the difference shown as such."""
    half = journey(60, 200, carried=GOODS[:1])
    found = verify([journey(120, 800)], [journey(120, 400)], [half])
    assert found.not_driven == ("b",)
    assert [type(fault) for fault in found.faults] == [PlanNotDriven]
    assert found.booked is None
    assert found.difference == 32_000 - 14_000
    more = verify([journey(120, 800)], [journey(120, 400)], [journey(120, 400, carried=(*GOODS, *GOODS))])
    assert [type(fault) for fault in more.faults] == [GoodsDiffer]
    nothing = verify([journey(120, 800)], [journey(120, 400)], [])
    assert (nothing.driven, nothing.booked) == (0, None)


ways = st.builds(
    lambda km, tkm, empty, loaded: journey(km, tkm, Rates(Fraction(empty, 3), Fraction(loaded, 7))),
    st.integers(1, 500),
    st.integers(0, 900),
    st.integers(0, 999),
    st.integers(0, 99),
)


@given(st.lists(ways, min_size=1, max_size=4), st.lists(ways, min_size=1, max_size=4))
def test_causes_sum_to_the_difference(before: list[Journey], after: list[Journey]) -> None:
    """To the last digit, over several vehicles; each side is the sum of its journeys; back again is the opposite."""
    found, back = verify(before, after, after), verify(after, before, before)
    assert sum(found.parts.values()) == found.difference
    assert found.baseline == sum(one.grams for one in before)
    assert found.driven == found.planned == sum(one.grams for one in after)
    assert found.parts == {cause: -part for cause, part in back.parts.items()}


def test_a_plan_as_journeys() -> None:
    """The plan's grams, activity and orders are the journeys'."""
    places = ["home", "x", "y"]
    metres = [[0, 10_000, 12_000], [10_000, 0, 5_000], [12_000, 5_000, 0]]
    orders = tuple(Order(name=place, place=place, mass_g=Grams(1_000_000)) for place in places[1:])
    lorry = Fleet(name="l", depot="home", count=1, capacity_g=Grams(3_000_000), capacity_cm3=0, rates=RATES)
    asked = Problem((Depot("home", "home"),), (lorry,), orders, Distances.of(places, metres))
    found = plan(asked, seed=1, iterations=20)
    ways = journeys_of(found)
    assert sum(one.grams for one in ways) == found.grams
    assert {one.order for way in ways for one in way.carried} == {"x", "y"}
    assert verify(ways, ways, ways).booked == 0

"""Alternatives by mode: published intensities, GLEC's rule for flights, and what is refused or not known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.adapters.distances import OfflineDistances
from ledger.adapters.factor_tables import FactorTables
from ledger.footprint.alternatives import Compared, Section, Way, compare
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.errors import MassNotPositive
from ledger.ports.distances import PlaceNotFound
from ledger.services.compare_modes import Choice, Question, compare_modes
from ledger.units import Grams

DAY = date(2026, 7, 1)
TONNE = Grams(10**6)
LORRY = "road.hgv.artic-over-33t.diesel.avg"
RIGID = "road.hgv.rigid-17t.diesel.avg"


@pytest.fixture(scope="module")
def factors() -> FactorSet:
    return FactorTables().current()


def way(name: str, vehicle: str, mode: str, km: int, basis: str = "sfd", **known: Fraction) -> Way:
    return Way(name, (Section("a", "b", mode, vehicle, km * 1000, basis, "stated"),), **known)


def test_published_intensities_times_tonne_kilometres(factors: FactorSet) -> None:
    """DESNZ 2025, freighting goods with its well-to-tank part, per t km; flights fly 95 km more (GLEC v3.0)."""
    found = compare(
        Grams(12 * TONNE),
        DAY,
        [
            way("rail", "rail.freight.avg", "rail", 1620),
            way("road", LORRY, "road", 1266),
            way("air", "air.freight.up-to-3700km", "air", 1078, "gcd"),
        ],
        factors,
    )
    assert [one.way.name for one in found.weighed] == ["rail", "road", "air"]
    by_name = {one.way.name: one.wtw for one in found.weighed}
    assert by_name["rail"] == 12 * 1620 * Fraction("0.0347")
    assert by_name["road"] == 12 * 1266 * Fraction("0.09502")
    assert by_name["air"] == 12 * (1078 + 95) * Fraction("0.96054")


def test_a_change_of_vehicle_that_nobody_stated_leaves_the_alternative_incomplete(factors: FactorSet) -> None:
    chain = Way(
        "rail",
        (
            Section("a", "b", "road", RIGID, 30_000, "sfd", "stated"),
            Section("b", "c", "rail", "rail.freight.avg", 900_000, "sfd", "stated"),
            Section("c", "d", "road", RIGID, 20_000, "sfd", "stated"),
        ),
    )
    road = way("road", LORRY, "road", 1000)
    without = compare(TONNE, DAY, [chain, road], factors)
    assert without.least is not None
    assert without.least.way.name == "road", "what is incomplete is never the least"
    stated = compare(TONNE, DAY, [chain, road], factors, handling=Fraction("1.2"))
    assert stated.least is not None
    assert stated.least.way.name == "rail"
    assert stated.least.wtw - without.weighed[0].wtw == 2 * Fraction("1.2")


def test_late_is_only_what_is_known_to_be(factors: FactorSet) -> None:
    ways = [
        way("slow", "rail.freight.avg", "rail", 900, hours=Fraction(80)),
        way("unsaid", LORRY, "road", 900),
        way("fast", LORRY, "road", 950, hours=Fraction(20)),
    ]
    found = compare(TONNE, DAY, ways, factors, allowed=Fraction(72))
    assert {one.way.name: one.late for one in found.weighed} == {"slow": True, "unsaid": None, "fast": False}
    assert found.least is not None
    assert found.least.way.name == "unsaid"


def test_a_class_that_the_set_lacks_is_refused_and_the_rest_is_compared(factors: FactorSet) -> None:
    ways = [way("barge", "iww.none", "inland_waterway", 900), way("road", LORRY, "road", 900)]
    found = compare(TONNE, DAY, ways, factors)
    assert [(one.name, one.error.code) for one in found.refused] == [("barge", "footprint.no-factor")]
    assert len(found.weighed) == 1
    with pytest.raises(MassNotPositive):
        compare(Grams(0), DAY, ways, factors)


@given(st.lists(st.tuples(*[st.integers(1, 50)] * 3), min_size=1, max_size=6))
def test_what_is_beaten_is_beaten_by_something_that_is_not(
    factors: FactorSet, said: list[tuple[int, int, int]]
) -> None:
    ways = [
        way(str(number), LORRY, "road", km, cost=Fraction(cost), hours=Fraction(hours))
        for number, (km, cost, hours) in enumerate(said)
    ]
    found = compare(TONNE, DAY, ways, factors)
    figures = [(one.wtw, one.way.cost or 0, one.way.hours or 0) for one in found.weighed]
    for one, mine in zip(found.weighed, figures, strict=True):
        better = [o for o in figures if all(a <= b for a, b in zip(o, mine, strict=True)) and o != mine]
        assert one.beaten == bool(better)
    assert not all(one.beaten for one in found.weighed)


def asked(*choices: Choice) -> Question:
    return Question("南京", "广州", Grams(12 * TONNE), DAY, RIGID, choices, handling=Fraction("1.2"))


def test_a_chain_is_put_together_from_named_places(factors: FactorSet) -> None:
    distances = OfflineDistances(tuple)
    found: Compared = compare_modes(
        asked(
            Choice("sea", "sea.container.feeder", "上海港", "广州港"),
            Choice("rail", "rail.freight.avg", metres=1_620_000),
            Choice("air", "air.freight.up-to-3700km", "NKG", "no such airport"),
        ),
        distances,
        factors,
    )
    by_name = {one.way.name: one.way.sections for one in found.weighed}
    assert [(one.mode, one.basis) for one in by_name["sea"]] == [("road", "sfd"), ("sea", "sfd"), ("road", "sfd")]
    assert [(one.metres, one.method) for one in by_name["rail"]] == [(1_620_000, "stated")]
    refusal = found.refused[0]
    assert refusal.name == "air"
    assert isinstance(refusal.error, PlaceNotFound)
    assert refusal.error.place is not None
    assert refusal.error.place.pointer == "/air/to"


def test_rail_without_a_stated_distance_rests_on_the_great_circle_and_says_so(factors: FactorSet) -> None:
    found = compare_modes(asked(Choice("rail", "rail.freight.avg")), OfflineDistances(tuple), factors)
    (section,) = found.weighed[0].way.sections
    assert section.basis == "gcd"
    assert "great circle" in section.method

"""Packaging: worked by hand first, then sums that hold for any list, then what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.adapters.factor_tables import FactorTables
from ledger.errors import LedgerError
from ledger.packaging.criteria import CRITERIA, in_force, judged
from ledger.packaging.effect import Between, packed
from ledger.packaging.example import example_packaging_rules
from ledger.packaging.measure import layers_of, measured, moved_kg, used_kg
from ledger.packaging.returns import Outings, Seen, as_shown, outings, returns
from ledger.packaging.share import Counted, green_share
from ledger.planning.cartons.effect import Trip
from ledger.records.packaging import (
    MATERIALS,
    PackagingBill,
    PackagingComponent,
    PackagingCriterion,
    PackagingRules,
    check_packaging_bill,
    check_packaging_rules,
    packaging_rules_id,
)

BOARD, AGAIN, FILM = "DEFRA25-19_506_5156_15_1", "DEFRA25-19_506_5159_15_1", "DEFRA25-19_505_5124_15_1"
CRATE_TYPE = "https://id.gs1.org/8003/09506000134352"
BOX = PackagingComponent(
    factor=BOARD,
    level="primary",
    mass_kg="0.11",
    material="board",
    name="彩盒",
    recyclable=True,
    recycled_factor=AGAIN,
    recycled_pct="60",
    size=(260, 180, 60),
)
CARTON = PackagingComponent(
    factor=BOARD,
    level="transport",
    mass_kg="0.6",
    material="board",
    name="外箱",
    pieces=20,
    recyclable=True,
    recycled_pct="0",
    size=(540, 380, 320),
)
TAPE = PackagingComponent(
    factor=FILM, level="part", mass_kg="0.01", material="pe", name="胶带", pieces=20, recyclable=False, recycled_pct="0"
)
CRATE = PackagingComponent(
    cycles=40,
    factor=FILM,
    level="transport",
    mass_kg="2",
    material="pp",
    name="周转箱",
    pieces=20,
    recyclable=True,
    recycled_pct="0",
    returnable=CRATE_TYPE,
    size=(600, 400, 300),
)
ROUTER = PackagingBill(
    amounts="measured",
    components=(BOX, CARTON, TAPE),
    id="packaging:org-a:1",
    kind="packaging_bill",
    name="家用路由器",
    occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
    product="https://id.gs1.org/01/09506000134352",
    size=(220, 150, 40),
    source="称重单",
    supplier="org-a",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    version=1,
)
DAY = date(2026, 1, 1)


def rules(*criteria: tuple[str, str, str], target: str = "80") -> PackagingRules:
    """(kind, need, value)"""
    return PackagingRules(
        basis="Q/示例",
        counted_by="pieces",
        criteria=tuple(PackagingCriterion(kind=kind, need=need, value=value) for kind, need, value in criteria),  # type: ignore[arg-type]
        edition=1,
        id=packaging_rules_id(1),
        kind="packaging_rules",
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        target_pct=target,
        valid_from=DAY,
        version=1,
    )


def test_a_router_by_hand() -> None:
    """Box 110 g, a twentieth of a 600 g carton and of 10 g of tape: 140.5 g; 540 x 380 x 320 mm / 20 pieces."""
    found = measured(ROUTER)
    assert found.moved_kg == Fraction("0.1405")
    assert found.used_kg == found.moved_kg
    assert found.packed_mm3 == 540 * 380 * 320 // 20
    assert found.ratio == Fraction(3_283_200, 1_320_000)
    assert found.layers == 2
    assert found.by_material == {"board": Fraction("0.14"), "pe": Fraction("0.0005")}
    assert found.recycled_kg == Fraction("0.066")
    assert [one.name for one in layers_of(ROUTER)] == ["外箱", "彩盒"]


def test_what_serves_forty_times_is_used_up_by_a_fortieth() -> None:
    """A 2 kg crate of 20 pieces: 100 g moved with a piece, 2.5 g used up; a third stays a third."""
    assert (moved_kg(CRATE), used_kg(CRATE)) == (Fraction("0.1"), Fraction("0.0025"))
    assert used_kg(replace(CRATE, cycles=3)) == Fraction(1, 30)


def test_less_paper_is_less_by_making_and_a_smaller_carton_by_trips() -> None:
    """
    15 % less of the box's paper, the upper end of what the programme reports of its routers (5 to 15 %).

    0.0165 kg x (0.4 x board + 0.6 x recycled board), by the factors of the set; volume in proportion to the vehicle.
    """
    factors = FactorTables().current()
    less = replace(BOX, mass_kg="0.0935")
    smaller = replace(ROUTER, components=(less, replace(CARTON, size=(540, 380, 300)), TAPE))
    trip = Trip(80 * 10**9, Fraction(4, 5), Fraction(300_000))
    found = Between(packed(ROUTER, factors, DAY), packed(smaller, factors, DAY), 1000, trip)
    virgin, recycled = (Fraction(factors.factor(name).wtw) for name in (BOARD, AGAIN))
    assert found.used_kg == Fraction("16.5")
    assert found.mass_kg == Fraction("16.5") * (Fraction(2, 5) * virgin + Fraction(3, 5) * recycled)
    assert found.volume_mm3 == 1000 * Fraction(540 * 380 * 20, 20)
    assert found.volume_kg == Fraction(205_200_000, 80 * 10**9) / Fraction(4, 5) * 300
    assert found.mass_kg is not None
    assert found.volume_kg is not None
    assert found.total_kg == found.mass_kg + found.volume_kg
    assert set(found.factors) == {BOARD, AGAIN, FILM}
    back = Between(found.after, found.before, 1000, trip)
    assert (back.mass_kg, back.volume_kg) == (-found.mass_kg, -found.volume_kg)


def test_a_component_without_a_factor_leaves_no_figure() -> None:
    """It says so; the sum of the others is no effect."""
    factors = FactorTables().current()
    bare = packed(replace(ROUTER, components=(BOX, replace(CARTON, factor=None))), factors, DAY)
    assert [type(one.fault).__name__ for one in bare.making if one.fault] == ["PackagingFactorMissing"]
    assert not bare.complete
    assert Between(bare, packed(ROUTER, factors, DAY), 1, None).mass_kg is None


@pytest.mark.parametrize(
    ("kind", "value", "holds"),
    [
        ("reusable", "1", False),
        ("recyclable", "99.6", True),
        ("recyclable", "99.7", False),
        ("mono_material", "99.6", True),
        ("mono_material", "100", False),
        ("recycled", "46.9", True),
        ("recycled", "47", False),
        ("volume_ratio", "2.5", True),
        ("volume_ratio", "2.48", False),
        ("layers", "2", True),
        ("layers", "1", False),
        ("without", "ps", True),
        ("without", "pe", False),
    ],
)
def test_a_condition_holds_at_its_edge(kind: str, value: str, holds: bool) -> None:
    """And not beyond it."""
    assert judged(rules((kind, "all", value)), measured(ROUTER)).green is holds


def test_one_of_several_ways_is_enough_and_every_must_is_needed() -> None:
    """What is missing names the ways only when none is taken."""
    ways = (("reusable", "one", "80"), ("recyclable", "one", "90"))
    assert judged(rules(*ways), measured(ROUTER)).green
    strict = judged(rules(*ways, ("layers", "all", "1")), measured(ROUTER))
    assert (strict.green, [one.criterion.kind for one in strict.missing]) == (False, ["layers"])
    lost = judged(rules(("reusable", "one", "80"), ("recycled", "one", "90")), measured(ROUTER))
    assert [one.criterion.kind for one in lost.missing] == ["reusable", "recycled"]


def test_a_size_that_is_not_stated_holds_nothing() -> None:
    """A volume ratio nobody can tell is not met, whatever is asked."""
    (met,) = judged(rules(("volume_ratio", "all", "1000")), measured(replace(ROUTER, size=None))).met
    assert (met.holds, met.found) == (False, None)


def test_the_share_weighs_by_pieces_and_counts_what_nobody_stated() -> None:
    """900 green of 1,000 pieces, 50 of them without a list: 90 %; by mass of those with one."""
    counted = [
        Counted("a", 900, Fraction("0.1"), green=True),
        Counted("b", 50, Fraction("0.4"), green=False),
        Counted("c", 50, None, None),
    ]
    found = green_share(counted, "shipments")
    assert (found.by_count, found.unstated) == (Fraction(9, 10), 50)
    assert found.by_mass == Fraction(90, 110)
    rule = rules(("layers", "all", "1"))
    assert found.reaches(rule)
    assert not found.reaches(replace(rule, target_pct="90")), "the target is above, not at"
    assert not found.reaches(replace(rule, counted_by="mass", target_pct="81.9"))
    assert found.reaches(replace(rule, counted_by="mass", target_pct="81.8")), "90/110 is 81.81 %"
    assert green_share([], "products").by_count is None


pieces = st.builds(
    Counted,
    st.text(max_size=3),
    st.integers(0, 10**6),
    st.none() | st.fractions(0, 100),
    st.sampled_from([True, False, None]),
)


@given(st.lists(pieces, max_size=5), st.lists(pieces, max_size=5))
def test_shares_lie_between_none_and_all_and_parts_sum(first: list[Counted], second: list[Counted]) -> None:
    """Of any lists; two months together are their sums."""
    whole, parts = (
        green_share([*first, *second], "shipments"),
        [green_share(one, "shipments") for one in (first, second)],
    )
    for share in (whole.by_count, whole.by_mass):
        assert share is None or 0 <= share <= 1
    assert whole.pieces == sum(one.pieces for one in parts)
    assert whole.green_kg == sum(one.green_kg for one in parts)


components = st.builds(
    replace,
    st.sampled_from([BOX, CARTON, CRATE, TAPE]),
    count=st.integers(1, 9),
    pieces=st.integers(1, 50),
    cycles=st.integers(2, 99),
    material=st.sampled_from(MATERIALS),
    recycled_pct=st.integers(0, 100).map(str),
)


@given(st.lists(components, min_size=1, max_size=6))
def test_masses_sum_exactly_whatever_they_are_divided_by(parts: list[PackagingComponent]) -> None:
    """By component and by material; every share of a condition is one."""
    found = measured(replace(ROUTER, components=(BOX, *parts)))
    assert found.moved_kg == sum(found.by_material.values()) == sum(moved_kg(one) for one in (BOX, *parts))
    assert found.used_kg <= found.moved_kg
    for kind in ("reusable", "recyclable", "recycled", "mono_material"):
        _, share = CRITERIA[kind](found, "0")
        assert share is not None
        assert 0 <= share <= 100


def test_the_edition_that_began_last_holds() -> None:
    """None before the first."""
    first = example_packaging_rules()
    second = replace(first, edition=2, id=packaging_rules_id(2), valid_from=date(2027, 1, 1))
    assert in_force([second, first], date(2026, 12, 31)) == first
    assert in_force([second, first], date(2027, 1, 1)) == second
    assert in_force([first], date(2022, 12, 31)) is None
    check_packaging_rules(first)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"mass_kg": "0"}, "/components/0/mass_kg"),
        ({"size": None}, "/components/0/size"),
        ({"recycled_pct": "101"}, "/components/0/recycled_pct"),
        ({"recycled_pct": "0"}, "/components/0/recycled_pct"),
        ({"factor": None}, "/components/0/factor"),
        ({"returnable": CRATE_TYPE}, "/components/0/cycles"),
        ({"returnable": f"{CRATE_TYPE}1", "cycles": 2}, "/components/0/returnable"),
        ({"level": "part"}, "/components/0/level"),
    ],
)
def test_what_a_list_may_not_say_is_refused_at_its_place(change: dict[str, Any], pointer: str) -> None:
    """Nothing is guessed; both languages."""
    with pytest.raises(LedgerError) as caught:
        check_packaging_bill(replace(ROUTER, components=(replace(BOX, **change),)))
    assert caught.value.place is not None
    assert caught.value.place.pointer == pointer
    assert caught.value.message("zh-CN") != caught.value.message("en")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "packaging-rules:2"},
        {"target_pct": "0"},
        {"target_pct": "101"},
        {"criteria": rules(("recycled", "all", "101")).criteria},
        {"criteria": rules(("layers", "all", "few")).criteria},
        {"criteria": rules(("without", "all", "gold")).criteria},
    ],
)
def test_rules_that_say_nothing_are_refused(changes: dict[str, Any]) -> None:
    """A threshold is a number, a material one of the list."""
    with pytest.raises(LedgerError):
        check_packaging_rules(replace(rules(("layers", "all", "3")), **changes))


def seen(*scans: str) -> list[Seen]:
    """``step@place``, with ``!`` behind it when it is received as returned."""
    return [
        Seen(step, "returned" if mark else "", place.removesuffix("!"))
        for one in scans
        for step, _, place in (one.partition("@"),)
        for mark in (place.endswith("!"),)
    ]


@pytest.mark.parametrize(
    ("scans", "out", "back"),
    [
        ((), 0, 0),
        (("shipping@A",), 1, 0),
        (("shipping@A", "receiving@B", "shipping@B", "receiving@A"), 1, 1),
        (("shipping@A", "receiving@B", "storing@A", "shipping@A", "receiving@C"), 2, 1),
        (("shipping@A", "receiving@D!", "shipping@D"), 2, 1),
        (("storing@A", "shipping@", "receiving@B", "storing@A"), 1, 1),
        (("shipping@A", "shipping@A", "shipping@A"), 1, 0),
        (("shipping@", "receiving@B"), 1, 0),
    ],
)
def test_an_outing_ends_at_home(scans: tuple[str, ...], out: int, back: int) -> None:
    """Or where it is received as returned; the way back is no outing, and never is more back than out."""
    assert outings(seen(*scans)) == Outings(out, back, ended=False)


def test_stated_cycles_above_what_scans_show_are_not_shown() -> None:
    """Two crates, seven outings, six of them back: 6/7, three and a half each."""
    found = returns([Outings(4, 4, ended=False), Outings(3, 2, ended=True)])
    assert (found.rate, found.cycles, found.most, found.ended) == (Fraction(6, 7), Fraction(7, 2), 4, 1)
    assert found.shows(3)
    assert not found.shows(4)
    assert not returns([]).shows(1)


@given(st.lists(st.tuples(st.sampled_from(["shipping", "receiving", "storing"]), st.sampled_from("AB")), max_size=12))
def test_never_more_back_than_out(scans: list[tuple[str, str]]) -> None:
    """Whatever is scanned."""
    found = outings([Seen(step, "", place) for step, place in scans])
    assert found.out - 1 <= found.back <= found.out


@pytest.mark.parametrize(
    ("shown", "cycles"), [({CRATE_TYPE: Fraction(7, 2)}, 3), ({CRATE_TYPE: Fraction(99)}, 40), ({}, 1)]
)
def test_no_more_cycles_count_than_scans_show(shown: dict[str, Fraction], cycles: int) -> None:
    """Three and a half outings are three cycles; more than stated is not taken; without a scan it serves once."""
    (box, crate) = as_shown(replace(ROUTER, components=(BOX, CRATE)), shown).components
    assert (box.cycles, crate.cycles) == (1, cycles)
    assert used_kg(crate) == Fraction(1, 10) / cycles

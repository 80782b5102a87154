"""Savings by cause: the parts sum to the saving exactly, and depend on no order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.claims.errors import PlanContradicts
from ledger.claims.saving import CAUSES, Cause, Lane, Vehicle, saving

LORRY = Vehicle(name="lorry", payload_kg=Fraction(18_000), hold_m3=Fraction(90), kg_per_km=Fraction("1.2"), factor="f")
TRAIN = Vehicle(name="train", payload_kg=Fraction(60_000), hold_m3=Fraction(120), kg_per_km=Fraction("1.5"), factor="g")
OLD = Lane(
    name="溧水-武汉",
    goods_kg=Fraction(80_000),
    packaging_kg=Fraction(10_000),
    packed_m3=Fraction(400),
    distance_km=Fraction(600),
    fill=Fraction("0.6"),
    vehicle=LORRY,
    packaging_factor=Fraction("0.8"),
)


def test_worked_by_hand() -> None:
    """
    Two causes that multiply share their interaction evenly.

    Shapley's value of a two-factor product (Albrecht et al. 2002, equation for n = 2): the change of each times the
    mean of the other.
    """
    new = replace(OLD, distance_km=Fraction(540), fill=Fraction("0.75"))
    found = saving([OLD], [new])
    # (80 t + 10 t) / 18 t = 5 vehicles full, by volume 400/90 = 4.44: mass decides.
    assert found.baseline == 5 / Fraction("0.6") * 600 * Fraction("1.2") + 8_000 == 14_000
    assert found.executed == 5 / Fraction("0.75") * 540 * Fraction("1.2") + 8_000 == 12_320
    per_km_old, per_km_new = 5 / Fraction("0.6") * Fraction("1.2"), 5 / Fraction("0.75") * Fraction("1.2")
    assert found.parts["distance"] == 60 * (per_km_old + per_km_new) / 2 == 540
    assert found.parts["load"] == (per_km_old - per_km_new) * (600 + 540) / 2 == 1140
    assert found.total == 1680
    assert [found.parts[cause] for cause in ("mode", "packaging_mass", "packaging_volume")] == [0, 0, 0]


def test_the_mean_over_all_orders() -> None:
    """Shapley's definition, literally: change the causes in each of the 120 orders and take the mean."""
    new = replace(
        OLD,
        packaging_kg=Fraction(6_000),
        packed_m3=Fraction(500),
        distance_km=Fraction(550),
        fill=Fraction("0.7"),
        vehicle=TRAIN,
    )
    means = dict.fromkeys(CAUSES, Fraction(0))
    fields: dict[Cause, dict[str, object]] = {
        "distance": {"distance_km": new.distance_km},
        "load": {"fill": new.fill},
        "mode": {"vehicle": new.vehicle},
        "packaging_mass": {"packaging_kg": new.packaging_kg},
        "packaging_volume": {"packed_m3": new.packed_m3},
    }
    for order in permutations(CAUSES):
        lane = OLD
        for cause in order:
            changed = replace(lane, **fields[cause])  # type: ignore[arg-type]
            means[cause] += (lane.emissions_kg - changed.emissions_kg) / 120
            lane = changed
    assert saving([OLD], [new]).parts == means


def test_volume_counts_where_it_fills_the_vehicle() -> None:
    """Smaller packages save where the vehicle is full by volume, and nothing where it is full by mass."""
    light = replace(OLD, packed_m3=Fraction(900))
    smaller = replace(light, packed_m3=Fraction("855.99"))  # 4.89 % less
    found = saving([light], [smaller])
    assert found.total == found.parts["packaging_volume"] == light.transport_kg * Fraction("0.0489")
    assert saving([OLD], [replace(OLD, packed_m3=Fraction(380))]).total == 0


amounts = st.fractions(Fraction(1, 10), 10_000, max_denominator=100)
lanes = st.builds(
    replace,
    st.just(OLD),
    packaging_kg=amounts,
    packed_m3=amounts,
    distance_km=amounts,
    fill=st.fractions(Fraction(1, 10), 1, max_denominator=20),
    vehicle=st.sampled_from([LORRY, TRAIN]),
    packaging_factor=st.fractions(0, 5, max_denominator=10),
)


@given(pairs=st.lists(st.tuples(lanes, lanes), min_size=1, max_size=4), data=st.data())
def test_parts_sum_to_the_saving(pairs: list[tuple[Lane, Lane]], data: st.DataObject) -> None:
    """Exactly, lane by lane and in total, whatever the order of the lanes; the way back saves the opposite."""
    before = [replace(old, name=str(n)) for n, (old, _) in enumerate(pairs)]
    after = [replace(new, name=str(n)) for n, (_, new) in enumerate(pairs)]
    found = saving(before, after)
    assert sum(found.parts.values()) == found.total
    assert all(sum(lane.parts.values()) == lane.baseline - lane.executed for lane in found.lanes)
    shuffled = data.draw(st.permutations(after))
    assert saving(before, shuffled).parts == found.parts
    back = saving(after, before)
    assert {cause: -part for cause, part in back.parts.items()} == found.parts


def test_what_cannot_be_compared() -> None:
    """Other goods, other lanes, and amounts that cannot be."""
    with pytest.raises(PlanContradicts):
        saving([OLD], [replace(OLD, goods_kg=Fraction(1))])
    with pytest.raises(PlanContradicts):
        saving([OLD], [replace(OLD, name="other")])
    with pytest.raises(PlanContradicts):
        saving([OLD, OLD], [OLD])
    with pytest.raises(PlanContradicts):
        replace(OLD, fill=Fraction("1.01"))
    with pytest.raises(PlanContradicts):
        replace(OLD, distance_km=Fraction(0))

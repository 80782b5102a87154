"""Operators' own data before models before defaults: which is taken, what it gives, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.footprint.activity import cube_of
from ledger.footprint.calculate import Calculation, calculate
from ledger.footprint.emission import Emission
from ledger.footprint.errors import (
    BoundaryMismatch,
    DistanceBasisMismatch,
    FactorExpired,
    GwpMismatch,
    NoEmissionFactor,
)
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.errors import (
    EnergyUnitMismatch,
    FactorAmbiguous,
    NoActivity,
    OperationsDoNotCover,
    OperationsOverlap,
    RoundTripMissing,
)
from ledger.footprint.quality import FLAGS
from ledger.footprint.route import route_footprints
from ledger.records.transport_operation import EnergyAmount, RefrigerantLoss

Make = Callable[..., Any]
JUNE = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def make_leg(make_leg: Make) -> Make:
    """Legs of the operator's own fleet."""
    return lambda *amounts, **other: make_leg(*amounts, **({"vehicle": "fleet"} | other))


@pytest.fixture(scope="session")
def operators(make_factor: Make, make_class: Make) -> Callable[..., FactorSet]:
    """A set as an operator has it: diesel per l, R-134a, the grid, and a default lorry."""

    def make(*more: Any, toc: bool = True, **diesel: Any) -> FactorSet:
        fuel = {"per": "l", "distance_basis": "", "mode": ""}
        halves = {"ttw": Decimal("2.5"), "wtt": Decimal("0.5"), "wtw": Decimal(3)}
        gas = {"ttw": Decimal(1300), "wtt": Decimal(0), "wtw": Decimal(1300)}
        power = fuel | {"per": "kWh", "ttw": Decimal(0), "series": "product_footprint", "gwp_set": "not stated"}
        grid = power | {"wtt": Decimal("0.6"), "wtw": Decimal("0.6"), "component": "average"}
        wires = power | {"wtt": Decimal("0.01"), "wtw": Decimal("0.01"), "component": "transmission"}
        factors = [
            make_factor("f"),
            make_factor("diesel-cn", **(fuel | {"fuel": "diesel"} | halves | diesel)),
            make_factor("r134a", **(fuel | {"fuel": "R-134a", "per": "kg"} | gas)),
            make_factor("g", **grid),
            make_factor("t", **wires),
            *more,
        ]
        return FactorSet.of("operator", date(2025, 1, 1), "CN", factors, [make_class()] if toc else [])

    return make


def done(records: list[Any], factors: FactorSet) -> Calculation:
    return calculate(cube_of(list(enumerate(records))), factors)


def row(records: list[Any], factors: FactorSet) -> Emission:
    found = done(records, factors)
    assert not found.gaps
    assert len(found.rows) == 1
    return found.rows[0]


def refused(records: list[Any], factors: FactorSet) -> Any:
    found = done(records, factors)
    assert (len(found.rows), len(found.gaps)) == (0, 1)
    return type(found.gaps[0].error)


def test_measured_fuel_over_its_activity(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """100 l x 3 kg/l over 1,000 t km: 0.3 kg/(t km), for 2 t over 50 km 30 kg, and each figure is in the trail."""
    found = row([make_leg(2_000_000, 50_000), make_operation()], operators())
    assert (found.ttw, found.wtt, found.wtw) == (25, 5, 30)
    trail = json.loads(json.dumps(found.trail.to_record()))
    assert trail["choice"] == {"level": "primary", "reason": "measured-energy", "passed_over": []}
    working = {step["name"]: (step["value"], step["unit"]) for step in trail["working"]}
    assert working["energy.diesel"] == ("100", "l")
    assert working["emissions.wtw"] == ("300", "kg CO2e")
    assert working["activity"] == ("1000", "t km")
    assert working["intensity.ttw"] == ("0.25", "kg CO2e/(t km)")
    assert (trail["data_category"], trail["primary_share"], trail["factors"]) == ("primary", "1", ["diesel-cn"])
    assert trail["evidence"] == {"count": 1, "first": 1, "last": 1}
    assert trail["flags"] == ["energy-factor-default"]
    assert trail["method"] == {"name": "transport_energy", "version": 1}


def test_a_model_by_load_and_empty_running(make_leg: Make, make_model: Make, operators: Make) -> None:
    """0.2747/11.952 l/(t km) at the default use, times 3 kg/l, with the figures on the way."""
    found = row([make_leg(2_000_000, 50_000), make_model()], operators())
    per_tkm = Fraction("0.2747") / Fraction("11.952")
    assert found.wtw == per_tkm * 3 * 100
    assert found.ttw == per_tkm * Fraction("2.5") * 100
    trail = found.trail.to_record()
    assert trail["choice"] == {
        "level": "modelled",
        "reason": "vehicle-model",
        "passed_over": [
            {"level": "primary", "reason": "no-statement"},
            {"level": "supplied", "reason": "no-operator-intensity"},
        ],
    }
    assert {step.name: step.value for step in found.trail.working}["use_per_tonne_km"] == per_tkm
    assert (found.trail.category, found.trail.primary) == ("modelled", 0)
    assert found.trail.flags == ("distance-unadjusted",)


def test_the_order_of_data(make_leg: Make, make_operation: Make, make_model: Make, operators: Make) -> None:
    """Statements, then a carrier's intensity, then a model, then the class; each names what it passed over."""
    leg = make_leg()
    levels = []
    for records, factors in (
        ([leg, make_operation(), make_model()], operators()),
        ([leg, make_model()], operators()),
        ([leg, make_model(valid_to=date(2025, 2, 1))], operators()),
    ):
        found = row(records, factors)
        assert found.trail.choice is not None
        levels.append((found.trail.choice.level, found.trail.method))
    assert levels == [("primary", "transport_energy"), ("modelled", "transport_model"), ("default", "tonne_km")]


def test_a_carrier_s_intensity_goes_before_a_model(make_leg: Make, make_model: Make, make_set: Make) -> None:
    """GLEC v3.0: operator-supplied intensities rank over own models."""
    found = row([make_leg(), make_model()], make_set(toc={"name": "fleet"}, category="primary"))
    assert found.trail.choice is not None
    assert (found.trail.choice.level, found.trail.method) == ("supplied", "tonne_km")


def test_statements_that_miss_some_legs(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """The default serves and says why; without a class the gap says that the data do not cover the time."""
    late = make_leg(occurred_at=datetime(2026, 1, 1, tzinfo=UTC))
    wide = operators(valid_to=date(2026, 12, 31))
    legs = [make_leg(), late]
    found = done([*legs, make_operation(default_class=None)], wide)
    assert [type(gap.error) for gap in found.gaps] == [OperationsDoNotCover]
    in_time = row([legs[0], make_operation()], wide)
    assert in_time.trail.method == "transport_energy"
    early = make_operation(period_end=JUNE - timedelta(days=1))
    choice = row([legs[0], early], wide).trail.choice
    assert choice is not None
    assert (choice.level, choice.passed[0]) == ("default", ("primary", "not-covering"))


def test_quarters_that_follow_on_are_one(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """Energy and activity of both, each summed; legs of either half take one intensity."""
    middle = datetime(2025, 6, 30, 16, tzinfo=UTC)
    halves = [
        make_operation(id="h1", period_end=middle, activity_tkm="600"),
        make_operation(id="h2", period_start=middle, activity_tkm="900"),
    ]
    legs = [make_leg(occurred_at=middle - timedelta(days=1)), make_leg(occurred_at=middle + timedelta(days=1))]
    found = row([*legs, *halves], operators())
    assert found.wtw == Fraction(600, 1500) * 2 / 1000 * 1000
    assert found.trail.evidence == (2, 2, 3)
    lone = row([legs[0], halves[0]], operators())
    assert lone.wtw == Fraction(300, 600)


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"round_trips": "partial"}, RoundTripMissing),
        ({"activity_tkm": "0"}, NoActivity),
        ({"energy": [EnergyAmount(amount="1", carrier="coal", unit="kg")]}, NoEmissionFactor),
        ({"energy": [EnergyAmount(amount="1", carrier="diesel-cn", unit="kg")]}, EnergyUnitMismatch),
        ({"energy": [EnergyAmount(amount="1", carrier="electricity", region="Mars", unit="kWh")]}, NoEmissionFactor),
        ({"energy": [EnergyAmount(amount="1", carrier="f", unit="l")]}, BoundaryMismatch),
        ({"refrigerants": [RefrigerantLoss(gas="diesel-kg", mass_kg="1")]}, NoEmissionFactor),
        ({"distance_basis": "gcd"}, DistanceBasisMismatch),
        ({"period_start": datetime(2024, 12, 30, tzinfo=UTC)}, FactorExpired),
    ],
)
def test_statements_that_cannot_be_used(
    other: dict[str, Any], error: type, make_leg: Make, make_operation: Make, operators: Make
) -> None:
    """A gap with its reason; no default takes the place of data that are there and wrong."""
    assert refused([make_leg(), make_operation(**other)], operators()) is error


def test_statements_that_overlap_or_differ(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """Energy would count twice; activity on two bases cannot be summed."""
    same = [make_operation(id="a"), make_operation(id="b")]
    assert refused([make_leg(), *same], operators()) is OperationsOverlap
    middle = datetime(2025, 5, 1, tzinfo=UTC)
    bases = [
        make_operation(id="a", period_end=middle),
        make_operation(id="b", period_start=middle, distance_basis="actual"),
    ]
    assert refused([make_leg(), *bases], operators()) is DistanceBasisMismatch


def test_factors_that_do_not_meet(make_leg: Make, make_operation: Make, make_factor: Make, operators: Make) -> None:
    """Two factors for one fuel are not picked from, two GWP sets are not summed, and WTW alone is no energy factor."""
    fuel = {"per": "l", "distance_basis": "", "mode": "", "fuel": "diesel"}
    statement = [make_leg(), make_operation()]
    assert refused(statement, operators(make_factor("diesel-2", **fuel))) is FactorAmbiguous
    abroad = row(statement, operators(make_factor("diesel-uk", **(fuel | {"region": "UK"}))))
    assert abroad.trail.factors == ("diesel-cn",)
    assert refused(statement, operators(ttw=None, wtt=None)) is BoundaryMismatch
    cooled = make_operation(refrigerants=[RefrigerantLoss(gas="R-134a", mass_kg="1")])
    assert refused([make_leg(), cooled], operators(gwp_set="AR6")) is GwpMismatch


@pytest.mark.parametrize(("per", "unit", "kg"), [("kWh", "MJ", 25), ("MJ", "kWh", 324), ("kWh", "kWh", 90)])
def test_gas_in_either_unit_of_energy(
    per: str, unit: str, kg: int, *, make_leg: Make, make_operation: Make, make_factor: Make, operators: Make
) -> None:
    """300 units at 0.3 kg per unit of the factor; 1 kWh is 3.6 MJ."""
    halves = {"ttw": Decimal("0.25"), "wtt": Decimal("0.05"), "wtw": Decimal("0.3")}
    gas = make_factor("lng", per=per, mode="", distance_basis="", fuel="LNG", **halves)
    burnt = make_operation(energy=[EnergyAmount(amount="300", carrier="LNG", unit=unit)], activity_tkm="1")
    assert row([make_leg(), burnt], operators(gas)).wtw == kg


def test_electricity_and_refrigerant(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """1,000 kWh at 0.61 and 0.5 kg at 1,300: WTT from the grid, TTW from the leak."""
    power = EnergyAmount(amount="1000", carrier="electricity", region="江苏", unit="kWh")
    loss = RefrigerantLoss(gas="R-134a", mass_kg="0.5")
    found = row([make_leg(), make_operation(energy=[power], refrigerants=[loss])], operators())
    assert (found.ttw, found.wtt) == (Fraction(650, 1000), Fraction(610, 1000))
    assert found.trail.factors == ("g", "t", "r134a")
    assert "national-grid" in found.trail.flags


def test_a_flight_on_driven_distance(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """Activity flown meets the great circle with 95 km per flight."""
    flight = make_leg(1_000_000, 905_000, mode="air", distance_basis="gcd", vehicle="freighter")
    flown = make_operation(mode="air", vehicle="freighter", distance_basis="actual")
    found = row([flight, flown], operators())
    assert found.wtw == Fraction("0.3") * 1000
    assert "distance-unadjusted" not in found.trail.flags


@settings(deadline=None, max_examples=50)
@given(goods=st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**7)), min_size=1, max_size=8))
def test_any_split_of_legs_adds_up(
    goods: list[tuple[int, int]], make_leg: Make, make_operation: Make, make_model: Make, operators: Make
) -> None:
    """Leg by leg and summed first give the same digits, by statements and by a model."""
    legs = [make_leg(*amounts) for amounts in goods]
    for data in (make_operation(), make_model()):
        whole = row([*legs, data], operators())
        assert whole.wtw == sum((row([leg, data], operators()).wtw for leg in legs), Fraction(0))


def test_shares_of_primary_data_both_ways(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """A primary leg of 0.3 beside a default one of 0.1 kg/(t km): half the activity, three quarters of emissions."""
    plain = make_leg(product="q", vehicle="lorry")
    quality = route_footprints(done([make_leg(), plain, make_operation()], operators()))["r"].quality
    assert (quality.primary_by_activity, quality.primary_by_emissions) == (Fraction(1, 2), Fraction(3, 4))
    assert {"energy-factor-default", "distance-unadjusted"} <= set(quality.flags)


def test_a_class_of_all_carriers_takes_no_carrier_s_data(
    make_leg: Make, make_operation: Make, make_model: Make, operators: Make
) -> None:
    """Its cells hold the legs of everybody; the default stays and says why."""
    found = row([make_leg(vehicle="lorry"), make_operation(vehicle="lorry"), make_model(vehicle="lorry")], operators())
    assert found.trail.choice is not None
    assert found.trail.method == "tonne_km"
    assert dict(found.trail.choice.passed)["primary"] == "class-of-all-carriers"


def test_a_period_over_a_year_is_flagged(make_leg: Make, make_operation: Make, operators: Make) -> None:
    """The standard's period is a year at most."""
    long = make_operation(period_start=datetime(2024, 11, 1, tzinfo=UTC))
    found = row([make_leg(), long], operators(valid_from=date(2024, 1, 1)))
    assert "period-over-year" in found.trail.flags
    assert set(found.trail.flags) <= {code for code, _, _ in FLAGS}

"""Rounds, ferries, passenger flights and temperature zones as operators state them: shares, figures on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import RecordError
from ledger.footprint.activity import cube_of
from ledger.footprint.calculate import Calculation, calculate
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.errors import NoActivity, RoundTripMissing
from ledger.footprint.operation_share import stop_grams
from ledger.log.canonical import canonical_bytes, struct_bytes
from ledger.records.record import check, decode
from ledger.records.transport_operation import (
    EnergyAmount,
    PassengerFlight,
    RefrigerantLoss,
    RoundStop,
    Sailing,
    TemperatureZone,
    TransportOperation,
)

Make = Callable[..., Any]


@pytest.fixture(scope="module")
def fuels(make_factor: Make) -> FactorSet:
    """Diesel at 3 kg/l, jet fuel as W11 has it, R-134a."""
    fuel = {"distance_basis": "", "mode": ""}
    factors = [
        make_factor("d", fuel="diesel", per="l", ttw=Decimal("2.5"), wtt=Decimal("0.5"), wtw=Decimal(3), **fuel),
        make_factor("j", fuel="jet", per="kg", ttw=Decimal("3.18"), wtt=Decimal("0.84"), wtw=Decimal("4.02"), **fuel),
        make_factor("r", fuel="R-134a", per="kg", ttw=Decimal(1300), wtt=Decimal(0), wtw=Decimal(1300), **fuel),
    ]
    return FactorSet.of("operator", date(2025, 1, 1), "CN", factors, [])


def done(records: list[Any], factors: FactorSet) -> Calculation:
    for record in records:
        check(record)
    found = calculate(cube_of(list(enumerate(records))), factors)
    assert not found.gaps, found.gaps
    return found


def working(found: Calculation, row: int = 0) -> dict[str, Fraction]:
    return {step.name: step.value for step in found.rows[row].trail.working}


def diesel(litres: str) -> list[EnergyAmount]:
    return [EnergyAmount(amount=litres, carrier="diesel", unit="l")]


def stated(make_operation: Make, **changes: Any) -> TransportOperation:
    """A statement whose activity stands in one of the four other ways."""
    made: TransportOperation = make_operation(**({"activity_tkm": None, "energy": diesel("100")} | changes))
    return made


def test_a_round_is_shared_by_mass_and_direct_distance(
    make_leg: Make, make_operation: Make, fuels: FactorSet, example: Make
) -> None:
    """W06 (GLEC v3.0, p. 107): 82.6 t km, the five printed shares, and legs that carry the round exactly."""
    case = example("W06")
    stops = [
        RoundStop(stop=f"s{number}", mass_g=int(mass * 1_000_000), direct_m=int(km * 1000))
        for number, (mass, km) in enumerate(case["inputs"]["stops"])
    ]
    legs = [make_leg(one.mass_g, one.direct_m, vehicle="fleet", product=one.stop, route=one.stop) for one in stops]
    found = done([*legs, stated(make_operation, stops=stops)], fuels)
    steps = working(found)
    assert steps["activity"] == Fraction(case["expected"]["tkm"])
    for number, share in enumerate(case["expected"]["shares"]):
        assert abs(steps[f"stop.s{number}.share"] - Fraction(share)) <= Fraction(case["tol"])
    assert sum(row.wtw for row in found.rows) == 300
    assert sum(value for name, value in steps.items() if name.endswith(".emissions")) == 300_000


@settings(max_examples=50)
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 10**6), min_size=1, max_size=6),
    st.fractions(0, 10**6, max_denominator=10**6),
)
def test_grams_of_stops_add_up(activity: dict[str, int], kilograms: Fraction) -> None:
    """By largest remainder: the whole is the round's grams rounded half up, no stop is a gram or more off."""
    weights = {name: Fraction(value, 1000) for name, value in activity.items()}
    parts = stop_grams(weights, kilograms)
    whole = sum(part.value for part in parts)
    assert whole.denominator == 1
    assert abs(whole - kilograms * 1000) <= Fraction(1, 2)
    total = sum(weights.values())
    for part, weight in zip(parts, weights.values(), strict=True):
        assert abs(part.value - whole * weight / total) < 1


def test_a_ferry_is_shared_by_passenger_equivalents(make_leg: Make, make_operation: Make, fuels: FactorSet) -> None:
    """
    500 passengers, 100 cars, 2 buses and 20 articulated lorries: 360 of 1,010 equivalents are freight.

    Equivalents are those of ISO 14083:2023 (passenger 1, car 1.3, bus 10, articulated lorry 18).
    """
    sailing = Sailing(
        articulated_lorries=20, buses=2, cars=100, distance_m=120_000, freight_mass_g=400_000_000, passengers=500
    )
    record = stated(make_operation, sailings=[sailing], mode="sea", energy=diesel("10100"))
    found = done([make_leg(10_000_000, 120_000, vehicle="fleet", mode="sea"), record], fuels)
    steps = working(found)
    assert steps["ferry.equivalents"] == 120 * (500 + 130 + 20 + 360)
    assert steps["ferry.freight_share"] == Fraction(360, 1010)
    assert steps["energy.diesel"] == 3600
    assert steps["activity"] == 48_000
    assert found.rows[0].wtw == Fraction(3600 * 3, 48_000) * 1200


def test_belly_freight_by_mass_with_passengers(
    make_leg: Make, make_operation: Make, fuels: FactorSet, example: Make
) -> None:
    """W11 (GLEC v3.0, p. 116): 7,160,000 t km, the intensities and the parcel's kg as printed."""
    case = example("W11")
    given_, expected = case["inputs"], case["expected"]
    flight = PassengerFlight(
        distance_m=given_["km"] * 1000,
        freight_mass_g=int(given_["cap_t"] * given_["lf"] * given_["flights"] * 1_000_000),
        passengers=int(given_["seats"] * given_["occ"] * given_["flights"]),
    )
    fuel = [EnergyAmount(amount=str(given_["fuel_kg"] * given_["flights"]), carrier="jet", unit="kg")]
    record = stated(make_operation, flights=[flight], mode="air", distance_basis="gcd", energy=fuel)
    parcel = make_leg(
        int(given_["mass_t"] * 1_000_000), given_["km"] * 1000, vehicle="fleet", mode="air", distance_basis="gcd"
    )
    found = done([parcel, record], fuels)
    steps = working(found)
    assert steps["flight.activity"] == steps["activity"] == expected["tkm"]
    for name, printed in zip(("wtt", "ttw", "wtw"), expected["kg_per_tkm"], strict=True):
        assert abs(steps[f"intensity.{name}"] - Fraction(printed)) <= Fraction(1, 2000)
    row = found.rows[0]
    for got, printed in zip((row.wtt, row.ttw, row.wtw), expected["kg"], strict=True):
        assert got is not None
        assert abs(got - Fraction(printed)) <= Fraction(case["tol"])


def test_a_weighed_passenger_changes_the_share(make_operation: Make, make_leg: Make, fuels: FactorSet) -> None:
    """90 kg instead of 100 kg makes the freight's intensity higher."""
    rows = []
    for mass in (None, 90_000):
        flight = PassengerFlight(distance_m=1_000_000, freight_mass_g=1_000_000, passenger_mass_g=mass, passengers=100)
        fuel = [EnergyAmount(amount="1000", carrier="jet", unit="kg")]
        record = stated(make_operation, flights=[flight], mode="air", distance_basis="gcd", energy=fuel)
        leg = make_leg(1_000_000, 1_000_000, vehicle="fleet", mode="air", distance_basis="gcd")
        rows.append(done([leg, record], fuels).rows[0].wtw)
    assert rows == [4020 * Fraction(1, 11), 4020 * Fraction(1, 10)]


def test_temperature_zones_carry_their_cooling(make_leg: Make, make_operation: Make, fuels: FactorSet) -> None:
    """Driving over all zones, cooling and refrigerant over the cooled alone; zone by zone the whole is carried."""
    zones = [
        TemperatureZone(activity_tkm="600", cooled=False, vehicle="lorry dry"),
        TemperatureZone(activity_tkm="300", cooled=True, vehicle="lorry cool"),
        TemperatureZone(activity_tkm="100", cooled=True, vehicle="lorry frozen"),
    ]
    record = stated(
        make_operation,
        zones=zones,
        cooling=diesel("20"),
        refrigerants=[RefrigerantLoss(gas="R-134a", mass_kg="0.4")],
    )
    legs = [
        make_leg(10_000_000, tkm * 100, vehicle=f"lorry {zone}", route=zone, product=zone)
        for zone, tkm in (("dry", 600), ("cool", 300), ("frozen", 100))
    ]
    found = done([*legs, record], fuels)
    by = {row.cell.route: row.wtw for row in found.rows}
    cooling = 20 * 3 + Fraction("0.4") * 1300
    assert by == {"dry": 180, "cool": 90 + cooling * 3 / 4, "frozen": 30 + cooling / 4}
    assert sum(by.values()) == 300 + cooling


def test_cooling_with_nothing_cooled_is_a_gap(make_leg: Make, make_operation: Make, fuels: FactorSet) -> None:
    """There is nothing to carry it; no lower level of data steps in."""
    zones = [TemperatureZone(activity_tkm="600", cooled=False, vehicle="dry")]
    record = stated(make_operation, zones=zones, cooling=diesel("20"))
    found = calculate(cube_of([(0, make_leg(vehicle="dry")), (1, record)]), fuels)
    assert [type(gap.error) for gap in found.gaps] == [NoActivity]


def test_a_round_without_its_return_is_a_gap(make_leg: Make, make_operation: Make, fuels: FactorSet) -> None:
    """Rounds are operations too: partial trips are refused."""
    stops = [RoundStop(stop="a", mass_g=1_000_000, direct_m=1000)]
    record = stated(make_operation, stops=stops, round_trips="partial")
    found = calculate(cube_of([(0, make_leg(vehicle="fleet")), (1, record)]), fuels)
    assert [type(gap.error) for gap in found.gaps] == [RoundTripMissing]


STOP = {"direct_m": 1000, "mass_g": 1000, "stop": "a"}
SAILING = {"articulated_lorries": 1, "distance_m": 1000, "freight_mass_g": 1000}
FLIGHT = {"distance_m": 1000, "freight_mass_g": 1000, "passengers": 10}
ZONE = {"activity_tkm": "1", "cooled": True, "vehicle": "cool"}


def plain(**changes: Any) -> dict[str, Any]:
    """A statement as JSON, without activity."""
    return {
        "distance_basis": "sfd",
        "energy": [{"amount": "1", "carrier": "diesel", "unit": "l"}],
        "id": "o",
        "kind": "transport_operation",
        "mode": "road",
        "occurred_at": "2025-04-01T00:00:00+08:00",
        "operator": "o",
        "period_end": "2025-04-01T00:00:00+08:00",
        "period_start": "2025-01-01T00:00:00+08:00",
        "round_trips": "complete",
        "vehicle": "v",
        "version": 1,
    } | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"stops": [STOP]},
        {"mode": "sea", "sailings": [SAILING | {"passengers": 3}]},
        {"mode": "air", "distance_basis": "gcd", "flights": [FLIGHT | {"passenger_mass_g": 90_000}]},
        {"zones": [ZONE], "cooling": [{"amount": "1", "carrier": "diesel", "unit": "l"}]},
    ],
)
def test_what_is_taken_encodes_canonically(changes: dict[str, Any]) -> None:
    """Read and written again it is the RFC 8785 form of what came in."""
    record = plain(**changes)
    assert struct_bytes(decode(json.dumps(record).encode())) == canonical_bytes(record)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({}, "/activity_tkm"),
        ({"activity_tkm": "1", "stops": [STOP]}, "/stops"),
        ({"stops": [STOP], "mode": "rail"}, "/mode"),
        ({"stops": [STOP], "distance_basis": "actual"}, "/distance_basis"),
        ({"flights": [FLIGHT], "mode": "air"}, "/distance_basis"),
        ({"sailings": [{"distance_m": 1, "freight_mass_g": 1, "cars": 1}], "mode": "sea"}, "/sailings/0"),
        ({"activity_tkm": "1", "cooling": [{"amount": "1", "carrier": "diesel", "unit": "l"}]}, "/cooling"),
        ({"zones": [ZONE, ZONE]}, "/zones/1/vehicle"),
        ({"zones": [ZONE], "cooling": [{"amount": "1", "carrier": "electricity", "unit": "kWh"}]}, "/cooling/0/region"),
        ({"stops": [STOP | {"mass_g": 0}]}, "/stops/0/mass_g"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_place(changes: dict[str, Any], pointer: str) -> None:
    """A pointer to the field that is wrong."""
    with pytest.raises(RecordError) as refused:
        decode(json.dumps(plain(**changes)).encode())
    assert refused.value.place is not None
    assert refused.value.place.pointer == pointer

"""Rules of the method in figures from outside it, and what holds for any figures."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.footprint.iso14083.allocation import Stop, belly, by_temperature, ferry_shares, round_shares, split
from ledger.footprint.iso14083.chain import Chain, Intensity, hub_element, transport_element
from ledger.footprint.iso14083.defaults import road_default
from ledger.footprint.iso14083.distance import AIR, CONTAINER_SEA, Distance
from ledger.footprint.iso14083.electricity import Certificate, both_ways
from ledger.footprint.iso14083.energy import CarrierFactor, blend
from ledger.footprint.iso14083.ghg import Ghg
from ledger.footprint.iso14083.great_circle import great_circle
from ledger.footprint.iso14083.hierarchy import Candidate, choose
from ledger.footprint.iso14083.load import EUROPEAN_ROAD, Use, Vehicle, empty_running, load_factor
from ledger.footprint.iso14083.refrigerant import CAB, REFRIGERATED_BODY, leak, leaked_kg
from ledger.footprint.iso14083.transport_activity import SHORT_TON_MILE_TKM, teu_of

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
positive = st.fractions(Fraction(1, 1000), 1000, max_denominator=1000)


def carrier(ttw: str, wtt: str, bio: str = "0", name: str = "c") -> CarrierFactor:
    return CarrierFactor(ids=(name,), carrier=name, per="l", ghg=Ghg.of(ttw, wtt, bio), gwp_set="AR5")


def test_lyon_to_paris() -> None:
    """392.2172595594006 km in the documentation of the package haversine 2.1, same radius."""
    found = great_circle((Decimal("45.7597"), Decimal("4.8422")), (Decimal("48.8567"), Decimal("2.3508")))
    assert (found.metres, found.basis) == (392_217, "gcd")


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        (("0", "0"), ("0", "180"), 20_015_114),
        (("90", "0"), ("-90", "77"), 20_015_114),
        (("0", "-180"), ("0", "180"), 0),
        (("10", "20"), ("10", "20"), 0),
        (("0", "0"), ("0", "90"), 10_007_557),
    ],
)
def test_half_and_quarter_of_the_globe(start: tuple[str, str], end: tuple[str, str], metres: int) -> None:
    """pi R and pi R / 2 with R = 6,371,008.8 m; the date line is no distance."""
    ends = [(Decimal(a), Decimal(b)) for a, b in (start, end)]
    assert great_circle(*ends).metres == metres


degrees = st.tuples(st.decimals(-90, 90, places=4), st.decimals(-180, 180, places=4))


@settings(deadline=None, max_examples=50)
@given(degrees, degrees)
def test_great_circles_agree_with_floats_and_run_both_ways(
    start: tuple[Decimal, Decimal], end: tuple[Decimal, Decimal]
) -> None:
    """Within a metre of the platform's own sines, and the same from either end."""
    (lat1, lon1), (lat2, lon2) = [[math.radians(float(x)) for x in place] for place in (start, end)]
    across = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    platform = 2 * 6371008.8 * math.asin(math.sqrt(min(1.0, across)))
    found = great_circle(start, end).metres
    assert abs(found - platform) < 1.5
    assert found == great_circle(end, start).metres


def test_published_distance_adjustments() -> None:
    """Air: (GCD + 95 km)/GCD, so a flight of 950 km counts a tenth more; container ships 15 %."""
    assert AIR.factor(Distance(metres=950_000, basis="gcd", method="table")) == Fraction(11, 10)
    assert CONTAINER_SEA.factor(Distance(metres=1, basis="sfd", method="table")) == Fraction(115, 100)


def test_an_adjusted_leg() -> None:
    """E = T g DAF, with T on the standard's distance."""
    flight = Distance(metres=950_000, basis="gcd", method="table")
    air = Intensity(source="f", ghg=Ghg.of("0.8", "0.2"), per="t km", basis="actual")
    leg = transport_element("leg", Fraction(2), flight, air, AIR)
    assert (leg.activity, leg.ghg.ttw, leg.ghg.wtw) == (1900, 1672, 2090)


def test_default_use_of_a_lorry() -> None:
    """24 t, 0.20 l/km empty and 0.35 full, at 60 % and 17 %: worked by hand."""
    lorry = Vehicle(empty_per_km=Decimal("0.2"), full_per_km=Decimal("0.35"), capacity_t=Fraction(24))
    assert lorry.per_km(EUROPEAN_ROAD.load) == Fraction("0.29")
    assert lorry.per_tonne_km(EUROPEAN_ROAD) == Fraction("0.2747") / Fraction("11.952")


@settings(deadline=None, max_examples=50)
@given(positive, positive, st.fractions(0, Fraction(9, 10)), st.fractions(Fraction(1, 100), 1), positive)
def test_the_load_model_is_fuel_over_activity(
    empty: Fraction, more: Fraction, running: Fraction, loaded: Fraction, capacity: Fraction
) -> None:
    """Driving the km one by one and dividing all fuel by all t km gives what the formula gives."""
    low, high = Decimal(int(empty * 1000)) / 1000, Decimal(int((empty + more) * 1000)) / 1000
    lorry = Vehicle(empty_per_km=low, full_per_km=high, capacity_t=capacity)
    total = Fraction(1000)
    idle = total * running
    fuel = lorry.per_km(loaded) * (total - idle) + Fraction(low) * idle
    moved = capacity * loaded * (total - idle)
    use = Use(load_factor(moved, capacity, total - idle), empty_running(idle, total))
    assert lorry.per_tonne_km(use) == fuel / moved


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(positive, st.integers(1, 10**6)), min_size=1, max_size=20), positive)
def test_a_round_is_split_without_rest(stops: list[tuple[Fraction, int]], kg: Fraction) -> None:
    """The parts of a round add up to it exactly."""
    shares = round_shares(
        [Stop(str(i), t, Distance(metres=m, basis="sfd", method="map")) for i, (t, m) in enumerate(stops)]
    )
    parts = split(Ghg(kg, kg / 3), shares)
    assert sum(part.wtw for part in parts.values()) == kg + kg / 3


def test_a_blend_by_volume() -> None:
    """7 % biodiesel: its CO2 at the tailpipe is a memo, its CH4 and N2O and its supply chain count."""
    fossil, bio = carrier("2.7", "0.6"), carrier("0.03", "0.5", "2.4")
    b7 = blend("B7", "volume", [(Fraction("0.93"), fossil), (Fraction("0.07"), bio)])
    assert (b7.ghg.ttw, b7.ghg.wtt, b7.ghg.biogenic_co2) == (Fraction("2.5131"), Fraction("0.593"), Fraction("0.168"))
    assert b7.ghg.wtw == Fraction("3.1061")


def test_a_blend_by_mass_weighs_litres_by_density() -> None:
    """Half and half by volume at 0.8 and 0.9 kg/l, factors per kg restated per l."""
    parts = [
        (Fraction(1, 2), CarrierFactor(ids=("a",), carrier="a", per="kg", ghg=Ghg.of(t, "0"), gwp_set="AR5"), rho)
        for t, rho in (("3", "0.8"), ("2", "0.9"))
    ]
    mixed = blend("m", "volume", [(s, f.restated("l", Fraction(rho))) for s, f, rho in parts])
    assert mixed.ghg.ttw == Fraction("2.1")


def test_electricity_both_ways() -> None:
    """Half under certificates of 0.02 kg/kWh: location-based counts all on the grid, market-based the rest of it."""
    grid, wind, residual = (
        CarrierFactor(ids=(n,), carrier="electricity", per="kWh", ghg=Ghg.of("0", f), gwp_set="AR6")
        for n, f in (("grid", "0.6"), ("wind", "0.02"), ("residual", "0.7"))
    )
    half = Certificate(id="GEC-1", kwh=Fraction(50), factor=wind, generated=YEAR, cancelled_on=date(2026, 2, 1))
    found = both_ways(Fraction(100), grid, YEAR, [half], residual)
    assert found.market is not None
    assert (found.location.wtw, found.market.wtw, found.certificates) == (60, 36, ("GEC-1",))
    assert found.location.ttw == found.market.ttw == 0
    assert both_ways(Fraction(100), grid, YEAR).market is None


def test_default_leaks() -> None:
    """1.5 kg x 15 % in a cab, 5.5 kg x 32.5 % on a refrigerated body, of R-134a at 1,530 (AR6)."""
    found = [leaked_kg(Fraction(c.charge_kg), Fraction(c.leaks)) for c in (CAB, REFRIGERATED_BODY)]
    assert found == [Fraction("0.225"), Fraction("1.7875")]
    assert leak(found[0], Fraction(1530)).ttw == Fraction("344.25")


def test_cooling_falls_on_what_was_cooled() -> None:
    """General part over all tonnes, cooling over the cold ones."""
    found = by_temperature(
        Ghg.of("100", "0"), Ghg.of("30", "10"), {"ambient": Fraction(60), "cold": Fraction(40)}, {"cold"}
    )
    assert [part.wtw for part in found.values()] == [60, 80]


def test_passengers_weigh_a_hundred_kilograms() -> None:
    """180 seats at 80 % and 3.5 t of freight: freight carries 3.5 of 17.9 t."""
    found = belly(Fraction(144), Fraction("3.5"), Distance(metres=1_000_000, basis="gcd", method="table"))
    assert found.freight_share == Fraction(35, 179)


def test_a_ferry_by_passenger_equivalents() -> None:
    """100 passengers, 100 cars, 1 bus, 10 articulated lorries: 100 + 130 + 10 + 180."""
    found = ferry_shares({"passenger": 100, "car": 100, "bus": 1, "articulated_truck": 10})
    assert found["articulated_truck"] == Fraction(180, 420)
    assert sum(found.values()) == 1


def test_units_of_other_countries() -> None:
    """A short ton-mile is 1.46 t km; a 40 ft high cube 2.25 TEU."""
    assert round(SHORT_TON_MILE_TKM, 2) == Fraction("1.46")
    assert teu_of([("20", 1), ("40", 2), ("40HC", 4)]) == 14


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(positive, st.integers(1, 10**6), positive), min_size=1, max_size=10))
def test_a_chain_is_its_elements(rows: list[tuple[Fraction, int, Fraction]]) -> None:
    """TTW, WTT and activity of a chain are those of its elements summed; its working names each factor of E."""
    legs = [
        transport_element(
            "leg",
            mass,
            Distance(metres=metres, basis="sfd", method="map"),
            Intensity(source="toc", ghg=Ghg(g, g / 4), per="t km", basis="sfd"),
        )
        for mass, metres, g in rows
    ]
    chain = Chain.of(legs)
    assert chain.ghg.ttw == sum(mass * metres / 1000 * g for mass, metres, g in rows)
    assert chain.ghg.wtw == chain.ghg.ttw * 5 / 4
    for leg in legs:
        figures = {step.name: step.value for step in leg.working}
        assert figures["activity"] * figures["daf"] * figures["intensity.wtw"] == figures["emissions.wtw"]


def test_the_best_data_win_and_the_others_are_named() -> None:
    """Primary is taken over all; passed-over levels keep their reasons; nothing is invented."""
    found = choose(
        [
            Candidate("default", "d", "class"),
            Candidate[str]("primary", None, "not-covering"),
            Candidate("modelled", "m", "model"),
        ]
    )
    assert (found.level, found.data, found.passed) == ("modelled", "m", (("primary", "not-covering"),))
    empty = choose([Candidate[str]("primary", None, "none"), Candidate[str]("default", None, "no class")])
    assert (empty.level, empty.data, empty.reason) == ("default", None, "no class")


def test_european_defaults_elsewhere() -> None:
    """GLEC v3.0, p. 94: 22 % on a lorry in Asia, 12 % more for its cooling; 13 % and 15 % on a van; none in Europe."""
    lorry = Ghg.of("0.08", "0.02")
    assert road_default(lorry, van=False, region="asia").wtw == Fraction("0.122")
    assert road_default(lorry, van=False, region="asia", cooled=True).wtw == Fraction("0.13664")
    assert road_default(lorry, van=True, region="africa", cooled=True).ttw == Fraction("0.08") * Fraction("1.2995")
    assert road_default(lorry, van=True, region="europe") == lorry


def test_a_terminal_counts_containers() -> None:
    """Its intensity is per container; no mass takes its place."""
    terminal = Intensity(source="HOC", ghg=Ghg.of("2", "1"), per="container")
    assert hub_element("terminal", Fraction(4), terminal, "container").ghg.wtw == 12

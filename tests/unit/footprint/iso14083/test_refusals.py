"""What the transport calculation must refuse, each refusal with its own error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ledger.errors import FootprintError
from ledger.footprint.errors import (
    BoundaryMismatch,
    DistanceBasisMismatch,
    DoubleDistanceAdjustment,
    FactorContradicts,
    FactorExpired,
    GwpMismatch,
)
from ledger.footprint.iso14083 import allocation, electricity, errors, load, refrigerant, transport_activity
from ledger.footprint.iso14083.chain import Intensity, hub_element, transport_element
from ledger.footprint.iso14083.distance import (
    AIR,
    CONTAINER_SEA,
    UNADJUSTED,
    Adjustment,
    Distance,
    activity_distance,
    checked_adjustment,
)
from ledger.footprint.iso14083.energy import CarrierFactor, blend
from ledger.footprint.iso14083.ghg import NOTHING, Ghg
from ledger.footprint.iso14083.great_circle import great_circle
from ledger.footprint.iso14083.operation import EnergyUse, Leak, operation_total

Make = Callable[..., Any]
ONE = Fraction(1)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def far(metres: int = 100_000, basis: Any = "sfd") -> Distance:
    return Distance(metres=metres, basis=basis, method="odometer")


def carrier(per: Any = "l", ttw: str = "2.5", gwp: str = "AR5", **other: Any) -> CarrierFactor:
    return CarrierFactor(ids=("f",), carrier="diesel", per=per, ghg=Ghg.of(ttw, "0.6"), gwp_set=gwp, **other)


def per(unit: Any = "t km", **other: Any) -> Intensity:
    return Intensity(source="toc", ghg=Ghg.of("0.08", "0.02"), per=unit, **other)


def green(**other: Any) -> electricity.Certificate:
    values: dict[str, Any] = {
        "id": "GEC-1",
        "kwh": Fraction(10),
        "factor": carrier("kWh", "0"),
        "generated": YEAR,
        "cancelled_on": date(2026, 1, 5),
    }
    return electricity.Certificate(**(values | other))


@pytest.mark.parametrize("distance", [None, Distance(metres=0, basis="sfd", method="odometer")])
def test_a_missing_distance(distance: Distance | None) -> None:
    """Never replaced by a guess; zero is no distance."""
    with pytest.raises(errors.DistanceMissing):
        activity_distance("leg", "road", distance)


@pytest.mark.parametrize(("mode", "basis"), [("road", "actual"), ("air", "sfd"), ("air", "actual")])
def test_activity_on_another_distance_than_the_standards(mode: str, basis: str) -> None:
    """Driven distance carries no transport activity; air has the great circle alone."""
    with pytest.raises(DistanceBasisMismatch):
        activity_distance("leg", mode, far(basis=basis))
    assert activity_distance("leg", mode, far(basis="gcd")).km == 100


def test_units_that_do_not_meet() -> None:
    """Litres against kg, t against TEU, t km against hub tonnes."""
    with pytest.raises(errors.EnergyUnitMismatch):
        carrier("kg").emissions(ONE, "l")
    with pytest.raises(errors.ActivityUnitMismatch):
        hub_element("hub", ONE, per("t km"))
    with pytest.raises(errors.ActivityUnitMismatch):
        hub_element("terminal", ONE, per("container"))
    with pytest.raises(errors.ActivityUnitMismatch):
        transport_element("leg", ONE, far(), per("t"))
    with pytest.raises(errors.EnergyUnitMismatch):
        carrier("l").energy_per("kWh").emissions(ONE, "kWh")
    with pytest.raises(errors.EnergyUnitMismatch):
        blend("b", "mass", [(ONE / 2, carrier("l")), (ONE / 2, carrier("l"))])


@pytest.mark.parametrize(
    "other", [{"ttw": None, "wtt": None}, {"ttw": None}, {"wtt": None}, {"gas_scope": "CO2"}, {"per": "t km"}]
)
def test_boundaries_that_do_not_meet(make_factor: Make, other: dict[str, Any]) -> None:
    """A factor of one boundary, of CO2 alone or of transport activity is no energy factor."""
    given = {"per": "l", "ttw": Decimal("2.5"), "wtt": Decimal("0.5"), "wtw": Decimal(3), "fuel": "diesel"} | other
    if given["per"] == "t km" or None not in {given["ttw"], given["wtt"]}:
        with pytest.raises(BoundaryMismatch):
            CarrierFactor.of(make_factor("f", **given))
        return
    with pytest.raises((BoundaryMismatch, FactorContradicts)):
        CarrierFactor.of(make_factor("f", **given))


def test_a_factor_with_both_boundaries_is_taken(make_factor: Make) -> None:
    """TTW and WTT come in apart and add up to the factor's WTW."""
    row = make_factor("f", per="l", ttw=Decimal("2.5"), wtt=Decimal("0.5"), wtw=Decimal(3), fuel="diesel")
    found = CarrierFactor.of(row)
    assert (found.ghg.ttw, found.ghg.wtt, found.ghg.wtw) == (Fraction(5, 2), Fraction(1, 2), 3)
    assert (found.carrier, found.per) == ("diesel", "l")


def test_warming_potentials_of_two_reports() -> None:
    """In one operation, between fuel and refrigerant, and in one blend."""
    uses = [EnergyUse(ONE, "l", carrier(gwp="AR5")), EnergyUse(ONE, "l", carrier(gwp="AR6"))]
    with pytest.raises(GwpMismatch):
        operation_total("toc", ONE, "t km", uses)
    with pytest.raises(GwpMismatch):
        operation_total("toc", ONE, "t km", uses[:1], leaks=[Leak("R-134a", ONE, Fraction(1530), "AR6")])
    with pytest.raises(GwpMismatch):
        blend("b", "volume", [(ONE / 2, carrier(gwp="AR5")), (ONE / 2, carrier(gwp="AR6"))])


@pytest.mark.parametrize(
    ("adjustment", "included", "basis"), [(CONTAINER_SEA, True, "actual"), (CONTAINER_SEA, False, "sfd")]
)
def test_a_distance_adjusted_twice(adjustment: Adjustment, included: bool, basis: Any) -> None:
    """On top of one inside the factor, or for an intensity on the standard's distance already."""
    with pytest.raises(DoubleDistanceAdjustment):
        transport_element("leg", ONE, far(), per(basis=basis, daf_included=included), adjustment)


def test_distances_no_adjustment_links() -> None:
    """SFD against GCD; the air adjustment on anything but the great circle."""
    with pytest.raises(DistanceBasisMismatch):
        checked_adjustment("leg", "f", UNADJUSTED, intensity="gcd", activity="sfd", included=False)
    with pytest.raises(DistanceBasisMismatch):
        checked_adjustment("leg", "f", AIR, intensity="actual", activity="sfd", included=False)


@pytest.mark.parametrize("mass", [Fraction(0), Fraction(-1)])
def test_goods_without_mass(mass: Fraction) -> None:
    """On the road, through a hub, in containers and in a belly."""
    for act in (
        lambda: transport_element("leg", mass, far(), per()),
        lambda: hub_element("hub", mass, per("t")),
        lambda: transport_activity.teu_km(mass, far()),
        lambda: allocation.belly(ONE, mass, far(basis="gcd")),
    ):
        with pytest.raises(errors.MassNotPositive):
            act()


def test_operations_without_their_return() -> None:
    """Round trips are inside, or the operation is one of the exemptions."""
    use = [EnergyUse(ONE, "l", carrier())]
    with pytest.raises(errors.RoundTripMissing):
        operation_total("toc", ONE, "t km", use, round_trips="partial")
    for exempt in ("complete", "one_way_charter", "pipeline"):
        assert operation_total("toc", ONE, "t km", use, round_trips=exempt).ghg.wtw == Fraction("3.1")  # type: ignore[arg-type]


def test_a_factor_past_its_validity() -> None:
    """Before its first or after its last day; a blend holds where all its parts hold."""
    spans = (date(2025, 1, 1), date(2025, 12, 31)), (date(2025, 7, 1), date(2026, 6, 30))
    first, second = (carrier(valid=span) for span in spans)
    for days in ((date(2024, 12, 31), date(2025, 2, 1)), (date(2025, 12, 1), date(2026, 1, 1))):
        with pytest.raises(FactorExpired):
            first.check_valid(*days)
    both = blend("b", "volume", [(ONE / 2, first), (ONE / 2, second)])
    assert both.valid == (date(2025, 7, 1), date(2025, 12, 31))
    with pytest.raises(FactorExpired):
        both.check_valid(date(2025, 6, 30), date(2025, 7, 1))
    first.check_valid(*spans[0])


@pytest.mark.parametrize("shares", [("0.5", "0.4"), ("0.5", "0.6"), ("1.5", "-0.5")])
def test_shares_that_do_not_add_up(shares: tuple[str, str]) -> None:
    """Of a blend and of an allocation."""
    parts = [Fraction(share) for share in shares]
    with pytest.raises(errors.SharesIncomplete):
        blend("b", "volume", [(share, carrier()) for share in parts])
    with pytest.raises(errors.SharesIncomplete):
        allocation.stated_shares("hub", dict(zip("ab", parts, strict=True)))
    assert allocation.stated_shares("hub", {"a": Fraction(1, 3), "b": Fraction(2, 3)})["a"] == Fraction(1, 3)


def test_emissions_nothing_was_moved_for() -> None:
    """An intensity over no activity does not exist; neither do shares of nothing."""
    for act in (
        lambda: operation_total("toc", Fraction(0), "t km", [EnergyUse(ONE, "l", carrier())]),
        lambda: allocation.in_proportion("round", {"a": Fraction(0)}),
        lambda: allocation.per_item(ONE, 0),
        lambda: allocation.belly(ONE, ONE, far(basis="gcd"), 0),
        lambda: allocation.by_temperature(NOTHING, Ghg.of("1", "0"), {"ambient": ONE}, {"frozen"}),
    ):
        with pytest.raises(errors.NoActivity):
            act()


def test_amounts_below_zero() -> None:
    """Energy, refrigerant, weights, densities."""
    for act in (
        lambda: carrier().emissions(Fraction(-1), "l"),
        lambda: refrigerant.leak(Fraction(-1), Fraction(1530)),
        lambda: refrigerant.leaked_kg(Fraction(-1), ONE),
        lambda: allocation.in_proportion("round", {"a": Fraction(-1), "b": Fraction(3)}),
        lambda: carrier("kg").restated("l", Fraction(0)),
    ):
        with pytest.raises(errors.AmountNegative):
            act()


def test_loads_no_vehicle_has() -> None:
    """Over the capacity, never loaded, always empty; burning more empty than full."""
    for act in (
        lambda: load.Use(Fraction(101, 100), Fraction(0)),
        lambda: load.Use(Fraction(0), Fraction(0)),
        lambda: load.Use(ONE, ONE),
        lambda: load.empty_running(Fraction(11), Fraction(10)),
        lambda: load.empty_running(ONE, Fraction(0)),
        lambda: load.load_factor(Fraction(11), ONE, Fraction(10)),
        lambda: load.load_factor(ONE, Fraction(0), ONE),
        lambda: load.Vehicle(empty_per_km=Decimal("0.4"), full_per_km=Decimal("0.3"), capacity_t=ONE),
        lambda: load.Vehicle(empty_per_km=Decimal("0.2"), full_per_km=Decimal("0.3"), capacity_t=Fraction(0)),
        lambda: refrigerant.leaked_kg(ONE, Fraction(2)),
    ):
        with pytest.raises(errors.LoadImpossible):
            act()


def test_figures_other_than_the_default_need_evidence() -> None:
    """t/TEU by cargo, and load factor and empty running of a lorry."""
    with pytest.raises(errors.EvidenceMissing):
        transport_activity.teu_mass_t(ONE, "light")
    with pytest.raises(errors.EvidenceMissing):
        load.evidenced(load.Use(Fraction(9, 10), Fraction(0)), " ")
    assert transport_activity.teu_mass_t(ONE, "light", "weighed sample of 2025") == 6
    assert transport_activity.teu_mass_t(ONE) == 10
    assert load.evidenced(load.EUROPEAN_ROAD, "") == load.EUROPEAN_ROAD


@pytest.mark.parametrize(
    "other",
    [
        {"id": " "},
        {"cancelled_on": None},
        {"kwh": Fraction(0)},
        {"generated": (date(2024, 1, 1), date(2024, 12, 31))},
    ],
)
def test_green_power_without_a_cancelled_certificate(other: dict[str, Any]) -> None:
    """Of the use's own period, with an id."""
    with pytest.raises(errors.CertificateUnusable):
        electricity.both_ways(Fraction(100), carrier("kWh", "0"), YEAR, [green(**other)])


def test_green_power_counted_twice_or_beyond_use() -> None:
    """One certificate counts once, and all of them to the use at most."""
    with pytest.raises(errors.CertificateUnusable):
        electricity.both_ways(Fraction(100), carrier("kWh", "0"), YEAR, [green(), green()])
    with pytest.raises(errors.CertificatesExceedUse):
        electricity.both_ways(Fraction(9), carrier("kWh", "0"), YEAR, [green()])


def test_electricity_with_a_tailpipe() -> None:
    """A grid factor that puts emissions into TTW counts another boundary."""
    with pytest.raises(BoundaryMismatch):
        electricity.both_ways(ONE, carrier("kWh", "0.5"), YEAR)


@pytest.mark.parametrize("place", [("91", "0"), ("0", "181"), ("-90.1", "0"), ("NaN", "0")])
def test_a_place_off_the_globe(place: tuple[str, str]) -> None:
    """Swapped or mistyped coordinates give no distance."""
    with pytest.raises(FootprintError):
        great_circle((Decimal(place[0]), Decimal(place[1])), (Decimal(0), Decimal(0)))

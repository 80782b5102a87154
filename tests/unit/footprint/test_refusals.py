"""What a calculation refuses, and that a gap in one place neither hides nor stops the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ledger.footprint.activity import ActivityCube, Declared, cube_of
from ledger.footprint.calculate import calculate, emissions_of
from ledger.footprint.errors import (
    BoundaryMismatch,
    DeclaredUnitMismatch,
    DistanceBasisMismatch,
    DoubleDistanceAdjustment,
    FactorContradicts,
    FactorExpired,
    GwpMismatch,
    NoEmissionFactor,
    NoHubOutput,
    NoSiteEnergy,
    SiteEnergyOverlaps,
    UnitsMissing,
)
from ledger.footprint.factor import FactorSet
from ledger.footprint.product import product_footprints
from ledger.footprint.route import route_footprints
from ledger.records.record import microseconds

Make = Callable[..., Any]


def test_unknown_vehicle_names_the_nearest(make_leg: Make, bundled: FactorSet) -> None:
    """A vehicle outside the list is refused with the nearest names of its mode, never replaced by one."""
    with pytest.raises(NoEmissionFactor) as caught:
        emissions_of(cube_of([(0, make_leg(vehicle="road.hgv.artic-33t.diesel"))]), bundled)
    assert "road.hgv.artic-33t.diesel.avg" in caught.value.nearest
    assert caught.value.factor_set == bundled.id


def test_mode_must_be_the_class_s(make_leg: Make, bundled: FactorSet) -> None:
    """A rail class on a road leg is refused: one of the two statements is wrong."""
    with pytest.raises(NoEmissionFactor):
        emissions_of(cube_of([(0, make_leg(vehicle="rail.freight.avg"))]), bundled)


def test_no_barge_factor(make_leg: Make, bundled: FactorSet) -> None:
    """Inland waterways have no factor with a shippable licence, so they are refused rather than taken for sea."""
    with pytest.raises(NoEmissionFactor):
        emissions_of(cube_of([(0, make_leg(vehicle="barge", mode="inland_waterway"))]), bundled)


def test_factor_already_adjusted(make_leg: Make, make_set: Make) -> None:
    """A distance adjustment on a factor that contains one is refused."""
    with pytest.raises(DoubleDistanceAdjustment):
        emissions_of(cube_of([(0, make_leg())]), make_set(toc={"daf_scale": Decimal("1.15")}, daf_included=True))


def test_factor_on_the_same_basis(make_leg: Make, make_set: Make) -> None:
    """A factor that rests on the legs' own distance basis needs no adjustment; asking for one is refused."""
    factors = make_set(toc={"daf_scale": Decimal("1.05")}, distance_basis="sfd")
    with pytest.raises(DoubleDistanceAdjustment):
        emissions_of(cube_of([(0, make_leg())]), factors)
    assert emissions_of(cube_of([(0, make_leg())]), make_set(distance_basis="sfd"))[0].trail.flags == ()


def test_air_needs_the_great_circle(make_leg: Make, bundled: FactorSet) -> None:
    """The 95 km of air belong to a great-circle distance; any other basis is refused."""
    leg = make_leg(vehicle="air.freight.over-3700km", mode="air", distance_basis="sfd")
    with pytest.raises(DistanceBasisMismatch):
        emissions_of(cube_of([(0, leg)]), bundled)


def test_factor_on_another_basis(make_leg: Make, make_set: Make) -> None:
    """An intensity per great-circle t km is not used with shortest feasible distances."""
    with pytest.raises(DistanceBasisMismatch):
        emissions_of(cube_of([(0, make_leg())]), make_set(distance_basis="gcd"))


def test_factor_out_of_validity(make_leg: Make, make_set: Make) -> None:
    """Activity after the factor's last day is refused; the last day itself, on the calendar of China, is not."""
    last = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)
    assert emissions_of(cube_of([(0, make_leg(occurred_at=last))]), make_set())
    with pytest.raises(FactorExpired):
        emissions_of(cube_of([(0, make_leg(occurred_at=last.replace(hour=16, minute=0)))]), make_set())


def test_co2_only_factor(make_leg: Make, make_set: Make) -> None:
    """A factor of CO2 alone does not stand in for CO2e."""
    with pytest.raises(BoundaryMismatch):
        emissions_of(cube_of([(0, make_leg())]), make_set(gas_scope="CO2"))


def test_two_gwp_sets(make_leg: Make, make_factor: Make, make_class: Make) -> None:
    """Factors of two IPCC reports are not summed in one route."""
    factors = FactorSet.of(
        "mixed",
        date(2025, 1, 1),
        "CN",
        [make_factor("f"), make_factor("g", gwp_set="AR6")],
        [make_class(), make_class("van", "g")],
    )
    done = calculate(cube_of([(0, make_leg()), (1, make_leg(vehicle="van"))]), factors)
    with pytest.raises(GwpMismatch) as caught:
        route_footprints(done)
    assert caught.value.sets == ("AR5", "AR6")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ttw": Decimal("0.09")},
        {"wtt": None},
        {"wtw": Decimal("NaN"), "ttw": None},
        {"valid_to": date(2024, 1, 1)},
        {"distance_basis": "crow"},
        {"category": "guess"},
    ],
)
def test_factor_that_contradicts_itself(wrong: dict[str, Any], make_factor: Make) -> None:
    """TTW + WTT must be WTW, a transport factor has both, values are finite, validity runs forward."""
    with pytest.raises(FactorContradicts):
        make_factor(**wrong)


def test_hub_without_meter(make_leg: Make, make_hub: Make, bundled: FactorSet) -> None:
    """A hub without energy leaves a gap with its reason; the transport of the route stays computed and marked."""
    leg = make_leg(vehicle="rail.freight.avg", mode="rail")
    done = calculate(cube_of([(0, leg), (1, make_hub())]), bundled)
    assert [type(gap.error) for gap in done.gaps] == [NoSiteEnergy]
    route = route_footprints(done)["r"]
    assert route.wtw > 0
    assert not route.complete
    assert route.to_record()["gaps"][0]["code"] == "footprint.no-site-energy"  # type: ignore[index]


def test_hub_operation_outside_the_metered_time(make_hub: Make, make_energy: Make, make_set: Make) -> None:
    """Goods that left while no meter ran are refused, also when readings stand on both sides of them."""
    at = microseconds(make_hub().occurred_at)
    cells = cube_of([(0, make_hub())]).hubs
    around = (make_energy(end=at), make_energy(start=at + 1, entry=901))
    with pytest.raises(NoSiteEnergy) as caught:
        emissions_of(ActivityCube(hubs=cells, energy=around), make_set())
    assert caught.value.metered.count("/") == 2
    closed = (make_energy(end=at), make_energy(start=at, entry=901))
    assert emissions_of(ActivityCube(hubs=cells, energy=closed), make_set())


def test_energy_metered_twice(make_hub: Make, make_energy: Make, make_set: Make) -> None:
    """Two readings over the same time would count energy twice."""
    energy = (make_energy(entry=7), make_energy(entry=8))
    with pytest.raises(SiteEnergyOverlaps) as caught:
        emissions_of(ActivityCube(hubs=cube_of([(0, make_hub())]).hubs, energy=energy), make_set())
    assert caught.value.entries == (7, 8)


def test_hub_with_nothing_leaving(make_hub: Make, make_energy: Make, make_set: Make) -> None:
    """Without outbound mass there is nothing to share the energy over."""
    from msgspec.structs import replace

    cells = [replace(c, grams=0) for c in cube_of([(0, make_hub())]).hubs]
    with pytest.raises(NoHubOutput):
        emissions_of(ActivityCube(hubs=cells, energy=[make_energy()]), make_set())


@pytest.mark.parametrize("wrong", [{"region": "Atlantis"}, {"year": 2019}])
def test_electricity_without_a_factor(
    wrong: dict[str, Any], make_hub: Make, make_energy: Make, bundled: FactorSet
) -> None:
    """A grid region or a year without a factor is refused."""
    cells = cube_of([(0, make_hub())]).hubs
    with pytest.raises(NoEmissionFactor):
        emissions_of(ActivityCube(hubs=cells, energy=[make_energy(**wrong)]), bundled)


def test_declared_per_kilogram(make_declared: Make, make_set: Make) -> None:
    """A footprint per kilogram is not applied to pieces until the kilograms in a piece are stated."""
    record = make_declared("2", declared_unit="kilogram")
    plain = Declared(product="p", entry=3, record=record, units=10)
    with pytest.raises(DeclaredUnitMismatch):
        emissions_of(ActivityCube(declared=[plain]), make_set())
    stated = Declared(product="p", entry=3, record=record, units=10, declared_units_per_piece="1.5")
    assert emissions_of(ActivityCube(declared=[stated]), make_set())[0].wtw == 30


def test_product_without_units(make_leg: Make, make_set: Make) -> None:
    """A footprint per unit needs the number of units; the legs alone would count pieces once per leg."""
    with pytest.raises(UnitsMissing):
        product_footprints(calculate(cube_of([(0, make_leg())]), make_set()), {"p": 0})

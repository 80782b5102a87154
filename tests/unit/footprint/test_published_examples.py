"""Worked examples published by others: GLEC v3.0, iLEAP 1.0.0, DEFRA 2025, and the printed figures of one report."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ledger.claims.check import check
from ledger.claims.figure import figures
from ledger.claims.statement import Statement
from ledger.footprint.activity import ActivityCube, cube_of
from ledger.footprint.amount import displayed_parts, shares
from ledger.footprint.calculate import calculate, emissions_of
from ledger.footprint.emission import Emission
from ledger.footprint.factor import FactorSet
from ledger.footprint.quality import quality_of
from ledger.footprint.route import route_footprints

Make = Callable[..., Any]
Example = Callable[[str], dict[str, Any]]


def grams(tonnes: Any) -> int:
    return int(Decimal(tonnes) * 1_000_000)


def metres(km: Any) -> int:
    return int(Decimal(km) * 1000)


def only_route(records: list[tuple[int, Any]], factors: FactorSet, energy: tuple[Any, ...] = ()) -> Any:
    cube = cube_of(records)
    done = calculate(ActivityCube(transport=cube.transport, hubs=cube.hubs, energy=energy), factors)
    assert not done.gaps
    return route_footprints(done)["r"]


def test_activity_is_summed_per_consignment(example: Example, make_leg: Make, make_set: Make) -> None:
    """W01: transport activity is the sum of mass times distance, not total mass times mean distance."""
    case = example("W01")
    legs = [(i, make_leg(grams(t), metres(km))) for i, (t, km) in enumerate(case["inputs"]["shipments"])]
    assert only_route(legs, make_set()).tonne_km == case["expected"]["tkm"]


def test_fuel_intensity_gives_the_leg(example: Example, make_leg: Make, make_set: Make) -> None:
    """W02: litres per t km times kg per litre is the intensity; times 9 t km it is the leg's emissions."""
    case = example("W02")
    given, expected = case["inputs"], case["expected"]
    intensity = given["l_per_tkm"] * given["kg_per_l"]
    assert intensity == expected["kg_per_tkm"]
    route = only_route(
        [(0, make_leg(grams(given["mass_t"]), metres(given["km"])))], make_set(ttw=str(intensity), wtt="0")
    )
    assert abs(route.wtw - Fraction(expected["kg"])) <= Fraction(case["tol"])


@pytest.mark.parametrize(("name", "distance"), [("W03", "sfd_km"), ("W10", "km")])
def test_one_consignment(name: str, distance: str, example: Example, make_leg: Make, make_set: Make) -> None:
    """W03, W10: one consignment's t km, and its emissions where an intensity is given."""
    case = example(name)
    given, expected = case["inputs"], case["expected"]
    intensity = str(Decimal(given.get("g_per_tkm", 0)) / 1000)
    route = only_route(
        [(0, make_leg(grams(given["mass_t"]), metres(given[distance])))], make_set(ttw=intensity, wtt="0")
    )
    assert route.tonne_km == expected["tkm"]
    assert route.wtw == expected.get("kg", 0)


def test_metered_electricity_of_a_site(example: Example, make_hub: Make, make_energy: Make, make_set: Make) -> None:
    """W04: 100,000 kWh at 97 g/MJ are 34,920 kg, and with the diesel's kg they are the site's total."""
    case = example("W04")
    given, expected = case["inputs"], case["expected"]
    per_kwh = given["g_per_mj"] * Decimal("3.6") / 1000
    route = only_route([(0, make_hub())], make_set(grid=str(per_kwh)), (make_energy(given["kwh"] * 1000),))
    assert route.hub == expected["elec_kg"]
    assert given["diesel_l"] * given["diesel_kg_per_l"] + Decimal(int(route.hub)) == expected["total_kg"]


def test_round_is_shared_by_direct_distance(example: Example) -> None:
    """W06: a collection round is shared by mass times direct distance; the shares shown add up to one."""
    case = example("W06")
    weights = [grams(t) * metres(km) for t, km in case["inputs"]["stops"]]
    assert Decimal(sum(weights)).scaleb(-9) == case["expected"]["tkm"]
    for share, expected in zip(shares(weights), case["expected"]["shares"], strict=True):
        assert abs(share - Fraction(expected)) <= Fraction(case["tol"])
    assert sum(shares(weights)) == 1
    assert sum(displayed_parts(Fraction(1), weights, 2)) == 1


def test_hub_intensity(example: Example, make_hub: Make, make_energy: Make, make_set: Make) -> None:
    """W15: a hub's kg over its outbound t; with 1 kg/kWh each of the parts is metered as so many kWh."""
    case = example("W15")
    parts = case["inputs"]["kg"]
    year = make_energy()
    step = (year.end - year.start) // len(parts)
    energy = tuple(
        make_energy(kg * 1000, start=year.start + i * step, end=year.start + (i + 1) * step, entry=i)
        for i, kg in enumerate(parts)
    )
    hub = make_hub(grams(case["inputs"]["t"]))
    route = only_route([(9, hub)], make_set(grid="1"), energy)
    assert route.hub == case["expected"]["kg"]
    per_tonne = route.hub / case["inputs"]["t"]
    assert abs(per_tonne - Fraction(case["expected"]["kg_per_t"])) <= Fraction(case["tol"])


def test_ileap_shares(example: Example, make_leg: Make, make_set: Make) -> None:
    """W18: the primary share by activity and by emissions differ, and both are as in the iLEAP example."""
    case = example("W18")
    given, expected = case["inputs"], case["expected"]
    rows = []
    for km, wtw, primary in zip(given["km"], given["wtw"], (1, 0), strict=True):
        tkm = given["mass_t"] * km
        factor = make_set(ttw=str(Decimal(wtw) / tkm), wtt="0")
        row = emissions_of(cube_of([(0, make_leg(grams(given["mass_t"]), metres(km)))]), factor)[0]
        assert Decimal(row.cell.gram_metres).scaleb(-9) == tkm  # type: ignore[union-attr]
        rows.append(with_primary(row, Fraction(primary)))
    quality = quality_of(rows)
    tolerance = Fraction(case["tol"]) / 100
    assert abs(quality.primary_by_activity - Fraction(expected["pds_activity_pct"]) / 100) <= tolerance  # type: ignore[operator]
    assert abs(quality.primary_by_emissions - Fraction(expected["pds_emissions_pct"]) / 100) <= tolerance  # type: ignore[operator]
    assert abs(sum(row.wtw for row in rows) - Fraction(expected["sum_wtw"])) < Fraction(1, 10**20)


def with_primary(row: Emission, share: Fraction) -> Emission:
    from msgspec.structs import replace

    return replace(row, trail=replace(row.trail, primary=share))


def test_chain_of_hub_leg_hub(
    example: Example, make_leg: Make, make_hub: Make, make_energy: Make, make_set: Make
) -> None:
    """W19: hub, leg and hub of one consignment add up to the chain."""
    case = example("W19")
    for given, expected in zip(case["inputs"]["cases"], case["expected"]["kg"], strict=True):
        mass = grams(Decimal(given["kg"]) / 1000)
        records: list[tuple[int, Any]] = [(0, make_leg(mass, metres(given["km"])))]
        energy = []
        for i, per_tonne in enumerate(given["hub"]):
            records.append((i + 1, make_hub(mass, hub=f"h{i}")))
            energy.append(make_energy(int(per_tonne * mass), hub=f"h{i}", entry=10 + i))
        factors = make_set(ttw=str(Decimal(given["g"]) / 1000), wtt="0", grid="0.001")
        route = only_route(records, factors, tuple(energy))
        assert abs(route.wtw - Fraction(expected)) <= Fraction(case["tol"])


def test_printed_savings(example: Example, bundled: FactorSet) -> None:
    """W21: one published grid factor reproduces five of the seven printed pairs, and not the other two."""
    case = example("W21")
    units = {1: "", 10_000: "万"}
    assert bundled.factor("CN-ETS-2022").wtw == case["inputs"]["factor"]
    for group, status in (("pass_", True), ("fail", False)):
        texts = [f"energy = {k} 度; avoided = {t}{units[int(u)]} 吨" for k, t, u in case["inputs"][group]]
        found = [
            check(Statement(id="", words="", source="", rule="electricity", figures=figures(text)), bundled)
            for text in texts
        ]
        assert len(found) == case["expected"][group]
        assert all((claim.verdict == "reproduced") is status for claim in found)


def test_defra_average_lorry(example: Example, make_leg: Make, bundled: FactorSet) -> None:
    """W22: 10 t over 300 km with the bundled average lorry, TTW, WTT and WTW to the digit."""
    case = example("W22")
    given, expected = case["inputs"], case["expected"]
    leg = make_leg(grams(given["mass_t"]), metres(given["km"]), vehicle="road.hgv.all.diesel.avg")
    route = only_route([(0, leg)], bundled)
    assert (route.ttw, route.wtt, route.wtw) == tuple(Fraction(expected[k]) for k in ("ttw_kg", "wtt_kg", "wtw_kg"))

"""Scopes 1, 2 and 3 of a company from records, digit by digit, and everything that is listed instead of guessed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from ledger.footprint.activity import (
    ActivityCube,
    SiteEnergy,
    SiteLoss,
    certified,
    hub_cell,
    microseconds,
    operated,
    transport_cell,
)
from ledger.footprint.amount import exact_text
from ledger.footprint.errors import GwpMismatch
from ledger.footprint.factor import FactorSet
from ledger.footprint.inventory.inventory import Inventory, inventory
from ledger.footprint.inventory.recorded import CarrierLegs, HubMonth, Pieces, Recorded
from ledger.identity import canonical
from ledger.records.errors import FieldContradicts
from ledger.records.inventory_boundary import (
    SCOPES,
    Exclusion,
    InventoryBoundary,
    Judgement,
    Rule,
    WasteTransfer,
    check_boundary,
)
from ledger.records.transport_operation import EnergyAmount, TransportOperation
from tests.unit.footprint.test_market import _factor, certificate

Make = Callable[..., Any]
MAY = 2023 * 12 + 4
JIANGSU, RESIDUAL = Fraction("0.5827"), Fraction("0.6096")
"""MEE and NBS, notice 47 of 2025: Jiangsu 2023; national without traded non-fossil power, 2023 [kg CO2/kWh]."""
ARTIC = "road.hgv.artic-33t.diesel.avg"


def boundary(**changes: Any) -> InventoryBoundary:
    """A company with one store, one fleet, and an answer for two carriers."""
    values: dict[str, Any] = {
        "approach": "operational_control",
        "company": "江苏",
        "exclusions": (Exclusion(what="guard house", reason="below 0.1 %"),),
        "fleets": ("own fleet",),
        "id": "boundary",
        "kind": "inventory_boundary",
        "occurred_at": datetime(2023, 1, 1, tzinfo=UTC),
        "purchased": "moved",
        "rules": (
            Rule(by="carrier", name="paid", counts="upstream"),
            Rule(by="carrier", name="theirs", counts="downstream"),
            Rule(by="hub", name="terminal", counts="upstream"),
        ),
        "sites": ("store",),
        "valid_from": date(2023, 1, 1),
        "version": 1,
    }
    found = InventoryBoundary(**(values | changes))
    check_boundary(found)
    return found


def at(month: int, day: int) -> int:
    return microseconds(datetime(2023, month, day, tzinfo=UTC)) - 8 * 3_600_000_000


def energy(kwh: int, entry: int = 1, start: int = at(5, 1), end: int = at(6, 1), **changes: Any) -> SiteEnergy:
    """Electricity of the store in May, in China."""
    values: dict[str, Any] = {"hub": "store", "region": "江苏", "year": 2023, "energy_wh": kwh * 1000}
    return SiteEnergy(**(values | {"start": start, "end": end, "entry": entry} | changes))


def recorded(cube: ActivityCube | None = None, **changes: Any) -> Recorded:
    values: dict[str, Any] = {
        "first": MAY,
        "last": MAY,
        "boundary": boundary(),
        "boundary_entry": 0,
        "legs": (),
        "hubs": (),
        "pieces": (),
        "cube": cube or ActivityCube(energy=[energy(1000)]),
        "declared": (),
        "waste": (),
    }
    return Recorded(**(values | changes))


def codes(found: Inventory) -> list[tuple[str, str]]:
    return [(one.scope, one.error.code) for one in found.missing]


def test_electricity_both_ways(bundled: FactorSet) -> None:
    """1,000 kWh in Jiangsu, 400 of them under a certificate: 582.7 kg by location, 600 x the residual mix by market."""
    one = certificate(mwh="0.4", entry=7)
    used = one.record.retired_for.__class__(
        period_start=date(2023, 5, 1), period_end=date(2023, 5, 31), retired_on=date(2023, 6, 9), site="store"
    )
    from msgspec.structs import replace

    record = replace(one.record, retired_for=used, generated_from=date(2023, 5, 1), generated_to=date(2023, 5, 31))
    cube = ActivityCube(energy=[energy(1000)], certificates=[certified(7, record)])
    found = inventory(recorded(cube), bundled)
    (line,) = found.lines
    assert (found.scope("2"), found.market) == (1000 * JIANGSU, 600 * RESIDUAL)
    assert (line.factors, line.market_factors) == (("CN-2023-江苏",), ("CN-2023-全国-不含市场化非化石",))
    assert line.certificates == (record.id,)
    assert (line.gases, line.entries) == ("CO2", (1, 1, 1))
    assert found.total_kg(market=True) - found.total_kg(market=False) == found.market - found.scope("2")


def test_the_series_is_one_and_no_product_factor_stands_in(bundled: FactorSet) -> None:
    """The ETS series gives another figure; the product series, which alone has 2024, none: a gap."""
    ets = inventory(recorded(boundary=boundary(series="corporate_ets")), bundled)
    assert ets.scope("2") == 1000 * Fraction("0.5703")
    assert ets.market == ets.scope("2")
    assert ets.lines[0].flags == ("national-grid", "time", "no-residual-mix")
    late = ActivityCube(energy=[energy(10, year=2027)])
    assert codes(inventory(recorded(late), bundled)) == [("2", "footprint.no-factor")]


def test_readings_over_the_ends_are_divided_by_time_and_open_days_are_said(bundled: FactorSet) -> None:
    """62 days of which 31 lie in May: half; and a store metered for half of May says so."""
    half = energy(620, start=at(5, 1), end=at(7, 1) + 0)
    found = inventory(recorded(ActivityCube(energy=[half])), bundled)
    assert found.lines[0].amount == Fraction(620 * 31, 61)
    assert "prorated" in found.lines[0].flags
    some = inventory(recorded(ActivityCube(energy=[energy(10, end=at(5, 16))])), bundled)
    assert [one.error.values().get("days") for one in some.missing] == ["15.0 / 31"]
    none = inventory(recorded(ActivityCube()), bundled)
    assert codes(none) == [("2", "inventory.site-not-metered")]


def test_own_power_is_zero_but_for_what_was_sold_as_green(bundled: FactorSet) -> None:
    """100 kWh from the roof count nothing; with 40 of them sold, those take the residual mix, market-based."""
    from msgspec.structs import replace

    roof = energy(100, entry=2, origin="own")
    sold = replace(
        certificate(mwh="0.04", source="own_generation", retired_for=None).record,
        generated_at="store",
        transferred_to="buyer",
        generated_from=date(2023, 5, 1),
        generated_to=date(2023, 5, 31),
    )
    cube = ActivityCube(energy=[roof], certificates=[certified(9, sold)])
    found = inventory(recorded(cube), bundled)
    assert (found.scope("2"), found.market) == (0, 40 * RESIDUAL)


def fuels(bundled: FactorSet) -> FactorSet:
    more = [
        _factor("diesel-cn", "l", "2.6", "0.6", fuel="diesel"),
        _factor("R-410A", "kg", "2088", "0", fuel="R-410A"),
        _factor("steam-cn", "MJ", "0", "0.11", fuel="steam"),
        _factor("paper-landfill", "kg", "0", "1.1", fuel=""),
    ]
    from dataclasses import replace

    more = [replace(one, valid_from=date(2022, 1, 1), year=2023, gwp_set="AR5") for one in more]
    return FactorSet.of("t", bundled.published, "CN", [*bundled.factors.values(), *more], bundled.classes.values())


def test_fuels_refrigerants_and_heat(bundled: FactorSet) -> None:
    """Burning counts TTW in scope 1, a leak its GWP, bought steam whole in scope 2 and alike both ways."""
    used = [
        energy(1, carrier="diesel", amount="10", unit="l", energy_wh=0),
        energy(1, entry=2, carrier="steam", amount="100", unit="MJ", energy_wh=0),
    ]
    loss = SiteLoss(hub="store", gas="R-410A", mass_kg="0.5", serves="all", start=at(5, 1), end=at(6, 1), entry=3)
    found = inventory(recorded(ActivityCube(energy=used, losses=[loss])), fuels(bundled))
    assert found.scope("1") == 26 + 1044
    assert (found.scope("2"), found.market) == (11, 11)


def fleet(**changes: Any) -> TransportOperation:
    values: dict[str, Any] = {
        "activity_tkm": "1000",
        "default_class": ARTIC,
        "distance_basis": "sfd",
        "energy": [
            EnergyAmount(amount="100", carrier="diesel", unit="l"),
            EnergyAmount(amount="50", carrier="electricity", region="江苏", unit="kWh"),
        ],
        "id": "fleet",
        "kind": "transport_operation",
        "mode": "road",
        "occurred_at": datetime(2023, 6, 1, tzinfo=UTC),
        "operator": "own fleet",
        "period_end": datetime(2023, 5, 31, 16, tzinfo=UTC),
        "period_start": datetime(2023, 4, 30, 16, tzinfo=UTC),
        "round_trips": "complete",
        "vehicle": "own lorries",
        "version": 1,
    }
    return TransportOperation(**(values | changes))


def legs(make_leg: Make, rows: Sequence[tuple[str, str]], **changes: Any) -> list[CarrierLegs]:
    """(carrier, vehicle) of legs of 2 t over 500 km in May: 1,000 t km each."""
    found = []
    for entry, (carrier, vehicle) in enumerate(rows, 20):
        leg = make_leg(2_000_000, 500_000, vehicle=vehicle, occurred_at=datetime(2023, 5, 9, tzinfo=UTC), **changes)
        cell = transport_cell(entry, leg)
        found.append(CarrierLegs(MAY, carrier, cell))
    return found


def test_whose_transport_is_decides_its_scope_and_nobody_guesses(make_leg: Make, bundled: FactorSet) -> None:
    """Paid: category 4, well to wheel. Theirs: 9. Own without a statement: TTW in scope 1. Of a stranger: missing."""
    rows = [("paid", ARTIC), ("theirs", ARTIC), ("own fleet", ARTIC), ("stranger", ARTIC)]
    factor = bundled.factor(bundled.classes[ARTIC].factor)
    found = inventory(recorded(legs=legs(make_leg, rows)), bundled)
    assert found.scope("3.4") == found.scope("3.9") == 1000 * Fraction(factor.wtw)
    assert found.scope("1") == 1000 * Fraction(factor.ttw or 0)
    (missing,) = found.missing
    assert (missing.error.code, missing.subject, missing.entries) == ("inventory.whose", "stranger", (1, 23, 23))
    assert "1000 t km" in missing.error.message("en")
    assert found.primary_by_activity == 0


def test_an_own_fleet_counts_by_its_statement_once(make_leg: Make, bundled: FactorSet) -> None:
    """100 l burn in scope 1 and 50 kWh charge in scope 2; the legs that the statement covers add nothing."""
    cube = ActivityCube(energy=[energy(1000)], operations=[operated(5, fleet())])
    found = inventory(recorded(cube, legs=legs(make_leg, [("own fleet", "own lorries")])), fuels(bundled))
    assert found.scope("1") == 260
    assert found.scope("2") == 1050 * JIANGSU
    assert found.missing == ()


def test_rules_that_disagree_and_electric_vehicles_nobody_metered(make_leg: Make, bundled: FactorSet) -> None:
    """Neither is counted; both are listed with their entries."""
    rules = (
        Rule(by="carrier", name="paid", counts="upstream"),
        Rule(by="route", name="r", counts="downstream"),
    )
    found = inventory(recorded(legs=legs(make_leg, [("paid", ARTIC)]), boundary=boundary(rules=rules)), bundled)
    assert codes(found) == [("3.4", "inventory.rules-disagree")]
    with pytest.raises(FieldContradicts):
        boundary(rules=(*rules, Rule(by="route", name="r", counts="own")))


def test_hubs_of_others(make_hub: Make, bundled: FactorSet) -> None:
    """The terminal is paid for: its intensity times what left in May. The store is own, and metered as such."""
    cells = [hub_cell(n, make_hub(mass, hub="terminal")) for n, mass in ((30, 1_000_000), (31, 3_000_000))]
    readings = [energy(1000), energy(400, entry=2, hub="terminal", start=at(1, 1), end=at(1, 1) * 2, year=2024)]
    months = [HubMonth(MAY, cells[0])]
    found = inventory(recorded(ActivityCube(hubs=cells, energy=readings), hubs=months), bundled)
    grid = Fraction("0.5777") + Fraction("0.0046")
    assert found.scope("3.4") == 400 * grid / 4
    asked = inventory(recorded(hubs=months, boundary=boundary(rules=())), bundled)
    assert codes(asked) == [("3.4", "inventory.whose")]


def test_goods_by_the_declaration_that_was_valid_then(make_declared: Make, bundled: FactorSet) -> None:
    """Pieces x PCF; one that holds the whole life, one per kg, and one without any are listed."""
    names = [canonical(f"https://goods.example/{name}") for name in ("plain", "whole", "heavy", "bare")]
    start = {"valid_from": date(2023, 1, 1)}
    made = [
        (40, make_declared("12.5", product=names[0], **start)),
        (41, make_declared("99", product=names[0], valid_from=date(2024, 1, 1))),
        (42, make_declared("5", product=names[1], boundary="cradle_to_grave", **start)),
        (43, make_declared("5", product=names[2], declared_unit="kilogram", **start)),
    ]
    pieces = [Pieces(name, MAY, 10, 2, 50, 51, at(5, 20)) for name in names]
    found = inventory(recorded(pieces=pieces, declared=made), bundled)
    assert found.scope("3.1") == 125
    assert sorted(one.error.code for one in found.missing if one.scope == "3.1") == [
        "footprint.declared-unit",
        "inventory.cradle-to-grave",
        "inventory.not-declared",
    ]
    silent = inventory(recorded(pieces=pieces, declared=made, boundary=boundary(purchased=None)), bundled)
    assert ("3.1", "inventory.purchases") in codes(silent)
    assert silent.scope("3.1") == 0


def test_waste_of_own_sites(bundled: FactorSet) -> None:
    """Mass x the named factor of its treatment; without one a gap; of others' sites nothing."""
    plain = WasteTransfer(
        factor="paper-landfill",
        id="w",
        kind="waste_transfer",
        mass_kg="20",
        material="paper",
        occurred_at=datetime(2023, 5, 3, tzinfo=UTC),
        site="store",
        treatment="landfill",
        version=1,
    )
    from msgspec.structs import replace

    waste = [(60, plain), (61, replace(plain, factor=None)), (62, replace(plain, site="elsewhere"))]
    found = inventory(recorded(waste=waste), fuels(bundled))
    assert found.scope("3.5") == 22
    assert codes(found) == [("3.5", "inventory.waste-factor")]


def test_two_gwp_sets_have_no_sum(make_leg: Make, bundled: FactorSet) -> None:
    """AR6 diesel in the store beside AR5 lorries is refused, not added."""
    mixed = FactorSet.of(
        "t",
        bundled.published,
        "CN",
        [*bundled.factors.values(), _diesel_ar6()],
        bundled.classes.values(),
    )
    cube = ActivityCube(energy=[energy(1, carrier="diesel", amount="10", unit="l", energy_wh=0)])
    with pytest.raises(GwpMismatch):
        inventory(recorded(cube, legs=legs(make_leg, [("paid", ARTIC)])), mixed)


def _diesel_ar6() -> Any:
    from dataclasses import replace

    return replace(_factor("d6", "l", "2.6", "0.6", fuel="diesel"), valid_from=date(2022, 1, 1))


def test_quality_is_what_somebody_judges(make_leg: Make, bundled: FactorSet) -> None:
    """Without a judgement of every scope there is none; with them, DQR and the interval follow."""
    plain = inventory(recorded(legs=legs(make_leg, [("paid", ARTIC)])), bundled)
    assert (plain.rating, plain.uncertainty, plain.unjudged) == (None, None, ("2", "3.4"))
    scores = dict.fromkeys(("completeness", "geography", "reliability", "technology", "time"), 2)
    judgements = tuple(
        Judgement(scope=scope, activity_pct="3", factor_pct="4", **scores)  # type: ignore[arg-type]
        for scope in ("2", "3.4")
    )
    found = inventory(
        recorded(legs=legs(make_leg, [("paid", ARTIC)]), boundary=boundary(judgements=judgements)), bundled
    )
    assert found.rating is not None
    assert found.rating.score == 2
    assert found.uncertainty is not None
    # both lines are 5 % uncertain and independent: 5 % of the root of the sum of their squares
    parts = [line.kg for line in found.lines]
    squares = Fraction(25, 10_000) * sum(part**2 for part in parts)
    assert abs(Fraction(found.uncertainty.standard) ** 2 / squares - 1) < Fraction(1, 10**9)


def test_the_record_replays_and_says_what_is_left_out(make_leg: Make, bundled: FactorSet) -> None:
    """Plain JSON, the same twice, whose lines add up to its totals; every category is there or listed as left out."""
    given = recorded(legs=legs(make_leg, [("paid", ARTIC), ("theirs", ARTIC)]))
    record = json.loads(json.dumps(inventory(given, bundled).to_record()))
    assert record == json.loads(json.dumps(inventory(given, bundled).to_record()))
    for scope in SCOPES:
        parts = [Fraction(line["kg"]) for line in record["lines"] if line["scope"] == scope]
        assert Fraction(record["scopes_location_based_kg"][scope]) == sum(parts, Fraction(0))
    listed = {*SCOPES, *(row["scope"] for row in record["not_computed"])}
    assert listed == {"1", "2", *(f"3.{n}" for n in range(1, 16))}
    assert record["exclusions"] == [{"what": "guard house", "reason": "below 0.1 %"}]
    whole = Fraction(record["total_market_based_kg"]) - Fraction(record["scope_2_market_based_kg"])
    assert whole == Fraction(record["total_location_based_kg"]) - Fraction(record["scopes_location_based_kg"]["2"])
    assert exact_text(Fraction(record["scope_2_market_based_kg"])) == record["scope_2_market_based_kg"]

"""Route and product totals: figures, stages, quality, trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from ledger.footprint.activity import ActivityCube, Declared, cube_of
from ledger.footprint.amount import exact_text
from ledger.footprint.calculate import calculate
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods import METHODS
from ledger.footprint.product import STAGES, declared_on, product_footprints
from ledger.footprint.quality import FLAGS
from ledger.footprint.route import route_footprints

Make = Callable[..., Any]


def cube(make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, **declared: Any) -> ActivityCube:
    """Ten pieces: 2 t over 500 km by lorry and 1000 km by rail, through one hub shared with another product."""
    records: list[tuple[int, Any]] = [
        (10, make_leg(2_000_000, 500_000, vehicle="road.hgv.all.diesel.avg", quantity=10, driven_m=520_000)),
        (11, make_leg(2_000_000, 1_000_000, vehicle="rail.freight.avg", mode="rail", quantity=10)),
        (12, make_hub(2_000_000, quantity=10)),
        (13, make_hub(1_000_000, product="q", route="s")),
    ]
    found = cube_of(records)
    reading = make_energy(30_000, entry=14)
    stated = Declared(product="p", entry=15, record=make_declared(**declared), units=10)
    return ActivityCube(transport=found.transport, hubs=found.hubs, energy=[reading], declared=[stated])


def test_route(make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet) -> None:
    """A route's figures are those of its legs and its share of the hub; the other route carries the rest."""
    routes = route_footprints(calculate(cube(make_leg, make_hub, make_energy, make_declared), bundled))
    route, other = routes["r"], routes["s"]
    grid = Fraction("30") * (Fraction("0.5777") + Fraction("0.0046"))
    assert route.tonne_km == 3000
    assert route.transport == 1000 * Fraction("0.12522") + 2000 * Fraction("0.0347")
    assert route.hub == grid * 2 / 3
    assert route.hub + other.hub == grid
    assert route.intensity == route.transport / 3000
    assert route.driven_tonne_km is None
    assert [part.subject for part in route.parts] == ["h", "rail.freight.avg", "road.hgv.all.diesel.avg"]
    assert sum(part.wtw for part in route.parts) == route.wtw
    assert route.to_record()["wtw_kg"] == exact_text(route.wtw)


def test_named_routes_and_products_only(
    make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet
) -> None:
    """A hub's other users take their share of its energy without being reported themselves."""
    done = calculate(cube(make_leg, make_hub, make_energy, make_declared), bundled)
    assert route_footprints(done, {"r"})["r"].hub == route_footprints(done)["r"].hub
    assert set(route_footprints(done, {"r"})) == {"r"}
    assert set(product_footprints(done, {"q": 1, "absent": 5})) == {"q"}


def test_driven_distance_is_kept_beside(make_leg: Make, make_set: Make) -> None:
    """When every leg states what was driven, the t km as driven stand beside the standard ones and change nothing."""
    route = route_footprints(calculate(cube_of([(0, make_leg(10**6, 10**5, driven_m=110_000))]), make_set()))["r"]
    assert (route.tonne_km, route.driven_tonne_km, route.wtw) == (100, 110, 10)


def test_product(make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet) -> None:
    """A product's stages add up, in total and per unit, and the shares add up to one."""
    done = calculate(cube(make_leg, make_hub, make_energy, make_declared, verified_by="TÜV"), bundled)
    found = product_footprints(done, {"p": 10, "q": 1})
    product = found["p"]
    assert [stage.stage for stage in product.stages] == ["declared", "transport", "hub"]
    assert product.stages[0].wtw == 125
    assert sum(stage.wtw for stage in product.stages) == product.wtw
    assert product.per_unit * 10 == product.wtw
    record = product.to_record()
    assert sum(Fraction(stage["share"]) for stage in record["stages"]) == 1  # type: ignore[attr-defined]
    assert product.quality.verified_by_emissions == 125 / product.wtw
    assert not found["q"].covers_production


def test_cradle_to_grave_is_not_counted_twice(
    make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet
) -> None:
    """A declaration to the grave holds delivery already: measured transport is shown and not added."""
    done = calculate(cube(make_leg, make_hub, make_energy, make_declared, boundary="cradle_to_grave"), bundled)
    product = product_footprints(done, {"p": 10, "q": 1})["p"]
    assert product.wtw == 125
    assert [stage.counted for stage in product.stages] == [True, False, False]


def test_quality(make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet) -> None:
    """Primary shares by emissions and by activity are labelled apart; defaults from abroad are flagged."""
    done = calculate(cube(make_leg, make_hub, make_energy, make_declared, primary_data_share_pct="40"), bundled)
    quality = product_footprints(done, {"p": 10, "q": 1})["p"].quality
    product = product_footprints(done, {"p": 10, "q": 1})["p"]
    hub = product.stages[2].wtw
    assert quality.primary_by_emissions == (125 * Fraction(2, 5) + hub) / product.wtw
    assert quality.primary_by_activity == 0
    assert sum(share for _, share in quality.categories) == 1
    assert {"geography", "distance-unadjusted", "time"} == set(quality.flags)
    assert quality.gwp_sets == ("AR5", "not stated")


def test_carrier_s_own_intensity_is_primary(make_leg: Make, make_set: Make) -> None:
    """A measured intensity in the factor set makes its legs primary data, by emissions and by activity."""
    cells = cube_of([(0, make_leg())])
    quality = route_footprints(calculate(cells, make_set(category="primary")))["r"].quality
    assert (quality.primary_by_emissions, quality.primary_by_activity) == (1, 1)
    assert quality.categories[0] == ("primary", 1)


def test_trail(make_leg: Make, make_hub: Make, make_energy: Make, make_declared: Make, bundled: FactorSet) -> None:
    """A record is plain JSON and names entries, factors, factor set, method, category and verification of each row."""
    done = calculate(cube(make_leg, make_hub, make_energy, make_declared), bundled)
    record = json.loads(json.dumps(product_footprints(done, {"p": 10, "q": 1})["p"].to_record()))
    hub = next(stage for stage in record["stages"] if stage["stage"] == "hub")["rows"][0]
    assert hub["entries"] == {"count": 1, "first": 12, "last": 12}
    assert [step["name"] for step in hub["trail"].pop("working")][:1] == ["energy.electricity"]
    assert hub["trail"] == {
        "data_category": "primary",
        "evidence": {"count": 1, "first": 14, "last": 14},
        "factor_set": bundled.hash,
        "factors": ["CN-CFP-2024-全国平均", "CN-CFP-2024-输配电(不含线损)"],
        "flags": ["time"],
        "gwp_set": "not stated",
        "method": {"name": "hub_energy", "version": 2},
        "primary_share": "1",
        "verification": "recorded",
    }


def test_declaration_in_force(make_declared: Make) -> None:
    """Of several declarations the one valid on the day and entered last is used."""
    old = make_declared("9", valid_to=date(2025, 12, 31))
    new, late = make_declared("8"), make_declared("7", valid_from=date(2027, 1, 1))
    records = [(1, old), (5, new), (7, late)]
    assert declared_on(records, date(2025, 6, 1))["p"] == (5, new)
    assert declared_on(reversed(records), date(2026, 6, 1))["p"] == (5, new)
    assert declared_on(records, date(2024, 6, 1)) == {}


def test_energy_year_is_the_reader_s() -> None:
    """A reading from New Year's midnight in China on belongs to the new year, though UTC is in the old one."""
    from datetime import timedelta, timezone

    from ledger.footprint.activity import site_energy
    from ledger.records.hub_operation import EnergyUse

    china = timezone(timedelta(hours=8))
    reading = EnergyUse(
        carrier="electricity",
        energy_wh=1,
        id="e",
        kind="energy_use",
        occurred_at=datetime(2024, 2, 1, tzinfo=UTC),
        period_start=datetime(2024, 1, 1, tzinfo=china),
        period_end=datetime(2024, 2, 1, tzinfo=china),
        region="CN-ZJ",
        site="h",
        version=1,
    )
    assert site_energy(3, reading).year == 2024


def test_everything_shown_exists_in_both_languages(bundled: FactorSet) -> None:
    """Methods, stages, flags and classes have Chinese and English texts, and codes are not repeated."""
    texts = [(m.en, m.zh) for m in METHODS] + [(c.en, c.zh) for c in bundled.classes.values()]
    texts += [(en, zh) for _, en, zh in (*STAGES, *FLAGS)]
    assert all(en and zh and en != zh for en, zh in texts)
    assert len({m.name for m in METHODS}) == len(METHODS)
    assert len({code for code, _, _ in FLAGS}) == len(FLAGS)

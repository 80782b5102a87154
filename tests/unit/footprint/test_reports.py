"""Reports: every item the standards ask for, stated or said not to be; figures that add up; nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ledger.footprint.activity import ActivityCube, Declared, cube_of
from ledger.footprint.calculate import calculate
from ledger.footprint.factor import FactorSet
from ledger.footprint.product import product_footprints
from ledger.footprint.product_report import product_report
from ledger.footprint.report import Item, Report
from ledger.footprint.route import route_footprints
from ledger.footprint.route_report import route_report
from ledger.units import GRAM_METRES_PER_TONNE_KM
from tests.unit.footprint.bills import BOARD_LANDFILL, STEEL_KG, A, bill, box, pcf, total_of

STUDY = {
    "electricity": "grid mix",
    "functional_unit": "one terminal for five years",
    "limitations": "one factory",
    "period_end": "2024-12-31",
    "period_start": "2024-01-01",
    "rule": "PCR 2024:01",
    "sensitivity": "steel +10 %: +8 %",
    "standards": ["ISO 14067:2018"],
    "technology": "stamping",
    "uncertainty_pct": "12.5",
    "unit_processes": ["stamping", "packing"],
}
ASKED_OF_PRODUCTS = {
    "functional or declared unit": ("functional-unit", "declared-unit"),
    "system boundary": ("boundary", "aside"),
    "list of unit processes": ("unit-processes",),
    "life-cycle stages, absolute and relative": ("stages", "per-stage", "per-unit", "total"),
    "time period": ("period", "validity"),
    "geography and technology": ("geography", "technology", "site"),
    "fossil, biogenic, land-use change, aircraft apart": ("kinds",),
    "biogenic carbon content": ("carbon-content",),
    "GWP set": ("gwp",),
    "allocation": ("allocation",),
    "cut-offs": ("cut-offs",),
    "data sources and quality": ("sources", "primary", "categories", "flags"),
    "electricity treatment": ("electricity", "market"),
    "sensitivity and uncertainty": ("sensitivity", "uncertainty"),
    "limitations": ("limitations", "missing"),
    "comparison only with the same rule": ("comparison", "rule"),
    "critical review or verification": ("review", "verified-share"),
}
"""ISO 14067:2018, clause 7, and GB/T 24067-2024, against the codes of the report."""
ASKED_OF_ROUTES = {
    "chains covered": ("chains", "modes", "hubs"),
    "total including energy provision": ("total-wtw", "operation", "provision"),
    "intensity with distance type": ("intensity", "distance"),
    "emissions and intensity per mode and per hub": ("per-mode", "per-hub"),
    "supporting information, model parameters": ("sources", "methods", "factor-set"),
    "data category shares": ("categories", "primary"),
    "period": ("period",),
    "change from the year before": ("change",),
}
"""ISO 14083:2023, reporting."""


def items(report: Report) -> dict[str, Item]:
    return {item.code: item for section in report.sections for item in section.items}


def said(report: Report, code: str) -> list[str]:
    return [one.text or one.code for one in items(report)[code].says]


def test_every_item_of_the_standards_is_there_in_any_report(bundled: FactorSet, make_leg: Callable[..., Any]) -> None:
    """Whatever the figure rests on, with a study or without, no item is left out or there twice."""
    moved = calculate(cube_of([(0, make_leg())]), bundled)
    alone = next(iter(product_footprints(moved, {A: 1, make_leg().product: 1}).values()))
    for found in (total_of(bundled, bill(study=STUDY)), total_of(bundled, bill()), alone):
        report = product_report(found)
        codes = [item.code for section in report.sections for item in section.items]
        assert {code for asked in ASKED_OF_PRODUCTS.values() for code in asked} <= set(codes)
        assert len(set(codes)) == len(codes)
    (route,) = route_footprints(moved).values()
    assert {code for asked in ASKED_OF_ROUTES.values() for code in asked} <= set(items(route_report(route)))


def test_what_the_study_states_is_said_and_nothing_else(bundled: FactorSet) -> None:
    """Stated items in the study's own words; without a study the same items are not stated."""
    full = product_report(total_of(bundled, bill(study=STUDY, biogenic_carbon_content_kg="0.4", verified_by="CQC")))
    assert said(full, "functional-unit") == ["one terminal for five years"]
    assert said(full, "unit-processes") == ["stamping", "packing"]
    assert said(full, "period") == ["2024-01-01 – 2024-12-31"]
    assert items(full)["uncertainty"].says[0].value == Fraction("12.5")
    assert items(full)["carbon-content"].says[0].value == Fraction("0.4")
    assert said(full, "review") == ["CQC"]
    bare = product_report(total_of(bundled, bill()))
    assert said(bare, "review") == ["recorded"]
    unstated = {
        "functional-unit", "unit-processes", "period", "technology", "rule", "standards", "carbon-content",
        "allocation", "cut-offs", "electricity", "sensitivity", "uncertainty", "limitations", "market",
    }  # fmt: skip
    assert set(bare.not_stated) == unstated
    record: Any = bare.to_record()
    told = {item["item"]: item for section in record["sections"] for item in section["items"]}
    assert {code for code, item in told.items() if not item["stated"]} == unstated
    assert told["sensitivity"]["says"] == []


def test_stages_are_the_total_and_their_shares_one(bundled: FactorSet) -> None:
    """1 kg of steel and 2 kg of board: stages in total and per piece, shares, kinds and boundary."""
    made = bill(
        packaging=[box("2")],
        end_of_life=[{"mass_kg": "1", "name": "rest", "treatments": [{"factor": BOARD_LANDFILL, "share": "1"}]}],
    )
    found = total_of(bundled, made, units=3)
    report = product_report(found)
    assert [one.code for one in report.bars] == ["raw", "packaging", "end_of_life"]
    assert report.bars[0].value == 3 * STEEL_KG
    assert sum((one.value for one in report.bars), Fraction(0)) == report.whole == found.wtw
    assert sum((one.share or 0 for one in report.bars), Fraction(0)) == 1
    per_stage = items(report)["per-stage"].says
    assert sum((one.value or 0 for one in per_stage), Fraction(0)) == found.per_unit
    assert said(report, "boundary") == ["cradle-to-gate"]


def test_kinds_are_zero_only_where_the_sources_tell_them_apart(bundled: FactorSet) -> None:
    """A part of which only the sum is known leaves no kind at zero by guess."""
    split = bill(direct=[{"kg_co2e": "2", "part": "biogenic", "source": "kiln"}], inputs=[])
    known = {one.code: one.value for one in items(product_report(total_of(bundled, split)))["kinds"].says}
    assert known["kind-biogenic"] == 2
    assert known["kind-aviation"] == 0
    assert "kind-unsplit" not in known
    declared = Declared(product=A, record=pcf(A), units=1, entry=4)
    cube = ActivityCube(declared=[declared])
    report = product_report(product_footprints(calculate(cube, bundled), {A: 1})[A])
    assert [(one.code, one.value) for one in items(report)["kinds"].says] == [("kind-unsplit", Fraction(5))]
    assert said(report, "record") == ["pcf (#4)"]


def test_a_gap_makes_the_report_incomplete_and_is_named(bundled: FactorSet) -> None:
    """The reason stands in the report, in words and by its code."""
    report = product_report(total_of(bundled, bill(packaging=[box("1", factor="NONE")])))
    assert not report.complete
    (missing,) = items(report)["missing"].says
    assert missing.error is not None
    assert missing.to_record()["error"] == missing.error.code
    assert "NONE" in missing.to_record()["text"]


def test_modes_and_hubs_of_a_route_are_its_total(bundled: FactorSet, make_leg: Callable[..., Any]) -> None:
    """Emissions by mode sum to the route's, and each over its own activity is the mode's intensity."""
    plane = {"distance_basis": "gcd", "mode": "air", "vehicle": "air.freight.up-to-3700km"}
    legs = [make_leg(vehicle="road.hgv.artic-33t.diesel.avg"), make_leg(id="flight", **plane)]
    (route,) = route_footprints(calculate(cube_of(enumerate(legs)), bundled)).values()
    report = route_report(route)
    assert sum((one.value for one in report.bars), Fraction(0)) == route.wtw
    assert [one.code for one in report.bars] == ["mode-air", "mode-road"]
    assert said(report, "distance") == ["distance-gcd", "distance-sfd"]
    per_mode = items(report)["per-mode"].says
    road = [one.value for one in per_mode if one.code == "mode-road"]
    assert road[0] is not None
    assert road[1] == road[0] / Fraction(legs[0].mass_g * legs[0].distance_m, GRAM_METRES_PER_TONNE_KM)
    assert "change" in report.not_stated

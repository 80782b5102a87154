"""
The report of a product's footprint (ISO 14067:2018, clause 7; GB/T 24067-2024), item by item.

What describes the goods and the study comes from the record the figure rests on, the bill or the declaration, and from
no other: the words of one would not be true of the figure of the other.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from ledger.footprint.emission import Emission
from ledger.footprint.product import BILLED, STAGES, ProductTotal
from ledger.footprint.report import Bar, Item, Report, Said, Section, bar, texts
from ledger.footprint.report_data import activity_days, calculation, data, missing
from ledger.footprint.split import KINDS
from ledger.records.bill_of_materials import BillOfMaterials, Study
from ledger.records.product_footprint import ProductFootprint
from ledger.records.transport_operation import ELECTRICITY

_KG: Final = "kg CO₂e"
_NO_STUDY: Final = Study()


def product_report(found: ProductTotal) -> Report:
    """Every item of the standards, in their order; stages in the order of the product's life."""
    bill = found.bill if found.rests_on == "bill" else None
    declared = found.declared if found.rests_on == "declared" else None
    study = (bill.study if bill else None) or _NO_STUDY
    rows = [row for stage in found.stages if stage.counted for row in stage.rows]
    named = bill or declared
    return Report(
        kind="product",
        subject=found.product,
        name=named.name if named else "",
        whole=found.wtw,
        complete=found.complete,
        bars=_bars(found),
        sections=(
            _goods(found, bill, declared, study),
            _scope(found, bill, declared, study, rows),
            _results(found, bill, declared),
            _method(found, bill, study, rows),
            data(rows, found.factors, found.quality),
            _reading(found, bill, declared, study),
        ),
    )


def _bars(found: ProductTotal) -> tuple[Bar, ...]:
    return tuple(bar(stage.stage, "", stage.wtw, found.wtw) for stage in found.stages if stage.counted)


def _goods(
    found: ProductTotal, bill: BillOfMaterials | None, declared: ProductFootprint | None, study: Study
) -> Section:
    maker = bill.manufacturer if bill else declared.supplier if declared else None
    unit = bill or declared
    return Section(
        "goods",
        (
            Item("product", (Said(text=found.product), *texts([unit.name if unit else None]))),
            Item("maker", texts([maker])),
            Item("site", texts([bill.site] if bill else [])),
            Item("mass", (Said(value=Fraction(bill.mass_kg), unit="kg"),) if bill else ()),
            Item("functional-unit", texts([study.functional_unit])),
            Item("declared-unit", (Said(code=unit.declared_unit),) if unit else ()),
            Item("pieces", (Said(value=Fraction(found.units)),)),
            Item("record", _records(found)),
        ),
    )


def _records(found: ProductTotal) -> tuple[Said, ...]:
    """The record that the goods' making rests on, with its entry."""
    if found.rests_on == "bill" and found.bill:
        return (Said("bill", f"{found.bill.id} (#{found.bill_entry})"),)
    rows = (row for stage in found.stages if stage.counted and stage.stage == "declared" for row in stage.rows)
    return tuple(Said("declaration", f"{row.subject} (#{row.entries[1]})") for row in rows)


def _scope(
    found: ProductTotal,
    bill: BillOfMaterials | None,
    declared: ProductFootprint | None,
    study: Study,
    rows: list[Emission],
) -> Section:
    counted = {stage.stage for stage in found.stages if stage.counted}
    aside = [stage.stage for stage in found.stages if not stage.counted]
    said = bill or declared
    period = _span("study", study.period_start, study.period_end)
    valid = _span("", said.valid_from, said.valid_to) if said else ()
    technology = study.technology or (declared.technology if declared else None)
    standards = study.standards or (declared.standards if declared else [])
    covered = [code for code, _, _ in STAGES if code in counted]
    return Section(
        "scope",
        (
            Item("boundary", (Said(code=_boundary(counted, declared)),)),
            Item("stages", tuple(Said(code=code) for code in covered)),
            Item("aside", tuple(Said(code=code) for code in aside) or (Said(code="none"),)),
            Item("unit-processes", texts(study.unit_processes)),
            Item("period", (*period, *activity_days(row.cell for row in rows))),
            Item("validity", valid),
            Item("geography", texts([bill.region if bill else declared.geography if declared else None])),
            Item("technology", texts([technology])),
            Item("rule", texts([study.rule or (declared.rule if declared else None)])),
            Item("standards", texts(standards)),
        ),
    )


def _boundary(counted: set[str], declared: ProductFootprint | None) -> str:
    """From the stages that are in the sum; a declaration to the grave says so itself."""
    if declared is not None and declared.boundary == "cradle_to_grave":
        return "cradle-to-grave"
    if not counted & {*BILLED, "declared"}:
        return "delivery-alone"
    if {"use", "end_of_life"} <= counted:
        return "cradle-to-grave"
    return "gate-and-delivery" if counted & {"transport", "hub"} else "cradle-to-gate"


def _span(code: str, start: date | None, end: date | None) -> tuple[Said, ...]:
    if start is None or end is None:
        return ()
    return (Said(code, f"{start.isoformat()} – {end.isoformat()}"),)


def _results(found: ProductTotal, bill: BillOfMaterials | None, declared: ProductFootprint | None) -> Section:
    stages = tuple(
        Said(stage.stage, value=stage.wtw / found.units, unit=_KG) for stage in found.stages if stage.counted
    )
    split, unit = found.split, bill or declared  # where sources keep kinds in one sum, no kind is said to be nothing
    kinds = tuple(
        Said(f"kind-{name}", value=getattr(split, name) / found.units, unit=_KG)
        for name in KINDS
        if getattr(split, name) or (split.stated and name != "unsplit")
    )
    carbon = unit.biogenic_carbon_content_kg if unit else None
    market = found.market
    return Section(
        "results",
        (
            Item("per-unit", (Said(value=found.per_unit, unit=_KG),)),
            Item("total", (Said(value=found.wtw, unit=_KG),)),
            Item("gate", (Said(value=found.gate / found.units, unit=_KG),) if found.gate else ()),
            Item("per-stage", stages),
            Item("kinds", kinds),
            Item("carbon-content", () if carbon is None else (Said(value=Fraction(carbon), unit="kg C"),)),
            Item("market", () if market is None else (Said(value=market / found.units, unit=_KG),)),
        ),
    )


def _method(found: ProductTotal, bill: BillOfMaterials | None, study: Study, rows: list[Emission]) -> Section:
    shared = bill.allocation if bill else None
    allocation = (
        ()
        if shared is None
        else (
            Said(f"by-{shared.rule}", value=Fraction(shared.share) * 100, unit="%"),
            *(Said(text=other.name, value=Fraction(other.share) * 100, unit="%") for other in shared.co_products),
        )
    )
    cuts = tuple(
        Said(f"cut-{cut.basis}", " · ".join(filter(None, (cut.flow, cut.reason))), Fraction(cut.share_pct), "%")
        for cut in (bill.cut_offs if bill else ())
    )
    grids = dict.fromkeys(
        used.region for used in (bill.energy if bill else ()) if used.carrier == ELECTRICITY and used.region
    )
    return Section(
        "method",
        (
            *calculation(rows, found.factors, found.quality),
            Item("allocation", allocation),
            Item("cut-offs", cuts),
            Item("electricity", (*texts([study.electricity]), *(Said("grid", grid) for grid in grids))),
        ),
    )


def _reading(
    found: ProductTotal, bill: BillOfMaterials | None, declared: ProductFootprint | None, study: Study
) -> Section:
    unit = bill or declared
    spread = study.uncertainty_pct
    verified = (Said("verified-by", unit.verified_by),) if unit and unit.verified_by else (Said(code="recorded"),)
    return Section(
        "reading",
        (
            Item("sensitivity", texts([study.sensitivity])),
            Item("uncertainty", () if spread is None else (Said("half-width", value=Fraction(spread), unit="%"),)),
            Item("limitations", texts([study.limitations])),
            missing(found.gaps),
            Item("review", verified),
            Item("comparison", (Said(code="same-rule"),)),
        ),
    )

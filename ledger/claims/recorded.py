"""From claim and plan records to what the desk computes with."""

from __future__ import annotations

from fractions import Fraction

from ledger.claims.check import Bound, Finding
from ledger.claims.errors import PlanContradicts, UnitsDisagree
from ledger.claims.figure import figure
from ledger.claims.formula import Amount
from ledger.claims.overlap import Counted
from ledger.claims.saving import Lane, Saving, Vehicle, saving
from ledger.claims.statement import Statement
from ledger.claims.unit import unit_text
from ledger.footprint.factor import FactorSet
from ledger.records.claim import Claim, PlanLane, TransportPlan

KG = (("kg", 1),)


def statement_of(record: Claim) -> Statement:
    """The statement a record makes. Raises ``FigureUnreadable``, ``FigureUnitUnknown``."""
    return Statement(
        id=record.id,
        words=record.words,
        source=record.source,
        rule=record.rule,
        figures=tuple(figure(f.name, f.amount, f.unit, exact=f.exact) for f in record.figures),
        formula=record.formula or "",
        result=record.result or "",
        factor=record.factor or "",
        region=record.region or "",
    )


def counted(record: Claim, statement: Statement) -> Counted:
    """What a claim counts; its figure is the result, or the only one it states."""
    figures = statement.by_name
    shown = figures.get(statement.result or statement.way.result)
    if shown is None and len(figures) == 1:
        shown = statement.figures[0]
    return Counted(
        id=record.id,
        things=frozenset(record.counts),
        start=record.period_start,
        end=record.period_end,
        value=None if shown is None else shown.value,
        dimension=() if shown is None else shown.dimension,
    )


def lanes_of(plan: TransportPlan, factors: FactorSet) -> tuple[Lane, ...]:
    """The lanes of a plan with the factors of one set. Raises ``NoEmissionFactor``, ``PlanContradicts``."""
    return tuple(_lane(lane, factors) for lane in plan.lanes)


def check_saving(
    statement: Statement, baseline: TransportPlan, executed: TransportPlan, factors: FactorSet
) -> tuple[Finding, Saving]:
    """
    The verdict on a saving: baseline less executed plan, against what is stated.

    More than the baseline emits cannot be saved. Raises ``PlanContradicts`` for plans of other periods, lanes or goods.
    """
    if (baseline.period_start, baseline.period_end) != (executed.period_start, executed.period_end):
        raise PlanContradicts(problem="they cover other periods", problem_zh="两个方案的时期不同")
    found = saving(lanes_of(baseline, factors), lanes_of(executed, factors))
    computed = Amount(found.total, found.total, found.total, KG)
    stated = statement.by_name.get(statement.result or statement.way.result)
    if stated is not None and stated.dimension != KG:
        raise UnitsDisagree(left="kg", right=unit_text(stated.dimension) or "1")
    bound = Bound(found.baseline, "kg", f"the baseline's own emissions ({baseline.id}) / 基准方案自身的排放")
    impossible = stated is not None and stated.low > found.baseline
    finding = Finding(
        statement=statement,
        verdict="derived"
        if stated is None
        else "impossible"
        if impossible
        else "reproduced"
        if stated.rounds_from(found.total)
        else "not_reproducible",
        factor_set=factors.id,
        computed=computed,
        stated=stated,
        bound=bound,
    )
    return finding, found


def _lane(lane: PlanLane, factors: FactorSet) -> Lane:
    vehicle, packing = lane.vehicle, lane.packaging_factor
    intensity = factors.factor(vehicle.factor)
    made = factors.factor(packing) if packing else None
    if intensity.per != "t km" or (made is not None and made.per != "kg"):
        raise PlanContradicts(
            problem=f"lane {lane.name}: a factor is per another unit than t km, or kg of packaging",
            problem_zh=f"线路 {lane.name}：因子的单位不是吨公里，或不是千克包装",
        )
    return Lane(
        name=lane.name,
        goods_kg=Fraction(lane.goods_kg),
        packaging_kg=Fraction(lane.packaging_kg),
        packed_m3=Fraction(lane.packed_m3),
        distance_km=Fraction(lane.distance_km),
        fill=Fraction(lane.fill),
        vehicle=Vehicle(
            name=vehicle.name,
            payload_kg=Fraction(vehicle.payload_kg),
            hold_m3=Fraction(vehicle.hold_m3),
            kg_per_km=Fraction(intensity.wtw) * Fraction(vehicle.factor_load_kg) / 1000,
            factor=vehicle.factor,
        ),
        packaging_factor=Fraction(made.wtw) if made is not None else Fraction(0),
        packaging_factor_id=packing or "",
    )

"""
What someone claims: figures as printed, and how one should follow from the others; and the plans a saving compares.

A recorded claim says that this was claimed. Its verdict is not part of it: it is recomputed from the record, whenever
it is asked for, with the factor set it names.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.driven_saving import DrivenBasis
from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

MOST_FIGURES = 40
MOST_LANES = 200
FigureName = Annotated[str, Meta(pattern=r"^[^\W\d]\w{0,39}$")]
Printed = Annotated[str, Meta(min_length=1, max_length=60)]
UnitText = Annotated[str, Meta(max_length=60)]
Words = Annotated[str, Meta(min_length=1, max_length=2000)]


class StatedFigure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One figure as printed: ``amount`` (5.7亿) in ``unit`` (度); ``exact`` when it is a definition or a count."""

    amount: Printed
    exact: bool = False
    name: FigureName
    unit: UnitText = ""


class Claim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A claim in its own ``words``, from its ``source``, with its figures and the ``rule`` that links them.

    ``baseline`` and ``executed`` are record ids of plans (rules ``saving`` and ``driven``; plans of routes for the
    latter, which rests on what ``driven`` names). ``counts`` names what is counted (meters, certificates, entries), so
    that the same is not counted twice. ``factor`` is the factor the claim itself names,
    ``factor_set`` the set its verdict is computed with. ``result`` names the figure that should follow.
    """

    baseline: Name | None = None
    counts: Annotated[tuple[Name, ...], Meta(max_length=200)] = ()
    driven: DrivenBasis | None = None
    executed: Name | None = None
    factor: Name | None = None
    factor_set: Name | None = None
    figures: Annotated[tuple[StatedFigure, ...], Meta(max_length=MOST_FIGURES)] = ()
    formula: Annotated[str, Meta(min_length=1, max_length=300)] | None = None
    id: Name
    kind: Literal["claim"]
    occurred_at: Moment
    period_end: date | None = None
    period_start: date | None = None
    region: Name | None = None
    result: FigureName | None = None
    rule: Literal["arithmetic", "driven", "electricity", "evidence", "paper", "saving", "share", "transport"]
    source: Name
    version: Literal[1]
    words: Words


class PlanVehicle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A vehicle of a plan. Its emissions per km are the ``factor`` [kg CO2e/(t km)] times ``factor_load_kg``, the payload
    at which that factor holds.
    """

    factor: Name
    factor_load_kg: DecimalText
    hold_m3: DecimalText
    name: Name
    payload_kg: DecimalText


class PlanLane(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Goods on one way: masses [kg], packed volume [m3], distance [km], used share of the vehicle from 0 to 1."""

    distance_km: DecimalText
    fill: DecimalText
    goods_kg: DecimalText
    name: Name
    packaging_factor: Name | None = None
    """Factor of making the packaging [kg CO2e/kg]; without one its making is outside the boundary."""
    packaging_kg: DecimalText
    packed_m3: DecimalText
    vehicle: PlanVehicle


class TransportPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How goods are, or would be, packed and moved in a period. A baseline is a plan recorded before the change."""

    id: Name
    kind: Literal["transport_plan"]
    lanes: Annotated[tuple[PlanLane, ...], Meta(min_length=1, max_length=MOST_LANES)]
    occurred_at: Moment
    period_end: Moment
    period_start: Moment
    version: Literal[1]


def check_claim(record: Claim) -> None:
    """Figures by their names, a period that has an end, and what a saving has to name. Raises ``FieldContradicts``."""
    names = [figure.name for figure in record.figures]
    if len(set(names)) < len(names):
        raise contradiction("two figures have one name", "两个数字同名", "/figures")
    if record.period_start and record.period_end and record.period_end < record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    for name in ("baseline", "executed"):
        if (getattr(record, name) is not None) != (record.rule in {"driven", "saving"}):
            raise contradiction(
                "a saving names its two plans, other claims name none",
                "节约类主张须写明其两个方案，其他主张不写",
                f"/{name}",
            )
    if (record.driven is not None) != (record.rule == "driven"):
        raise contradiction(
            "the saving of a driven plan says what it rests on, other claims do not",
            "已执行计划的减排须写明其依据，其他主张不写",
            "/driven",
        )


def check_transport_plan(record: TransportPlan) -> None:
    """A period ends after it starts. Raises ``FieldContradicts``."""
    if record.period_end <= record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")

"""
What a company aims at: targets, what was reached in a period, what is expected, and what somebody was asked about it.

How yearly steps add up to a reduction is part of the target, because it decides the figure: 4 % a year is 20 % in five
years on a straight line and 18.46 % when each year is taken from the one before.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.inventory_boundary import Scope
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Year = Annotated[int, Meta(ge=1990, le=2100)]
Month = Annotated[str, Meta(pattern=r"^(199\d|20\d\d)-(0[1-9]|1[0-2])$")]
Metric = Literal["emissions", "energy", "intensity", "saving"]
Words = Annotated[str, Meta(min_length=1, max_length=1000)]
Part = Scope | Literal["all_location", "all_market", "2_market"]
MOST_YEARS = 60
LONGEST_ID = 150
"""Names of tasks are made of it and have to fit into a name."""


class Target(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A target of a unit, its ``owner``, from the end of ``base_year`` to the end of ``target_year``.

    ``emissions``, ``energy`` and ``intensity`` go down from ``base_value`` by ``reduction_pct``, on a straight line or
    by an equal rate a year (``path``). A ``saving`` adds up to ``total`` over the years after the base year, in equal
    parts. ``part`` takes the yearly figures of emissions from the inventory; without one somebody states them.
    ``behind_pct`` is how far off the path [%] is still no warning, ``anomaly_mads`` how many median absolute deviations
    a month may lie from the median of months like it.
    """

    anomaly_mads: DecimalText = "3"
    base_value: DecimalText | None = None
    base_year: Year
    behind_pct: DecimalText = "0"
    boundary: Name
    id: Name
    kind: Literal["target"]
    metric: Metric
    occurred_at: Moment
    owner: Name
    part: Part | None = None
    path: Literal["compound", "linear"]
    reduction_pct: DecimalText | None = None
    target_year: Year
    total: DecimalText | None = None
    unit: Annotated[str, Meta(min_length=1, max_length=60)]
    version: Literal[1]


def check_target(record: Target) -> None:
    """It lasts; it goes down from a value by a share, or adds up to a total; tasks can be named after it."""
    if len(record.id) > LONGEST_ID:
        raise contradiction(
            f"the id of a target has {LONGEST_ID} characters at most", f"目标编号最多 {LONGEST_ID} 个字符", "/id"
        )
    if not 0 < record.target_year - record.base_year <= MOST_YEARS:
        raise contradiction(
            f"a target lies 1 to {MOST_YEARS} years after its base year",
            f"目标年须在基准年之后 1 至 {MOST_YEARS} 年",
            "/target_year",
        )
    if Decimal(record.behind_pct) >= 100:
        raise contradiction("a tolerance is below 100 %", "允许偏差须低于 100 %", "/behind_pct")
    if record.metric == "saving":
        _only(record, ("total",), ("base_value", "reduction_pct", "part"))
        if record.path != "linear":
            raise contradiction("a saving adds up in equal parts", "节约量按等额累加（path 为 linear）", "/path")
        return
    _only(record, ("base_value", "reduction_pct"), ("total",))
    if Decimal(record.reduction_pct or 0) > 100 or (record.reduction_pct == "100" and record.path == "compound"):
        raise contradiction(
            "no equal rate leads to nothing, and nothing falls by more than 100 %",
            "等比路径不能降至零，且降幅不得超过 100 %",
            "/reduction_pct",
        )
    if record.part is not None and (record.metric != "emissions" or record.unit not in TONNES):
        raise contradiction("the inventory gives emissions in kg, t or 万t", "清单的排放单位为 kg、t 或 万t", "/unit")


TONNES = {"kg": 1, "t": 1_000, "万t": 10_000_000}
"""Units of emissions that the inventory can be told in, in kg."""


def _only(record: Target, needed: tuple[str, ...], refused: tuple[str, ...]) -> None:
    for name in needed:
        value = getattr(record, name)
        if value is None or Decimal(value) == 0:
            raise FieldMissing(field=name).at(Place(pointer=f"/{name}"))
    for name in refused:
        if getattr(record, name) is not None:
            raise contradiction(
                f"a target of {record.metric} has no {name}", f"{record.metric} 类目标没有字段 {name}", f"/{name}"
            )


class TargetActual(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What was reached from the ``first`` to the ``last`` month, in the ``unit`` of its ``target``, which it repeats.

    Of several statements on the same months the one entered last counts. ``verified_by`` names who verified it.
    """

    first: Month
    id: Name
    kind: Literal["target_actual"]
    last: Month
    occurred_at: Moment
    source: Name
    target: Name
    unit: Annotated[str, Meta(min_length=1, max_length=60)]
    value: DecimalText
    verified_by: Name | None = None
    version: Literal[1]


def check_actual(record: TargetActual) -> None:
    """The period has a length."""
    if record.last < record.first:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/last")


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What is expected in a ``year`` without further measures, and the reductions [%] of the target's base to hold it to.

    ``forecast`` is in the target's unit; of an intensity it is the amount above the line, ``activity`` below.
    """

    activity: DecimalText | None = None
    forecast: DecimalText
    id: Name
    kind: Literal["scenario"]
    occurred_at: Moment
    reductions_pct: Annotated[tuple[DecimalText, ...], Meta(min_length=1, max_length=10)]
    source: Name
    target: Name
    version: Literal[1]
    year: Year


def check_scenario(record: Scenario) -> None:
    """Reductions are shares, each once."""
    if any(Decimal(one) > 100 for one in record.reductions_pct):
        raise contradiction("nothing falls by more than 100 %", "降幅不得超过 100 %", "/reductions_pct")
    if len(set(record.reductions_pct)) < len(record.reductions_pct):
        raise contradiction("a reduction is named twice", "同一降幅出现两次", "/reductions_pct")


class Task(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A step of a task: ``opened`` for the ``owner`` by a ``warning`` about a target, ``answered`` by words, ``closed``.

    ``task`` names the task; its steps are entries of their own, and none is changed.
    """

    due: date | None = None
    id: Name
    kind: Literal["task"]
    occurred_at: Moment
    owner: Name
    step: Literal["answered", "closed", "opened"]
    target: Name
    task: Name
    version: Literal[1]
    warning: Name
    words: Words

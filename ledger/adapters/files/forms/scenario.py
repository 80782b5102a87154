"""Scenarios: one row is what is expected in a year, and the reductions to hold it to."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names
from ledger.records.target import Scenario


def reductions(text: str) -> tuple[str, ...]:
    """``15; 20``: percentages, one behind the other."""
    return tuple(cell.percent(part) for part in names(text))


COLUMNS = (
    Column("scenario", "情景编号", "scenario id", cell.code, ("情景",), example="2025-基准情景"),
    Column("target", "目标编号", "target id", cell.code, ("目标",), example="能耗强度-2025"),
    Column("year", "年份", "year", cell.count, example="2025"),
    Column("forecast", "预测用量", "forecast", cell.decimal, ("预测值",), example="92000000"),
    Column("activity", "业务量", "activity", cell.decimal, ("分母",), needed=False, example="1300000"),
    Column("reductions", "降幅", "reductions", reductions, ("下降比例",), example="15; 20", bracket_zh="%",
           bracket_en="%"),
    Column("source", "来源", "source", cell.name, ("出处",), example="年度预算"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2024-03-21",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> Scenario:
    """The scenario of a row, under its own id."""
    fields: Values = {n: values[n] for n in ("activity", "forecast", "source", "target", "year") if n in values}
    fields |= {
        "id": values["scenario"],
        "kind": "scenario",
        "occurred_at": values["stated_at"],
        "reductions_pct": values["reductions"],
        "version": 1,
    }
    return msgspec.convert(fields, Scenario)


SCENARIO = Form(
    kind="scenario",
    zh="目标情景",
    en="scenario",
    columns=COLUMNS,
    build=build,
    fields={"id": "scenario", "occurred_at": "stated_at", "reductions_pct": "reductions"},
)

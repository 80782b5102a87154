"""Energy-saving measures: one row is one stage of one measure."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.energy_measure import EnergyMeasure

STAGE = cell.Choice.of(("planned", "计划"), ("executed", "已实施", "实施"), ("verified", "已核查", "核查"))

COLUMNS = (
    Column("measure", "措施", "measure", cell.name, ("节能措施",), example="液冷改造"),
    Column("site", "站点", "site", cell.name, ("场所",), example="福州数据中心"),
    Column("stage", "阶段", "stage", STAGE, example="已实施"),
    Column("saved_kwh", "节电度数", "saved kWh", cell.decimal, ("节电量",), example="680000"),
    Column("saved_cny", "节约金额元", "saved CNY", cell.decimal, ("节约金额",), needed=False, example="460000"),
    Column("period_start", "起始日期", "first day", cell.day, ("开始日期",), example="2023-01-01"),
    Column("period_end", "截止日期", "last day", cell.day, ("结束日期",), example="2023-12-31"),
    Column("pue_before", "改造前PUE", "PUE before", cell.decimal, needed=False, example="1.7"),
    Column("pue_after", "改造后PUE", "PUE after", cell.decimal, needed=False, example="1.36"),
    Column("owner", "责任单位", "unit responsible", cell.name, ("责任部门", "owner"), example="网络部"),
    Column("verified_by", "核查机构", "verified by", cell.name, ("核查方",), needed=False),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2024-01-15",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_MADE = frozenset({"stated_at"})


def build(values: Values) -> EnergyMeasure:
    """The stage of a row; a later statement on it is a record of its own and replaces it."""
    fields: Values = {name: value for name, value in values.items() if name not in _MADE}
    said = f"{values['site']}:{values['measure']}:{values['stage']}"
    fields |= {
        "id": f"measure:{said}:{values['stated_at'].isoformat()}",
        "kind": "energy_measure",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, EnergyMeasure)


ENERGY_MEASURE = Form(
    kind="energy_measure",
    zh="节能措施",
    en="energy-saving measure",
    columns=COLUMNS,
    build=build,
    fields={"id": "measure", "occurred_at": "stated_at"},
)

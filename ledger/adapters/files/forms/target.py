"""Targets of a company's units: one row is one target with the reading of its path."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.target import Target

METRIC = cell.Choice.of(
    ("emissions", "排放量"), ("energy", "能耗"), ("intensity", "强度"), ("saving", "累计节能", "节能量")
)
PATH = cell.Choice.of(("linear", "直线"), ("compound", "复合", "逐年等比"))
PART = cell.Choice.of(
    ("all_location", "全部（基于位置）"), ("all_market", "全部（基于市场）"),
    ("1", "范围一"), ("2", "范围二（基于位置）"),
    ("2_market", "范围二（基于市场）"), ("3.1", "类别1"), ("3.4", "类别4"), ("3.5", "类别5"), ("3.9", "类别9"),
    ("3.12", "类别12"),
)  # fmt: skip

COLUMNS = (
    Column("target", "目标编号", "target id", cell.code, ("目标",), example="能耗强度-2025"),
    Column("metric", "指标", "metric", METRIC, example="强度"),
    Column("boundary", "范围", "boundary", cell.name, ("边界",), example="示例通信江苏公司"),
    Column("unit", "计量单位", "measured in", cell.name, ("指标单位",), example="kgce/万元"),
    Column("base_year", "基准年", "base year", cell.count, example="2020"),
    Column("base_value", "基准值", "base value", cell.decimal, needed=False, example="74.14"),
    Column("target_year", "目标年", "target year", cell.count, example="2025"),
    Column("reduction", "降幅", "reduction", cell.percent, ("下降比例",), needed=False, unit="%", example="20",
           bracket_zh="%", bracket_en="%"),
    Column("total", "累计目标", "total to reach", cell.decimal, ("累计值",), needed=False),
    Column("path", "路径", "path", PATH, example="直线"),
    Column("owner", "责任单位", "unit responsible", cell.name, ("责任部门", "owner"), example="能源管理办公室"),
    Column("part", "取自清单", "from the inventory", PART, ("清单范围",), needed=False),
    Column("behind", "落后容差", "tolerance", cell.percent, ("预警阈值",), needed=False, unit="%", example="0",
           bracket_zh="%", bracket_en="%"),
    Column("anomaly", "异常倍数", "anomaly multiple", cell.decimal, ("MAD倍数",), needed=False, example="3"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2021-03-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_SAME = ("base_value", "base_year", "boundary", "metric", "owner", "part", "path", "target_year", "total", "unit")
_OTHER = {"anomaly_mads": "anomaly", "behind_pct": "behind", "reduction_pct": "reduction"}


def build(values: Values) -> Target:
    """The target of a row, under its own id."""
    fields: Values = {name: values[name] for name in _SAME if name in values}
    fields |= {name: values[key] for name, key in _OTHER.items() if key in values}
    fields |= {"id": values["target"], "kind": "target", "occurred_at": values["stated_at"], "version": 1}
    return msgspec.convert(fields, Target)


TARGET = Form(
    kind="target",
    zh="目标",
    en="target",
    columns=COLUMNS,
    build=build,
    fields={"id": "target", "occurred_at": "stated_at", **_OTHER},
)

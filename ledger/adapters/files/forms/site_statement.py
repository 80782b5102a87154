"""Figures of a warehouse's year that no other record holds: one row is a part of a whole, with what shows it."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names
from ledger.records.warehouse_site import SiteStatement, site_record_id

MEASURE = cell.Choice.of(
    ("electric_handling", "电动搬运设备", "electric handling"),
    ("fill", "仓容利用", "space in use"),
    ("idle_stock", "闲置库存", "idle stock"),
    ("packaging_return", "循环包装返还", "packaging return"),
    ("reuse", "拆旧利用"),
)
COLUMNS = (
    Column("site", "仓库", "warehouse", cell.name, ("站点", "site"), example="溧水"),
    Column("year", "年份", "year", cell.count, ("年度",), example="2025"),
    Column("measure", "指标", "indicator", MEASURE, (), example="电动搬运设备"),
    Column("part", "分子", "part", cell.decimal, ("部分",), example="18"),
    Column("whole", "分母", "whole", cell.decimal, ("总量",), example="20"),
    Column("words", "说明", "in words", cell.name, ("备注",), example="在用叉车 20 台，其中电动 18 台"),
    Column("evidence", "证据 SHA-256", "evidence sha256", names, ("证据",), needed=False),
    Column("stated_at", "登记时间", "stated at", cell.moment, ("声明时间",), unit="time", example="2026-01-10",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> SiteStatement:
    """The statement of a row; another one is another record, and the one entered last counts."""
    fields = {key: value for key, value in values.items() if key != "stated_at"}
    made = site_record_id("site-statement", *(values.get(column.key) for column in COLUMNS))
    fields |= {"id": made, "kind": "site_statement", "occurred_at": values["stated_at"], "version": 1}
    return msgspec.convert(fields, SiteStatement)


SITE_STATEMENT = Form(
    kind="site_statement",
    zh="仓库年度填报",
    en="yearly warehouse statements",
    columns=COLUMNS,
    build=build,
    fields={"id": "measure", "occurred_at": "stated_at"},
)

"""Warehouses: one row is what a site is from a day on."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.warehouse_site import WarehouseSite, site_record_id

KIND = cell.Choice.of(
    ("distribution", "配送中心"),
    ("storage", "储存仓", "仓储"),
    ("cross_dock", "转运中心", "cross dock"),
    ("cold_store", "冷库", "cold store"),
    ("yard", "堆场"),
)
COLUMNS = (
    Column("site", "仓库", "warehouse", cell.name, ("站点", "site"), example="溧水"),
    Column("name", "名称", "name", cell.name, ("仓库全称",), example="溧水大区物流中心"),
    Column("region", "省份", "region", cell.name, ("电网区域",), example="江苏"),
    Column("site_kind", "仓库类型", "kind of warehouse", KIND, ("类型",), example="配送中心"),
    Column("floor_area_m2", "建筑面积平方米", "floor area m2", cell.decimal, ("建筑面积", "面积"), example="24000"),
    Column("valid_from", "自何日起", "valid from", cell.day, ("生效日期",), example="2025-01-01"),
    Column("location", "位置编码", "location", cell.name, ("GLN", "bizLocation"), needed=False,
           example="https://id.gs1.org/414/9521140000015"),
    Column("stated_at", "登记时间", "stated at", cell.moment, ("声明时间",), unit="time", example="2025-01-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> WarehouseSite:
    """The facts of a row; another statement is another record, and of one day the one entered last counts."""
    fields = {key: value for key, value in values.items() if key != "stated_at"}
    told = (values[column.key] for column in COLUMNS if column.key != "location" or values.get("location"))
    made = site_record_id("warehouse-site", *told)
    fields |= {"id": made, "kind": "warehouse_site", "occurred_at": values["stated_at"], "version": 1}
    return msgspec.convert(fields, WarehouseSite)


WAREHOUSE_SITE = Form(
    kind="warehouse_site",
    zh="仓库信息",
    en="warehouses",
    columns=COLUMNS,
    build=build,
    fields={"id": "site", "occurred_at": "stated_at"},
)

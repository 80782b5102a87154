"""The boundary of a company's inventories: one row says what is its own and who pays for transport."""

from __future__ import annotations

from typing import Final

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.names import names, pairs
from ledger.records.inventory_boundary import InventoryBoundary

APPROACH = cell.Choice.of(
    ("operational_control", "运营控制"), ("financial_control", "财务控制"), ("equity_share", "股权比例")
)
PURCHASED = cell.Choice.of(("moved", "全部移动的产品"), ("nothing", "没有采购"))
SERIES = cell.Choice.of(("corporate_statistical", "统计口径"), ("corporate_ets", "碳市场口径"))

COLUMNS = (
    Column("company", "组织", "company", cell.name, ("公司", "企业"), example="示例通信江苏公司"),
    Column("approach", "边界方法", "approach", APPROACH, ("合并方法",), example="运营控制"),
    Column("valid_from", "生效日期", "valid from", cell.day, ("起始日期",), example="2023-01-01"),
    Column("sites", "自有站点", "own sites", names, ("自有场所",), needed=False, example="溧水"),
    Column("fleets", "自有车队", "own fleets", names, ("自有承运",), needed=False),
    Column("upstream_carriers", "付费承运商", "carriers paid for", names, ("类别4承运商",), needed=False,
           example="示例物流"),
    Column("downstream_carriers", "他方付费承运商", "carriers not paid for", names, ("类别9承运商",), needed=False),
    Column("upstream_routes", "付费线路", "routes paid for", names, ("类别4线路",), needed=False),
    Column("downstream_routes", "他方付费线路", "routes not paid for", names, ("类别9线路",), needed=False),
    Column("upstream_hubs", "付费仓库", "hubs paid for", names, ("类别4仓库",), needed=False),
    Column("downstream_hubs", "他方付费仓库", "hubs not paid for", names, ("类别9仓库",), needed=False),
    Column("purchased", "采购的货物", "purchased goods", PURCHASED, ("采购",), needed=False, example="全部移动的产品"),
    Column("series", "电力因子系列", "electricity series", SERIES, ("因子系列",), needed=False, example="统计口径"),
    Column("exclusions", "排除项", "exclusions", pairs, ("排除",), needed=False, example="门卫室: 低于 0.1 %"),
    Column("stated_at", "声明时间", "stated at", cell.moment, ("登记时间",), unit="time", example="2023-01-05",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_BY: Final = {"carriers": "carrier", "routes": "route", "hubs": "hub"}
_PLAIN: Final = ("approach", "company", "fleets", "purchased", "series", "sites", "valid_from")


def build(values: Values) -> InventoryBoundary:
    """The boundary of a row; its id is the company and the day it holds from."""
    fields: Values = {name: values[name] for name in _PLAIN if name in values}
    fields["rules"] = [
        {"by": by, "counts": counts, "name": name}
        for counts in ("upstream", "downstream")
        for key, by in _BY.items()
        for name in values.get(f"{counts}_{key}", ())
    ]
    fields["exclusions"] = [{"what": what, "reason": why} for what, why in values.get("exclusions", ())]
    fields |= {
        "id": f"boundary:{values['company']}:{values['valid_from'].isoformat()}",
        "kind": "inventory_boundary",
        "occurred_at": values["stated_at"],
        "version": 1,
    }
    return msgspec.convert(fields, InventoryBoundary)


INVENTORY_BOUNDARY = Form(
    kind="inventory_boundary",
    zh="清单边界",
    en="inventory boundary",
    columns=COLUMNS,
    build=build,
    fields={"id": "company", "occurred_at": "stated_at", "rules": "upstream_carriers"},
)

"""Meters of warehouses: one row is one device put in at a measuring point."""

from __future__ import annotations

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.meter_reading import YES
from ledger.records.errors import contradiction
from ledger.records.site_meter import SiteMeter

FLOW = cell.Choice.of(
    ("import", "购网", "用电", "下网", "bought"),
    ("generation", "发电", "光伏", "generated"),
    ("export", "上网", "exported"),
)
UNIT = cell.Choice.of(("kWh", "千瓦时", "度"), ("MWh", "兆瓦时"))
COLUMNS = (
    Column("site", "仓库", "warehouse", cell.name, ("站点", "site"), example="溧水"),
    Column("meter", "计量点", "measuring point", cell.code, ("meter",), example="LS-总表"),
    Column("flow", "电能方向", "flow", FLOW, ("方向",), example="购网"),
    Column("serial", "表计编号", "serial number", cell.code, ("出厂编号", "表号", "serial"), example="DTZ-2209-001"),
    Column("digits", "整数位数", "digits before the point", cell.count, ("位数", "digits"), example="6"),
    Column("initial", "起始读数", "first reading", cell.decimal, ("安装读数", "initial"), example="0"),
    Column("reads_in", "读数计量", "reads in", UNIT, ("计量",), example="千瓦时"),
    Column("multiplier", "倍率", "multiplier", cell.decimal, ("综合倍率",), example="40"),
    Column("installed_at", "安装时间", "installed at", cell.moment, ("启用时间",), unit="time", example="2025-01-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
    Column("nothing_before", "此前无电量", "nothing flowed before", YES, ("新装",), needed=False, example="是"),
    Column("replaced_serial", "被替换表计", "replaced serial", cell.code, ("原表编号",), needed=False),
    Column("replaced_final", "被替换表计末次读数", "replaced final reading", cell.decimal, ("原表止码",), needed=False),
)  # fmt: skip
_PLAIN = ("digits", "flow", "initial", "meter", "multiplier", "serial", "site")


def build(values: Values) -> SiteMeter:
    """The device of a row; its id is its place and serial number."""
    fields = {name: values[name] for name in _PLAIN} | {
        "id": f"site-meter:{values['site']}:{values['meter']}:{values['serial']}",
        "kind": "site_meter",
        "nothing_before": values.get("nothing_before") == "yes",
        "occurred_at": values["installed_at"],
        "unit": values["reads_in"],
        "version": 1,
    }
    old = {key: values[f"replaced_{key}"] for key in ("final", "serial") if f"replaced_{key}" in values}
    if len(old) == 1:
        raise contradiction(
            "a replaced device has both its number and its last reading", "被替换表计须同时填写编号与末次读数"
        )
    return msgspec.convert(fields | ({"replaces": old} if old else {}), SiteMeter)


SITE_METER = Form(
    kind="site_meter",
    zh="仓库表计",
    en="meters of warehouses",
    columns=COLUMNS,
    build=build,
    fields={
        "final": "replaced_final",
        "id": "serial",
        "occurred_at": "installed_at",
        "replaces": "replaced_serial",
        "unit": "reads_in",
    },
)

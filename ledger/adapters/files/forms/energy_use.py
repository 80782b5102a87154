"""Energy of sites: one row is what one meter, or one delivery note, states for one carrier over one period."""

from __future__ import annotations

from functools import partial

import msgspec

from ledger.adapters.files import cell, lists
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.hub_operation import EnergyUse

SERVES = cell.Choice.of(("all", "全部", "通用"), ("refrigerated", "冷藏", "制冷", "cooling"))
ORIGIN = cell.Choice.of(("bought", "外购", "购入"), ("own", "自发", "自发自用", "own generation"))


COLUMNS = (
    Column("meter", "表号", "meter", cell.code, ("电表编号", "计量点", "meter no"), example="LS-D01"),
    Column("site", "站点", "site", cell.name, ("仓库", "场所", "hub"), example="溧水"),
    Column("carrier", "能源品种", "energy carrier", lists.carrier, ("能源", "carrier"), example="电力"),
    Column("energy", "用电量", "energy", partial(cell.amount, dimension="energy", positive=False),
           ("电量", "用量", "consumption"), needed=False, unit="energy", example="1.2万", bracket_zh="度",
           bracket_en="kWh"),
    Column("amount", "燃料量", "fuel amount", cell.decimal, ("数量", "热量", "amount"), needed=False),
    Column("fuel_unit", "燃料单位", "fuel unit", lists.ENERGY_UNIT, ("热量单位",), needed=False),
    Column("period_start", "开始时间", "period start", cell.moment, ("起始时间", "起"), unit="time",
           example="2023-05-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("period_end", "结束时间", "period end", cell.moment, ("截止时间", "止", "结束时间不含"), unit="time",
           example="2023-06-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("region", "电网区域", "grid region", cell.name, ("省份", "region"), needed=False, example="江苏"),
    Column("serves", "用途", "serves", SERVES, ("服务对象",), needed=False),
    Column("origin", "电力来源", "origin", ORIGIN, ("来源",), needed=False),
)  # fmt: skip
_PLAIN = ("amount", "carrier", "meter", "origin", "period_end", "period_start", "region", "serves", "site")


def build(values: Values) -> EnergyUse:
    """The reading of a row; its id is site, meter and the period's start."""
    fields = {name: values[name] for name in _PLAIN if name in values}
    fields |= {"energy_wh": values["energy"]} if "energy" in values else {}
    fields |= {"unit": values["fuel_unit"]} if "fuel_unit" in values else {}
    fields |= {
        "id": f"meter:{values['site']}:{values['meter']}:{values['period_start'].isoformat()}",
        "kind": "energy_use",
        "occurred_at": values["period_end"],
        "version": 1,
    }
    return msgspec.convert(fields, EnergyUse)


ENERGY_USE = Form(
    kind="energy_use",
    zh="能源计量",
    en="meter readings",
    columns=COLUMNS,
    build=build,
    fields={"energy_wh": "energy", "id": "meter", "occurred_at": "period_end", "unit": "fuel_unit"},
)

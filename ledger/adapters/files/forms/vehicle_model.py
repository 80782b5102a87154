"""How vehicles consume that nobody measured: one row is one vehicle, or kind of vehicle, with its validity."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import msgspec

from ledger.adapters.files import cell, lists
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.transport_leg import MODE
from ledger.records.transport_operation import VehicleModel

COLUMNS = (
    Column("model", "模型编号", "model", cell.code, ("车辆模型编号", "model no"), example="M-9.6"),
    Column("operator", "运营方", "operator", cell.name, ("承运商", "carrier"), example="示例物流"),
    Column("fleet", "自有车辆", "own vehicle", cell.name, ("车辆", "车队", "vehicle", "fleet"),
           example="示例物流 9.6 米"),
    Column("mode", "运输方式", "mode", MODE, ("transport mode", "运输模式"), example="公路"),
    Column("default_class", "替代车型", "default class", cell.name, ("默认车型",), needed=False,
           example="road.hgv.rigid-17t.diesel.avg"),
    Column("energy_carrier", "能源品种", "energy carrier", lists.carrier, ("能源", "燃料", "fuel"), example="diesel"),
    Column("energy_unit", "能源单位", "energy unit", lists.ENERGY_UNIT, ("燃料单位", "fuel unit"), example="升"),
    Column("region", "电网区域", "grid region", cell.name, ("省份", "region"), needed=False),
    Column("empty_per_km", "空载每公里能耗", "use per km empty", cell.decimal, ("空载能耗",), example="0.2"),
    Column("full_per_km", "满载每公里能耗", "use per km full", cell.decimal, ("满载能耗",), example="0.35"),
    Column("capacity", "核定载质量", "capacity", partial(cell.amount, dimension="mass"), ("载重", "payload"),
           unit="mass", example="12", bracket_zh="吨", bracket_en="t"),
    Column("load_factor", "装载率", "load factor", cell.percent, unit="%", example="60", bracket_zh="%",
           bracket_en="%"),
    Column("empty_running", "空驶率", "empty running", cell.percent, unit="%", example="17", bracket_zh="%",
           bracket_en="%"),
    Column("evidence", "测量依据", "evidence", cell.name, ("依据",), needed=False),
    Column("valid_from", "有效期起", "valid from", cell.day, ("生效日期",), example="2025-01-01"),
    Column("valid_to", "有效期止", "valid to", cell.day, ("失效日期",), example="2025-12-31"),
    Column("stated_at", "填报时间", "stated at", cell.moment, ("填报日期",), unit="time", example="2025-01-01",
           bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip
_PLAIN: Final = (
    *("default_class", "empty_per_km", "evidence", "full_per_km", "mode", "operator", "region"),
    *("valid_from", "valid_to"),
)
_FIELDS: Final = {
    "capacity_g": "capacity",
    "carrier": "energy_carrier",
    "empty_running_pct": "empty_running",
    "load_factor_pct": "load_factor",
    "occurred_at": "stated_at",
    "unit": "energy_unit",
    "vehicle": "fleet",
}


def build(values: Values) -> VehicleModel:
    """The model of a row; its id is operator, vehicle and the model's number."""
    fields: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    fields |= {field: values[key] for field, key in _FIELDS.items()}
    fields |= {
        "id": f"model:{values['operator']}:{values['fleet']}:{values['model']}",
        "kind": "vehicle_model",
        "version": 1,
    }
    return msgspec.convert(fields, VehicleModel)


VEHICLE_MODEL = Form(
    kind="vehicle_model",
    zh="车辆能耗模型",
    en="vehicle models",
    columns=COLUMNS,
    build=build,
    fields={**_FIELDS, "id": "model"},
)

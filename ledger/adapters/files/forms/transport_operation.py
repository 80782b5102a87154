"""
What a carrier's operations used and did: one row is one vehicle, or group of vehicles, in one period.

Activity stands in one of five ways: t km; stops of rounds; a ferry's crossing (sea) or flights with passengers (air)
over one distance; or temperature zones.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import msgspec

from ledger.adapters.files import cell, lists
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.adapters.files.forms.transport_leg import MODE
from ledger.records.transport_operation import TransportOperation

BASIS = cell.Choice.of(
    ("sfd", "最短可行", "最短可行距离", "shortest feasible"),
    ("gcd", "大圆", "大圆距离", "great circle"),
    ("actual", "实际行驶", "实际", "driven"),
)
TRIPS = cell.Choice.of(
    ("complete", "含返程与空驶", "完整", "full"),
    ("one_way_charter", "单程包租", "one-way charter"),
    ("partial", "不含返程", "部分"),
    ("pipeline", "管道"),
)
_mass = partial(cell.amount, dimension="mass")
_distance = partial(cell.amount, dimension="distance")
_driven = partial(cell.amount, dimension="distance", positive=False)

COLUMNS = (
    Column("statement", "数据编号", "statement", cell.code, ("作业数据编号", "statement no"), example="2025-Q1"),
    Column("operator", "运营方", "operator", cell.name, ("承运商", "carrier"), example="示例物流"),
    Column("fleet", "自有车辆", "own vehicle", cell.name, ("车辆", "车队", "vehicle", "fleet"),
           example="示例物流 9.6 米"),
    Column("mode", "运输方式", "mode", MODE, ("transport mode", "运输模式"), example="公路"),
    Column("default_class", "替代车型", "default class", cell.name, ("默认车型",), needed=False,
           example="road.hgv.rigid-17t.diesel.avg"),
    Column("period_start", "开始时间", "period start", cell.moment, ("起始时间", "起"), unit="time",
           example="2025-01-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("period_end", "结束时间", "period end", cell.moment, ("截止时间", "止", "结束时间不含"), unit="time",
           example="2025-04-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("round_trips", "行程范围", "round trips", TRIPS, ("返程与空驶",), example="含返程与空驶"),
    Column("distance_basis", "里程口径", "distance basis", BASIS, ("里程类型", "distance type"), example="最短可行"),
    Column("activity", "周转量", "activity", cell.tonne_km, ("运输周转量", "transport activity"), needed=False,
           unit="t km", example="225000", bracket_zh="吨公里", bracket_en="t km"),
    Column("energy_used", "能耗", "energy used", lists.energy, ("燃料与电力", "fuel and power"),
           example="柴油 12000.5 l; 电力 300 kWh @ 江苏"),
    Column("cooling", "制冷能耗", "cooling energy", lists.energy, ("冷机能耗",), needed=False),
    Column("refrigerants", "制冷剂加注", "refrigerants refilled", lists.losses, ("制冷剂",), needed=False,
           example="R-134a 0.5 kg"),
    Column("driven", "行驶里程", "driven distance", _driven, ("实际行驶里程", "总里程"), needed=False, unit="distance",
           example="40000", bracket_zh="公里", bracket_en="km"),
    Column("empty", "空驶里程", "empty distance", _driven, needed=False, unit="distance", example="6000",
           bracket_zh="公里", bracket_en="km"),
    Column("stops", "集配站点", "stops", lists.stops, ("配送站点", "round stops"), needed=False),
    Column("crossing", "航程", "crossing distance", _distance, ("航段里程", "flight distance"), needed=False,
           unit="distance", bracket_zh="公里", bracket_en="km"),
    Column("freight_mass", "货物质量", "freight mass", _mass, ("载货质量",), needed=False, unit="mass",
           bracket_zh="吨", bracket_en="t"),
    Column("passengers", "旅客数", "passengers", cell.number, needed=False),
    Column("passenger_mass", "旅客平均质量", "passenger mass", _mass, needed=False, unit="mass", bracket_zh="千克",
           bracket_en="kg"),
    Column("cars", "小客车数", "cars", cell.number, needed=False),
    Column("buses", "大客车数", "buses", cell.number, needed=False),
    Column("rigid_lorries", "单体货车数", "rigid lorries", cell.number, needed=False),
    Column("articulated_lorries", "铰接货车数", "articulated lorries", cell.number, needed=False),
    Column("trailers", "挂车数", "trailers", cell.number, needed=False),
    Column("zones", "温区", "temperature zones", lists.zones, needed=False),
)  # fmt: skip
_CARRIED: Final = ("articulated_lorries", "buses", "cars", "passengers", "rigid_lorries", "trailers")
_PLAIN: Final = (
    *("cooling", "default_class", "distance_basis", "mode", "operator", "period_end", "period_start"),
    *("refrigerants", "round_trips", "stops", "zones"),
)
_CROSSED: Final = {"crossing": "distance_m", "freight_mass": "freight_mass_g", "passenger_mass": "passenger_mass_g"}


def build(values: Values) -> TransportOperation:
    """The statement of a row; its id is operator, vehicle and the statement's number."""
    fields: dict[str, Any] = {name: values[name] for name in _PLAIN if name in values}
    named = {"activity": "activity_tkm", "driven": "driven_m", "empty": "empty_m", "energy_used": "energy"}
    fields |= {field: values[key] for key, field in named.items() if key in values}
    crossed: dict[str, Any] = {name: values[name] for name in _CARRIED if name in values}
    crossed |= {field: values[key] for key, field in _CROSSED.items() if key in values}
    if crossed:
        fields["flights" if values["mode"] == "air" else "sailings"] = [crossed]
    fields |= {
        "id": f"operation:{values['operator']}:{values['fleet']}:{values['statement']}",
        "kind": "transport_operation",
        "occurred_at": values["period_end"],
        "vehicle": values["fleet"],
        "version": 1,
    }
    return msgspec.convert(fields, TransportOperation)


TRANSPORT_OPERATION = Form(
    kind="transport_operation",
    zh="运输作业数据",
    en="transport operations",
    columns=COLUMNS,
    build=build,
    fields={
        "activity_tkm": "activity",
        "driven_m": "driven",
        "empty_m": "empty",
        "energy": "energy_used",
        "flights": "crossing",
        "id": "statement",
        "occurred_at": "period_end",
        "sailings": "crossing",
        "vehicle": "fleet",
    },
)

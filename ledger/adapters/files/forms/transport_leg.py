"""A carrier's waybills: one row is one consignment on one vehicle between two places."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.transport_leg import TransportLeg

MODE = cell.Choice.of(
    ("road", "公路", "汽运", "道路", "truck"),
    ("rail", "铁路", "火车", "train"),
    ("sea", "海运", "海路"),
    ("air", "航空", "空运"),
    ("inland_waterway", "内河", "内河水运", "水运", "barge"),
)
BASIS = cell.Choice.of(
    ("sfd", "最短可行", "最短可行距离", "shortest feasible"),
    ("gcd", "大圆", "大圆距离", "great circle"),
)
_mass = partial(cell.amount, dimension="mass")
_distance = partial(cell.amount, dimension="distance")

COLUMNS = (
    Column("waybill", "运单号", "waybill", cell.code, ("运单编号", "waybill no", "waybill number", "consignment"),
           example="YD20230503-0001"),
    Column("line", "行号", "line", cell.code, ("明细行", "line no", "leg"), needed=False, example="1"),
    Column("carrier", "承运商", "carrier", cell.name, ("承运人", "物流公司"), example="示例物流"),
    Column("origin", "起点", "origin", cell.name, ("发货地", "始发地", "装货地", "from"), example="武汉"),
    Column("destination", "终点", "destination", cell.name, ("收货地", "目的地", "卸货地", "to"), example="溧水"),
    Column("product", "产品", "product", cell.product, ("产品编码", "物料编码", "gtin", "商品条码"),
           example="9521141000014"),
    Column("quantity", "件数", "quantity", cell.count, ("数量", "pieces"), example="40"),
    Column("gross_mass", "毛重", "gross mass", _mass, ("含包装毛重", "gross weight", "mass", "重量"), unit="mass",
           example="12.5", bracket_zh="吨", bracket_en="t"),
    Column("distance", "里程", "distance", _distance, ("运输里程", "标准里程", "距离"), unit="distance",
           example="560", bracket_zh="公里", bracket_en="km"),
    Column("distance_basis", "里程口径", "distance basis", BASIS, ("里程类型", "distance type"), example="最短可行"),
    Column("driven", "实际行驶里程", "driven distance", _distance, ("driven", "行驶里程", "实际里程"), needed=False,
           unit="distance", example="571", bracket_zh="公里", bracket_en="km"),
    Column("mode", "运输方式", "mode", MODE, ("transport mode", "运输模式"), example="公路"),
    Column("vehicle", "车型", "vehicle", cell.name, ("车辆类型", "vehicle class", "toc"),
           example="road.hgv.artic-over-33t.diesel.avg"),
    Column("route", "线路", "route", cell.code, ("线路编号", "运输线路"), example="武汉-溧水"),
    Column("occurred_at", "发运时间", "occurred at", cell.moment, ("发车时间", "装车时间", "departed at", "shipped at"),
           unit="time", example="2023-05-03 08:30", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("arrived_at", "到达时间", "arrived at", cell.moment, ("到货时间", "签收时间"), needed=False, unit="time",
           example="2023-05-03 19:40", bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> TransportLeg:
    """The leg of a row; its id is carrier, waybill and line."""
    waybill, carrier = values["waybill"], values["carrier"]
    fields: dict[str, Any] = {
        "carrier": carrier,
        "consignment": waybill,
        "destination": values["destination"],
        "distance_basis": values["distance_basis"],
        "distance_m": values["distance"],
        "id": f"waybill:{carrier}:{waybill}:{values.get('line', '1')}",
        "kind": "transport_leg",
        "mass_g": values["gross_mass"],
        "mode": values["mode"],
        "occurred_at": values["occurred_at"],
        "origin": values["origin"],
        "product": values["product"],
        "quantity": values["quantity"],
        "route": values["route"],
        "vehicle": values["vehicle"],
        "version": 1,
    }
    if "driven" in values:
        fields["driven_m"] = values["driven"]
    if "arrived_at" in values:
        fields["arrived_at"] = values["arrived_at"]
    return msgspec.convert(fields, TransportLeg)


TRANSPORT_LEG = Form(
    kind="transport_leg",
    zh="承运商运单",
    en="carrier waybills",
    columns=COLUMNS,
    build=build,
    fields={"distance_m": "distance", "driven_m": "driven", "mass_g": "gross_mass", "id": "waybill"},
)

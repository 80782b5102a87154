"""Rounds that vehicles drove: one row is one round, with its orders in the sequence in which they were served."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.vehicle_round import VehicleRound

_distance = partial(cell.amount, dimension="distance")
_BETWEEN: Final = re.compile(r"[;；、]")


def orders(text: str) -> tuple[str, ...]:
    """Names of orders between semicolons, each read as a name is."""
    return tuple(cell.name(part.strip()) for part in _BETWEEN.split(text) if part.strip())


COLUMNS = (
    Column("round", "行程号", "round", cell.code, ("行程编号", "趟次", "round no"), example="XC20260701-01"),
    Column("planned_vehicle", "车辆", "vehicle of the plan", cell.name, ("车辆名称", "计划车辆"),
           example="厢式车 4.2 m 1"),
    Column("depot", "出发仓库", "depot", cell.name, ("仓库",), example="溧水"),
    Column("driven", "行驶里程", "driven distance", _distance, ("全程里程", "里程表里程"), unit="distance",
           example="142.6", bracket_zh="公里", bracket_en="km"),
    Column("measured_by", "计量方式", "measured by", cell.name, ("计量仪器",), example="里程表"),
    Column("orders", "订单", "orders", orders, ("配送订单", "运单"), example="SO-1; SO-2; SO-3"),
    Column("left_at", "出发时间", "left at", cell.moment, ("发车时间",), unit="time", example="2026-07-01 07:30",
           bracket_zh="北京时间", bracket_en="+08:00"),
    Column("returned_at", "返回时间", "returned at", cell.moment, ("回库时间",), unit="time",
           example="2026-07-01 15:10", bracket_zh="北京时间", bracket_en="+08:00"),
)  # fmt: skip


def build(values: Values) -> VehicleRound:
    """The round of a row; its id is its number."""
    fields: Values = {
        "depot": values["depot"],
        "driven_m": values["driven"],
        "id": f"round:{values['round']}",
        "kind": "vehicle_round",
        "measured_by": values["measured_by"],
        "occurred_at": values["left_at"],
        "orders": values["orders"],
        "returned_at": values["returned_at"],
        "vehicle": values["planned_vehicle"],
        "version": 1,
    }
    return msgspec.convert(fields, VehicleRound)


VEHICLE_ROUND = Form(
    kind="vehicle_round",
    zh="车辆行程",
    en="rounds of vehicles",
    columns=COLUMNS,
    build=build,
    fields={"driven_m": "driven", "id": "round", "occurred_at": "left_at", "vehicle": "planned_vehicle"},
)

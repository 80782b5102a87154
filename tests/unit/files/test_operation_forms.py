"""Tables of carriers' operations and vehicle models: every way of stating activity, and faults at their column."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import Any

import pytest

from ledger.adapters.files import lists, open_file
from ledger.adapters.files.errors import ChoiceUnknown, PartUnreadable
from ledger.records.errors import FieldContradicts, FieldMissing
from ledger.records.transport_operation import TransportOperation, VehicleModel
from ledger.services.import_file import Fault
from ledger.units import UnitUnknown

ROW = {
    "数据编号": "Q1",
    "运营方": "苏物流",
    "自有车辆": "苏物流 9.6 米",
    "运输方式": "公路",
    "开始时间 (北京时间)": "2025-01-01",
    "结束时间 (北京时间)": "2025-04-01",
    "行程范围": "含返程与空驶",
    "里程口径": "最短可行",
    "能耗": "柴油 120.5 l；电力 300 度 @ 江苏",
}


def read(row: Mapping[str, str], kind: str = "transport_operation") -> Any:
    """The record of the row, or its faults."""
    out = StringIO()
    csv.writer(out).writerows([list(row), list(row.values())])
    (found,) = open_file(out.getvalue().encode(), name="rows.csv", kind=kind).rows({})
    return found.outcome


def fault(row: Mapping[str, str], kind: str = "transport_operation") -> Fault:
    """The one thing that is wrong with the row."""
    (found,) = read(row, kind)
    assert isinstance(found, Fault)
    return found


def test_a_statement_with_its_energy_and_activity() -> None:
    """Amounts as written, electricity by any name with its grid, 万 t km exact, km as metres."""
    record = read(
        ROW
        | {"周转量（万吨公里）": "22.5", "行驶里程 (km)": "40000", "空驶里程 (km)": "0", "制冷剂加注": "R-134a 0.50 kg"}
    )
    assert isinstance(record, TransportOperation)
    assert (record.id, record.vehicle) == ("operation:苏物流:苏物流 9.6 米:Q1", "苏物流 9.6 米")
    assert [(one.carrier, one.amount, one.unit, one.region) for one in record.energy] == [
        ("柴油", "120.5", "l", None),
        ("electricity", "300", "kWh", "江苏"),
    ]
    assert (record.activity_tkm, record.driven_m, record.empty_m) == ("225000", 40_000_000, 0)
    assert [(one.gas, one.mass_kg) for one in record.refrigerants] == [("R-134a", "0.5")]


def test_rounds_ferries_flights_and_zones() -> None:
    """Each other way of stating activity reads into its own list."""
    stops = read(ROW | {"集配站点": "城东店 500 kg 12 km; 城西店: 1.2 t, 8 km"}).stops
    assert [(one.stop, one.mass_g, one.direct_m) for one in stops] == [
        ("城东店", 500_000, 12_000),
        ("城西店", 1_200_000, 8_000),
    ]
    crossing = {"航程 (km)": "120", "货物质量 (t)": "400", "旅客数": "500", "小客车数": "100", "铰接货车数": "20"}
    (sailing,) = read(ROW | crossing | {"运输方式": "海运"}).sailings
    assert (sailing.distance_m, sailing.articulated_lorries, sailing.passengers) == (120_000, 20, 500)
    flown = {"航程 (km)": "1000", "货物质量 (t)": "3.5", "旅客数": "144", "旅客平均质量 (kg)": "95"}
    (flight,) = read(ROW | flown | {"运输方式": "空运", "里程口径": "大圆"}).flights
    assert (flight.freight_mass_g, flight.passenger_mass_g) == (3_500_000, 95_000)
    cooled = read(ROW | {"温区": "苏物流 干 600 常温; 苏物流 冷 300 吨公里 冷藏", "制冷能耗": "柴油 20 l"})
    assert [(one.vehicle, one.activity_tkm, one.cooled) for one in cooled.zones] == [
        ("苏物流 干", "600", False),
        ("苏物流 冷", "300", True),
    ]
    assert cooled.cooling[0].amount == "20"


@pytest.mark.parametrize(
    ("changes", "column", "error"),
    [
        ({}, "周转量（吨公里）", FieldMissing),
        ({"能耗": "柴油120.5"}, "能耗", PartUnreadable),
        ({"能耗": "柴油 120.5 桶"}, "能耗", ChoiceUnknown),
        ({"能耗": "电力 300 kWh"}, "能耗", FieldMissing),
        ({"集配站点": "城东店 500 kg"}, "集配站点", PartUnreadable),
        ({"集配站点": "城东店 500 kg 12 km", "周转量（吨公里）": "5"}, "集配站点", FieldContradicts),
        ({"集配站点": "城东店 500 kg 12 km", "里程口径": "实际"}, "里程口径", FieldContradicts),
        ({"温区": "甲 1 微热"}, "温区", ChoiceUnknown),
    ],
)
def test_a_fault_stands_at_its_column(changes: dict[str, str], column: str, error: type[Exception]) -> None:
    """What the cell, or the record, lacks or contradicts; each at the heading that the file has."""
    found = fault({"周转量（吨公里）": "", "集配站点": ""} | ROW | changes)
    assert (found.column, type(found.error)) == (column, error)


def test_an_activity_in_another_unit_is_refused() -> None:
    """Tonne miles are not t km."""
    found = fault(ROW | {"周转量（吨英里）": "5"})
    assert (found.column, type(found.error)) == ("周转量（吨英里）", UnitUnknown)


MODEL = {
    "model": "M1", "operator": "苏物流", "own vehicle": "van", "mode": "road", "energy carrier": "diesel",
    "energy unit": "l", "use per km empty": "0.2", "use per km full": "0.35", "capacity (t)": "12", "load factor": "60",
    "empty running": "17%", "valid from": "2025-01-01", "valid to": "2025-12-31", "stated at (+08:00)": "2025-01-01",
}  # fmt: skip


def test_a_vehicle_model() -> None:
    """In English headings; another use than the default asks for its measurement."""
    record = read(MODEL, "vehicle_model")
    assert isinstance(record, VehicleModel)
    assert (record.capacity_g, record.load_factor_pct, record.vehicle) == (12_000_000, "60", "van")
    found = fault({"evidence": ""} | MODEL | {"load factor": "75"}, "vehicle_model")
    assert (found.column, type(found.error)) == ("evidence", FieldMissing)


def test_several_refrigerants_in_one_cell() -> None:
    """In kilograms, in either language."""
    assert lists.losses("R-134a 0.5 kg; R-404A 1 千克")[1] == {"gas": "R-404A", "mass_kg": "1"}

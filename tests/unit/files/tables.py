"""Small waybill tables in every shape, and a look at what a source reads from them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from ledger.adapters.files import open_file
from ledger.records.record import Record
from ledger.services.import_file import Fault, ReadRow

GTIN = "9506000134352"
"""The GTIN of GS1's own examples."""
VEHICLE = "road.hgv.artic-over-33t.diesel.avg"
VEHICLES = {VEHICLE: VEHICLE, "铰接列车": VEHICLE}
HEADINGS = (
    "运单号", "行号", "承运商", "起点", "终点", "产品", "件数", "毛重（吨）", "里程（公里）", "里程口径",
    "实际行驶里程（公里）", "运输方式", "车型", "线路", "发运时间（北京时间）",
)  # fmt: skip
ENGLISH = (
    "Waybill", "Line", "Carrier", "Origin", "Destination", "Product", "Quantity", "Gross mass (t)", "Distance (km)",
    "Distance basis", "Driven distance (km)", "Mode", "Vehicle", "Route", "Occurred at (+08:00)",
)  # fmt: skip
KEYS = (
    "waybill", "line", "carrier", "origin", "destination", "product", "quantity", "gross_mass", "distance",
    "distance_basis", "driven", "mode", "vehicle", "route", "occurred_at",
)  # fmt: skip
ROW = (
    "YD-1", "1", "示例物流", "武汉", "溧水", GTIN, "40", "12.5", "550", "最短可行", "571.5", "公路", VEHICLE,
    "武汉-溧水", "2023-05-03 08:30",
)  # fmt: skip


def row(**changes: str) -> list[str]:
    """The good row with some cells changed, by key."""
    return [changes.get(key, cell) for key, cell in zip(KEYS, ROW, strict=True)]


def text(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, delimiter: str = ",") -> str:
    """A delimited table."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()


def book(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of these rows."""
    made = Workbook()
    sheet: Any = made.active
    for cells in rows:
        sheet.append(list(cells))
    for cells in merged:
        sheet.merge_cells(cells)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def read(data: bytes | str, vehicles: Mapping[str, str] = VEHICLES, **how: Any) -> list[ReadRow]:
    """Every row of a file."""
    return list(open_file(data.encode() if isinstance(data, str) else data, name="file", **how).rows(vehicles))


def records(rows: Sequence[ReadRow]) -> list[Record]:
    """The records of rows that must all be good."""
    bad = [found.outcome for found in rows if isinstance(found.outcome, tuple)]
    assert not bad, [fault.error.message() for faults in bad for fault in faults]
    return [found.outcome for found in rows if not isinstance(found.outcome, tuple)]


def only(data: bytes | str) -> Any:
    """The one record of a file of one good row."""
    (record,) = records(read(data))
    return record


def faults(data: bytes | str) -> tuple[Fault, ...]:
    """Everything wrong with the one row of a file."""
    (found,) = read(data)
    assert isinstance(found.outcome, tuple), found.outcome
    return found.outcome


def fault_of(**changes: str) -> Fault:
    """The one thing wrong with the good row after these changes."""
    (found,) = faults(text([row(**changes)]))
    return found

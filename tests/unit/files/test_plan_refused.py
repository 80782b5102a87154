"""Rows of a day that were left out come back on their own sheet, as they stood, beside what was stated and why."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from api.plan_example import example_day
from ledger.adapters.files.plan_refused import located, refused_tables
from ledger.adapters.files.plan_workbook import read_day
from ledger.planning.routes.admit import admit
from ledger.planning.routes.problem import Problem


def test_a_cell_a_row_and_an_order_come_back_on_the_sheets_they_stood_on() -> None:
    """A mass that is none, a vehicle that takes nothing, and an order that is too large for every vehicle."""
    book = load_workbook(BytesIO(example_day(0)))
    book["订单"]["C2"] = "heavy"
    book["车辆"]["D2"] = 0
    out = BytesIO()
    book.save(out)
    day = read_day(out.getvalue(), "day.xlsx")
    _, later = admit(Problem(day.depots, day.fleets, day.orders, day.distances()))
    refused = [*day.refused, *(located(one, day, {}, "day.xlsx") for one in later)]
    tables = {table.title: list(table.rows) for table in refused_tables(out.getvalue(), refused, "en")}
    assert set(tables) == {"订单", "车辆"}
    first, too_large = tables["订单"]
    assert (first[0], first[2], first[-6:-2]) == (
        "SO-001",
        "heavy",
        ["2", "质量 kg / mass kg", "heavy", "record.amount"],
    )
    assert (too_large[0], too_large[-6], too_large[-3]) == ("SO-025", "26", "planning.too-large")
    (nothing,) = tables["车辆"]
    assert (nothing[0], nothing[3], nothing[-6], nothing[-4:-2]) == ("厢式车 4.2 m", "0", "2", ["0", "planning.amount"])

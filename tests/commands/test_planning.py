"""``ledger plan``: a workbook as a planner has it, with bad rows among the good."""

from __future__ import annotations

import json
import os
import signal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from ledger.__main__ import main
from ledger.adapters.files.plan_columns import SHEETS
from ledger.adapters.files.workbook import sheets
from ledger.adapters.files.written_table import WrittenTable
from ledger.adapters.files.written_workbook import workbook
from ledger.commands import planning
from ledger.planning.routes.plan import Plan
from ledger.planning.routes.search import Progress, Watch

VEHICLES = [
    ["厢式车 4.2 m", "溧水", "2", "2000", "14", "260", "45", "06:00", "20:00", "", ""],
    ["卡车", "南京", "1", "很重", "35", "480", "32", "", "", "", ""],
]
ORDERS = [
    ["SO-1", "江宁", "300", "1.2", "", "08:00", "10:00", "15", "", "厢式车 4.2 m", "2"],
    ["SO-2", "句容", "450", "2", "送货", "", "", "15", "", "厢式车 4.2 m 1", "3"],
    ["SO-3", "江宁", "20", "0.5", "回收", "", "", "", "", "厢式车 4.2 m 2", "1"],
    ["SO-4", "溧水", "2500", "1", "", "", "", "", "", "", ""],
    ["SO-5", "火星", "1", "1", "", "", "", "", "", "", ""],
    ["SO-6", "江宁", "", "1", "", "", "", "", "", "", ""],
    ["SO-7", "江宁", "1", "1", "", "25 o'clock", "", "", "", "", ""],
]
DISTANCES = [["溧水", "江宁", "45", "50"], ["溧水", "句容", "62", "70"], ["江宁", "句容", "20", "28"]]


def written(path: Path, *, distances: bool = True, english: bool = False) -> Path:
    rows = {"仓库": [["溧水", "溧水"]], "车辆": VEHICLES, "订单": ORDERS, "距离": DISTANCES}
    tables = [
        WrittenTable(
            en if english else zh,
            [column.en if english else column.zh for column in columns.values()],
            [row + [""] * (len(columns) - len(row)) for row in rows[zh]],
        )
        for (zh, en), columns in SHEETS.items()
        if zh in rows and (zh != "距离" or distances)
    ]
    path.write_bytes(workbook(tables))
    return path


def run(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = main(["--home", str(home), "--json", "plan", *words])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_day_out_of_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Good rows are planned, bad ones named with sheet, row and column; the plan and the driver sheets can be read."""
    file, out, pdf = written(tmp_path / "day.xlsx"), tmp_path / "plan.xlsx", tmp_path / "drivers.pdf"
    words = ("routes", str(file), "-o", str(out), "--sheets", str(pdf), "--iterations", "100")
    code, said = run(tmp_path / "home", capsys, *words)
    assert code == 1
    assert sorted(order for route in said["routes"] for order in route["orders"]) == ["SO-1", "SO-2", "SO-3"]
    assert [(left["name"], left["code"]) for left in said["left_out"]] == [
        ("卡车", "record.amount"),
        ("SO-6", "planning.empty"),
        ("SO-7", "planning.time"),
        ("SO-4", "planning.too-large"),
        ("SO-5", "planning.place"),
    ]
    messages = [left["message"] for left in said["left_out"]]
    assert "sheet 车辆, row 3, column 载重 kg / capacity kg" in messages[0]
    assert "sheet 订单 Orders, row 5" in messages[3]
    assert (said["seed"], said["iterations"], said["complete"]) == (1, 100, True)
    again = run(tmp_path / "home", capsys, *words)[1]
    assert again == said
    tables = {sheet.name: list(sheet.rows()) for sheet in sheets(out.read_bytes())}
    grams = sum(Fraction(row[8]) for row in tables["线路 Routes"][1:])
    assert grams == Fraction(said["grams"])
    assert len(tables["站点 Stops"]) == 4
    assert len(tables["未排入 Left out"]) == 6
    page = pypdfium2.PdfDocument(pdf)[0]
    codes = {one.text for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
    assert codes == {"SO-1", "SO-2", "SO-3"}


def test_distances_that_are_not_stated_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By road, at the speed stated; a place that no map has, or two have, is refused with the reason."""
    file = written(tmp_path / "day.xlsx", distances=False, english=True)
    code, said = run(tmp_path / "home", capsys, "routes", str(file), "--speed", "50", "--iterations", "50")
    assert code == 1
    assert [route["orders"] for route in said["routes"]] == [["SO-2"]]
    assert 100_000 < said["metres"] < 200_000
    reasons = {left["name"]: (left["code"], left["message"]) for left in said["left_out"]}
    assert reasons["SO-5"][0] == "distance.place-not-found"
    assert reasons["SO-1"][0] == "distance.place-ambiguous"
    assert "row 2" in reasons["SO-1"][1]
    code, said = run(tmp_path / "home", capsys, "routes", str(file), "--iterations", "50")
    assert (code, said["error"]["code"]) == (1, "planning.distances")


def test_the_template_asks_for_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has every sheet, and planned as it is it says that nothing is in it."""
    file = tmp_path / "empty.xlsx"
    assert main(["--home", str(tmp_path), "plan", "template", str(file)]) == 0
    assert [sheet.name for sheet in sheets(file.read_bytes())] == ["仓库", "车辆", "订单", "距离", "地点", "箱件"]
    capsys.readouterr()
    code, said = run(tmp_path, capsys, "routes", str(file))
    assert (code, said["error"]["code"]) == (1, "planning.distances")
    book = tmp_path / "bare.xlsx"
    book.write_bytes(workbook([WrittenTable("仓库", ["名称"], [])]))
    code, said = run(tmp_path, capsys, "routes", str(book))
    assert (code, said["error"]["code"]) == (1, "planning.sheet")


def test_a_baseline_is_frozen_and_a_plan_compared_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As driven today first, then the plan, both as entries; what is planned is said by cause; nothing is booked."""
    home, file = tmp_path / "home", str(written(tmp_path / "day.xlsx"))
    kept = ("--day", "2026-07-01", "--rates-source", "own measurement 2025")
    today = run(home, capsys, "routes", file, "--today", "--record", "p:before", *kept)[1]
    assert [(route["vehicle"], route["number"], route["orders"]) for route in today["routes"]] == [
        ("厢式车 4.2 m", 2, ["SO-3"]),
        ("厢式车 4.2 m", 1, ["SO-1", "SO-2"]),
    ]
    planned = run(
        home, capsys, "routes", file, "--iterations", "100", "--record", "p:after", "--baseline", "p:before", *kept
    )[1]
    assert (today["entry"], planned["entry"]) == (0, 1)
    code, said = run(home, capsys, "compare", "p:after")
    assert code == 1
    assert (said["baseline"], said["planned"], said["booked"]) == (today["grams"], planned["grams"], None)
    assert sum(map(Fraction, said["parts"].values())) == Fraction(today["grams"]) - Fraction(planned["grams"]) > 0
    assert said["faults"] == ["planning.not-driven"]
    code, said = run(home, capsys, "routes", file, "--record", "p:x", "--baseline", "p:nowhere", *kept)
    assert said["error"]["code"] == "claim.route-plan-absent"


def test_ctrl_c_ends_the_search_with_the_best_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with nothing: the plan is written and says after how many iterations it was ended."""
    searched = planning.plan

    def pressed(*given: Any, watch: Watch, **named: Any) -> Plan:
        def later(now: Progress) -> bool:
            if now.iterations == 100:
                os.kill(os.getpid(), signal.SIGINT)
            return watch(now)

        return searched(*given, watch=later, **named)

    monkeypatch.setattr(planning, "plan", pressed)
    file = str(written(tmp_path / "day.xlsx"))
    said = run(tmp_path, capsys, "routes", file, "--iterations", "1000000")[1]
    assert (said["iterations"], said["complete"]) == (100, False)
    assert len(said["routes"]) == 1
    assert (tmp_path / "day-plan.xlsx").exists()

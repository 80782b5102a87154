"""plan: routes of a day out of a workbook, and the workbook to fill in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from fractions import Fraction
from pathlib import Path
from time import monotonic

from api.driver_sheets import driver_sheets
from ledger.adapters.distances import OfflineDistances
from ledger.adapters.files.plan_tables import plan_tables, template_tables
from ledger.adapters.files.plan_workbook import DayBook, read_day
from ledger.adapters.files.written_workbook import workbook
from ledger.adapters.master_data import PlaceTable
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import Place
from ledger.footprint.amount import exact_text
from ledger.planning.errors import PlaceUnknown
from ledger.planning.refusal import Refusal
from ledger.planning.routes.plan import Plan, plan
from ledger.planning.routes.problem import Problem
from ledger.planning.routes.search import Progress
from ledger.services.plan_routes import Measured, measured_table
from ledger.settings import Settings
from ledger.units import parse_decimal, shown

_ITERATIONS = 2_000


def _plan(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    file = Path(options.file)
    if options.what == "template":
        file.write_bytes(workbook(template_tables()))
        terminal.say(f"written: {file}", f"已写入：{file}")
        return 0
    book = read_day(file.read_bytes(), file.name)
    measured = _distances(settings, book, options, terminal)
    found = _searched(Problem(book.depots, book.fleets, book.orders, measured.table), options, terminal)
    found = found._replace(
        refused=book.refused + tuple(_located(one, book, measured, file.name) for one in found.refused)
    )
    out = Path(options.output or file.with_name(f"{file.stem}-plan.xlsx"))
    out.write_bytes(workbook(plan_tables(found, terminal.locale)))
    if options.sheets:
        Path(options.sheets).write_bytes(driver_sheets(found, terminal.locale))
    _tell(found, out, terminal)
    return 1 if found.refused else 0


def _distances(settings: Settings, book: DayBook, options: Namespace, terminal: Terminal) -> Measured:
    if book.legs or options.speed is None:
        return Measured(book.distances(), {})
    measures = OfflineDistances(PlaceTable(settings.home).known)
    with terminal.progress("Measuring distances", "计算距离") as progress:
        return measured_table(book.places, measures, Fraction(parse_decimal(options.speed)), progress)


def _located(refusal: Refusal, book: DayBook, measured: Measured, file: str) -> Refusal:
    """With the file and the sheet; of a place that was not measured, why."""
    sheets = (("订单 Orders", book.orders), ("车辆 Vehicles", book.fleets), ("仓库 Depots", book.depots))
    sheet = next((sheet for sheet, rows in sheets if any(row.name == refusal.name for row in rows)), None)
    error = refusal.error
    if isinstance(error, PlaceUnknown) and error.where in measured.faults:
        fault, row = measured.faults[error.where], error.place.row if error.place else None
        error = type(fault)(**fault.values()).at(Place(row=row))
    return Refusal(refusal.name, error.at(Place(file=file, sheet=sheet)))


def _searched(problem: Problem, options: Namespace, terminal: Terminal) -> Plan:
    """Until the iterations are made, the seconds are over, or somebody presses Ctrl-C: the best plan so far counts."""
    price = None if options.carbon_price is None else Fraction(parse_decimal(options.carbon_price))
    end = None if options.seconds is None else monotonic() + options.seconds
    with terminal.progress("Searching", "搜索线路") as progress:

        def watch(now: Progress) -> bool:
            try:
                progress(now.iterations, now.of)
            except KeyboardInterrupt:
                return False
            return end is None or monotonic() < end

        return plan(problem, seed=options.seed, iterations=options.iterations, watch=watch, carbon_price=price)


def _tell(found: Plan, out: Path, terminal: Terminal) -> None:
    kilograms, gained = shown(found.grams / 1000, 2), shown(found.gained / 1000, 2)
    km, stops = shown(Fraction(found.metres, 1000), 1), sum(len(route.stops) for route in found.routes)
    terminal.say(
        f"{stops} orders on {len(found.routes)} vehicles: {km} km, {kilograms} kg CO2e planned "
        f"({gained} less by the order of stops); a plan is no saving",
        f"{stops} 个订单、{len(found.routes)} 辆车：{km} 公里，计划排放 {kilograms} kg CO2e"
        f"（按载重排序少 {gained}）；计划不等于减排",
    )
    for _, error in found.refused:
        terminal.say(
            f"left out: {error.message()}; {error.fix()}", f"未排入：{error.message('zh-CN')}；{error.fix('zh-CN')}"
        )
    terminal.say(
        f"seed {found.seed}, {found.iterations} iterations; {out}",
        f"种子 {found.seed}，迭代 {found.iterations} 次；{out}",
    )
    terminal.data(
        {
            "file": str(out),
            "seed": found.seed,
            "iterations": found.iterations,
            "complete": found.complete,
            "grams": exact_text(found.grams),
            "gained": exact_text(found.gained),
            "metres": found.metres,
            "gram_metres": found.gram_metres,
            "routes": [
                {"vehicle": route.fleet.name, "number": route.number, "orders": [s.order.name for s in route.stops]}
                for route in found.routes
            ],
            "left_out": [
                {"name": name, "code": error.code, "message": error.message(terminal.locale)}
                for name, error in found.refused
            ],
        }
    )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", choices=("routes", "template"), help="plan, or write an empty workbook / 计划或生成模板"
    )
    parser.add_argument("file", metavar="FILE.xlsx", help="the workbook / 工作簿")
    parser.add_argument("-o", "--output", metavar="PLAN.xlsx", help="the plan / 计划文件")
    parser.add_argument("--sheets", metavar="SHEETS.pdf", help="driver sheets with QR codes / 带二维码的司机单")
    parser.add_argument("--seed", type=int, default=1, help="the same seed and iterations, the same plan / 随机种子")
    parser.add_argument("--iterations", type=int, default=_ITERATIONS, help="of the search / 搜索次数")
    parser.add_argument("--seconds", type=int, help="end earlier / 最长秒数")
    parser.add_argument("--speed", metavar="KMH", help="measure distances by road, driven at this speed / 平均车速")
    parser.add_argument("--carbon-price", metavar="PRICE", help="per kg CO2e: weigh costs as well / 每千克碳价")


VERBS = {"plan": Verb(_plan, _arguments)}

"""plan: routes of a day out of a workbook, recorded and compared; and the workbook to fill in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from signal import SIGINT, signal
from threading import current_thread, main_thread
from time import monotonic

from api.driver_sheets import driver_sheets
from ledger.adapters.distances import OfflineDistances
from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.files.plan_rates import Rating
from ledger.adapters.files.plan_refused import located
from ledger.adapters.files.plan_tables import plan_json, plan_tables, template_tables
from ledger.adapters.files.plan_workbook import DayBook, read_day
from ledger.adapters.files.written_workbook import workbook
from ledger.adapters.master_data import PlaceTable
from ledger.commands import driven_plans
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.footprint.amount import exact_text
from ledger.planning.routes.plan import Plan, plan, stated
from ledger.planning.routes.problem import Problem
from ledger.planning.routes.search import Progress
from ledger.services.capture import Submission
from ledger.services.plan_rates import source_of
from ledger.services.plan_routes import Measured, measured_table
from ledger.services.route_plans import Statement, compare, record_plan
from ledger.settings import Settings
from ledger.units import parse_decimal, shown
from ledger.wiring import open_ledger

_ITERATIONS = 2_000


def _template(_: Settings, options: Namespace, terminal: Terminal) -> int:
    Path(options.file).write_bytes(workbook(template_tables()))
    terminal.say(f"written: {options.file}", f"已写入：{options.file}")
    return 0


def _routes(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    file = Path(options.file)
    rating = _rating(settings, options)
    book = read_day(file.read_bytes(), file.name, rating)
    measured = _distances(settings, book, options, terminal)
    problem = Problem(book.depots, book.fleets, book.orders, measured.table)
    found = stated(problem, book.today) if options.today else _searched(problem, options, terminal)
    found = found._replace(
        refused=book.refused + tuple(located(one, book, measured.faults, file.name) for one in found.refused)
    )
    out = Path(options.output or file.with_name(f"{file.stem}-plan.xlsx"))
    out.write_bytes(workbook(plan_tables(found, terminal.locale)))
    if options.sheets:
        Path(options.sheets).write_bytes(driver_sheets(found, terminal.locale))
    entry = _recorded(settings, options, found, rating) if options.record else None
    _tell(found, out, entry, terminal)
    return 1 if found.refused else 0


def _rating(settings: Settings, options: Namespace) -> Rating | None:
    """The set that vehicles take their rates from, and the day; none without a day."""
    if options.day is None:
        return None
    sets = FactorTables(settings.home / "factors")
    return Rating(sets.factor_set(options.factor_set) if options.factor_set else sets.current(), options.day)


def _recorded(settings: Settings, options: Namespace, found: Plan, rating: Rating | None) -> int:
    """The plan as an entry; its number in the log."""
    rated = any(route.fleet.origin is not None for route in found.routes)
    source = options.rates_source or source_of(found)
    with open_ledger(settings) as ledger:
        pinned = rating.factors.hash if rating and (options.factor_set or rated) else None
        said = Statement(options.record, options.day, source, options.baseline, pinned)
        return record_plan(ledger, Submission(settings.tenant, options.submitter), found, said).seq


def _compare(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """A recorded plan beside its baseline; 1 while nothing is booked, which needs what was driven."""
    with open_ledger(settings) as ledger:
        found = compare(ledger.entries, settings.tenant, options.plan)
    less, parts = found.baseline - found.planned, found.planned_parts
    shares = {cause: shown(part / 1000, 2) for cause, part in parts.items()}
    terminal.say(
        f"planned {shown(less / 1000, 2)} kg CO2e less than the baseline's {shown(found.baseline / 1000, 2)}: "
        f"by distance {shares['distance']}, load {shares['load']}, mode {shares['mode']}",
        f"计划比基准（{shown(found.baseline / 1000, 2)} kg CO2e）少 {shown(less / 1000, 2)} kg CO2e："
        f"距离 {shares['distance']}，装载 {shares['load']}，运输方式 {shares['mode']}",
    )
    for fault in found.faults:
        terminal.say(fault.message(), fault.message("zh-CN"))
    terminal.data(
        {
            "baseline": exact_text(found.baseline),
            "planned": exact_text(found.planned),
            "parts": {cause: exact_text(part) for cause, part in parts.items()},
            "booked": None if found.booked is None else exact_text(found.booked),
            "faults": [fault.code for fault in found.faults],
        }
    )
    return 0 if found.booked is not None else 1


def _distances(settings: Settings, book: DayBook, options: Namespace, terminal: Terminal) -> Measured:
    if book.legs or options.speed is None:
        return Measured(book.distances(), {})
    measures = OfflineDistances(PlaceTable(settings.home).known)
    with terminal.progress("Measuring distances", "计算距离") as progress:
        return measured_table(book.places, measures, Fraction(parse_decimal(options.speed)), progress)


def _searched(problem: Problem, options: Namespace, terminal: Terminal) -> Plan:
    """Until the iterations are made, the seconds are over, or somebody presses Ctrl-C: the best plan so far counts."""
    price = None if options.carbon_price is None else Fraction(parse_decimal(options.carbon_price))
    end = None if options.seconds is None else monotonic() + options.seconds
    with terminal.progress("Searching", "搜索线路") as progress, _pressed() as pressed:

        def watch(now: Progress) -> bool:
            progress(now.iterations, now.of)
            return not pressed() and (end is None or monotonic() < end)

        return plan(problem, seed=options.seed, iterations=options.iterations, watch=watch, carbon_price=price)


@contextmanager
def _pressed() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed meanwhile; elsewhere than in the main thread nobody can."""
    seen: list[int] = []
    if current_thread() is not main_thread():
        yield lambda: False
        return
    before = signal(SIGINT, lambda number, _: seen.append(number))
    try:
        yield lambda: bool(seen)
    finally:
        signal(SIGINT, before)


def _tell(found: Plan, out: Path, entry: int | None, terminal: Terminal) -> None:
    kilograms, gained = shown(found.grams / 1000, 2), shown(found.gained / 1000, 2)
    km, stops = shown(Fraction(found.metres, 1000), 1), sum(len(route.stops) for route in found.routes)
    terminal.say(
        f"orders: {stops}, vehicles: {len(found.routes)}; {km} km, {kilograms} kg CO2e planned "
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
    if entry is not None:
        terminal.say(f"recorded: entry {entry}", f"已入账：第 {entry} 号条目")
    terminal.data(
        {
            "file": str(out),
            "entry": entry,
            **plan_json(found, terminal.locale),
        }
    )


def _plan(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    return int(options.does(settings, options, terminal))


def _arguments(parser: ArgumentParser) -> None:
    does = parser.add_subparsers(required=True, metavar="WHAT")
    template = does.add_parser("template", help="an empty workbook to fill in / 生成空白工作簿")
    template.add_argument("file", metavar="FILE.xlsx", help="the workbook / 工作簿")
    template.set_defaults(does=_template)
    compared = does.add_parser("compare", help="a recorded plan beside its baseline / 已记录的计划与其基准比较")
    compared.add_argument("plan", metavar="ID", help="of the plan / 计划编号")
    compared.set_defaults(does=_compare)
    routes = does.add_parser("routes", help="plan the routes of a workbook / 由工作簿生成线路计划")
    routes.set_defaults(does=_routes)
    routes.add_argument("file", metavar="FILE.xlsx", help="the workbook / 工作簿")
    routes.add_argument("-o", "--output", metavar="PLAN.xlsx", help="the plan / 计划文件")
    routes.add_argument("--sheets", metavar="SHEETS.pdf", help="driver sheets with QR codes / 带二维码的司机单")
    routes.add_argument("--seed", type=int, default=1, help="the same seed and iterations, the same plan / 随机种子")
    routes.add_argument("--iterations", type=int, default=_ITERATIONS, help="of the search / 搜索次数")
    routes.add_argument("--seconds", type=int, help="end earlier / 最长秒数")
    routes.add_argument("--speed", metavar="KMH", help="measure distances by road, driven at this speed / 平均车速")
    routes.add_argument("--carbon-price", metavar="PRICE", help="per kg CO2e: weigh costs as well / 每千克碳价")
    routes.add_argument(
        "--today", action="store_true", help="as driven today, nothing searched / 按现行车辆与顺序，不搜索"
    )
    routes.add_argument("--record", metavar="ID", help="record the plan as an entry / 将计划入账")
    routes.add_argument(
        "--baseline", metavar="ID", help="recorded plan to compare with; without, this is one / 基准编号"
    )
    routes.add_argument(
        "--day", type=date.fromisoformat, help="of the plan, 2026-07-01; recorded, or with factors / 计划日期"
    )
    routes.add_argument("--rates-source", metavar="TEXT", help="where a recorded plan's rates come from / 排放率来源")
    routes.add_argument("--factor-set", metavar="SET", help="for vehicles that name a factor; pinned / 固定因子集")
    routes.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    driven_plans.arguments(does)


VERBS = {"plan": Verb(_plan, _arguments)}

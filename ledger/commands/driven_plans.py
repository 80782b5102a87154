"""plan verify, plan book, plan events, plan wall: what came of recorded plans."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from ledger.commands.terminal import Terminal
from ledger.services.book_saving import book
from ledger.services.capture import Submission
from ledger.services.executed_plans import bring_up_to_date
from ledger.services.plan_savings import Asked, Saved, doubt_of, packaging_of, saved_by
from ledger.services.planned_events import planned_document
from ledger.services.route_plans import find_plan
from ledger.services.savings_wall import MOST_ROWS, Row, Totals, savings_wall
from ledger.settings import Settings
from ledger.units import parse_decimal, shown
from ledger.wiring import open_ledger

CAUSE_WORDS: Final = {
    "distance": ("distance (of a round)", "距离（每趟）"),
    "load": ("load (fill, order of stops)", "装载（装载率、顺序）"),
    "mode": ("mode", "运输方式"),
    "packaging_mass": ("packaging mass", "包装质量"),
    "packaging_volume": ("packaging volume", "包装体积"),
}
STATE_WORDS: Final = {
    "booked": ("booked", "已入账"),
    "corrected": ("booked, on data corrected since; not counted", "已入账，但依据已更正，不计入"),
    "bookable": ("driven, not booked", "已执行，未入账"),
    "refused": ("driven, refused", "已执行，不予入账"),
    "not_driven": ("planned, not driven", "已计划，未执行"),
}


def verify_plan(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """What came of a plan; 1 while something stands in the way of booking it."""
    with open_ledger(settings) as ledger:
        bring_up_to_date(ledger)
        saved = saved_by(ledger, settings.tenant, _asked(options))
    _tell(saved, terminal)
    terminal.data(saved.to_record())
    return 1 if saved.faults else 0


def book_plan(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """The saving as a claim, or why not."""
    with open_ledger(settings) as ledger:
        booked = book(ledger, Submission(settings.tenant, options.submitter), _asked(options))
    _tell(booked.saved, terminal)
    terminal.say(
        f"recorded as the claim {booked.claim.id}, entry {booked.receipt.seq}; no verifier has examined it",
        f"已作为声明 {booked.claim.id} 入账（第 {booked.receipt.seq} 号条目）；尚未经第三方核查",
    )
    terminal.data(booked.saved.to_record() | {"claim": booked.claim.id, "entry": booked.receipt.seq})
    return 0


def plan_events(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """A plan as an EPCIS document of events that have not happened."""
    with open_ledger(settings) as ledger:
        record = find_plan(ledger.entries, settings.tenant, options.plan)
    document = planned_document(record, options.start, Fraction(parse_decimal(options.speed)))
    out = Path(options.output)
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
    count = sum(len(route.stops) for route in record.routes)
    terminal.say(
        f"{count} planned stops as events, none of which has happened: {out}",
        f"{count} 个计划停靠点的事件，均未发生：{out}",
    )
    terminal.data({"file": str(out), "stops": count})
    return 0


def show_wall(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """The plans of a period, and the sum of what is booked."""
    rows: list[Row] = []
    after = None
    with open_ledger(settings) as ledger:
        while True:
            wall = savings_wall(ledger, settings.tenant, options.start, options.end, after=after, limit=MOST_ROWS)
            rows += wall.rows
            after = wall.next
            if after is None:
                break
    for row in rows:
        less = "-" if row.saved_kg is None else shown(row.saved_kg, 2)
        words = STATE_WORDS[row.state]
        terminal.say(f"{row.day}  {row.plan}  {less} kg  {words[0]}", f"{row.day}  {row.plan}  {less} kg  {words[1]}")
    tell_totals(wall.totals, terminal)
    terminal.data(wall._replace(rows=tuple(rows)).to_record())
    return 0


def tell_totals(totals: Totals, terminal: Terminal) -> None:
    """What is booked and stands, by cause."""
    km, tkm, volume = shown(totals.avoided_km, 1), shown(totals.avoided_tonne_km, 2), shown(totals.avoided_m3, 3)
    saved, baseline = shown(totals.saved_kg, 2), shown(totals.baseline_kg, 2)
    terminal.say(
        f"{totals.plans} plans booked: {saved} of {baseline} kg CO2e, {km} km, {tkm} t km, {volume} m3 less",
        f"已入账 {totals.plans} 个计划：减少 {saved} kg CO2e（基准 {baseline}），"
        f"里程减少 {km} km，周转量减少 {tkm} t km，体积减少 {volume} m3",
    )
    for cause, kg in totals.parts.items():
        en, zh = CAUSE_WORDS[cause]
        terminal.say(f"  {en}: {shown(kg, 2)} kg CO2e", f"  {zh}：{shown(kg, 2)} kg CO2e")


def arguments(does: Any) -> None:
    """Of the verbs here, below ``plan``."""
    verify = does.add_parser("verify", help="what came of a recorded plan / 核对计划的实际执行")
    verify.set_defaults(does=verify_plan)
    booked = does.add_parser("book", help="book what a driven plan saved, once / 将已执行计划的减排入账")
    booked.set_defaults(does=book_plan)
    booked.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    for parser in (verify, booked):
        _plan(parser)
        for name, help_ in (
            ("activity", "of masses and distances, such as 0.02 / 质量与距离"),
            ("rates", "of the vehicles' rates / 排放率"),
            ("making", "of making packaging / 包装生产"),
        ):
            parser.add_argument(
                f"--{name}", required=name != "making", default="0", metavar="U", help=f"standard uncertainty {help_}"
            )
        parser.add_argument("--packaging", metavar="FILE.json", help="how packaging changed, see docs / 包装变化")
    events = does.add_parser("events", help="a plan as EPCIS events that have not happened / 计划事件文件")
    events.set_defaults(does=plan_events)
    _plan(events)
    events.add_argument("-o", "--output", metavar="FILE.json", required=True, help="the document / 输出文件")
    events.add_argument(
        "--start", metavar="TIME", type=_moment, required=True, help="vehicles leave, 2026-07-01T08:00+08:00 / 出发时间"
    )
    events.add_argument("--speed", metavar="KMH", required=True, help="driven on average / 平均车速")
    wall = does.add_parser("wall", help="savings of a period, by cause / 期间内的减排")
    wall.set_defaults(does=show_wall)
    wall.add_argument("--start", type=date.fromisoformat, required=True, metavar="DAY", help="2026-07-01")
    wall.add_argument("--end", type=date.fromisoformat, required=True, metavar="DAY", help="2026-07-31")


def _plan(parser: ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", help="id of a recorded plan / 计划编号")


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _asked(options: Namespace) -> Asked:
    packaging = packaging_of(Path(options.packaging).read_bytes()) if options.packaging else None
    return Asked(options.plan, doubt_of(options.activity, options.rates, options.making), packaging)


def _tell(saved: Saved, terminal: Terminal) -> None:
    found = saved.executed
    for order in found.orders:
        if order.reason is not None:
            terminal.say(order.reason.message("en"), order.reason.message("zh-CN"))
    verified = found.verified
    less, baseline = shown(verified.difference / 1000, 2), shown(verified.baseline / 1000, 2)
    doubt = shown(2 * Fraction(saved.uncertainty.standard), 2)
    if saved.faults:
        for fault in saved.faults:
            terminal.say(f"not booked: {fault.message('en')}", f"不予入账：{fault.message('zh-CN')}")
        return
    terminal.say(
        f"driven: {less} kg CO2e less than the baseline's {baseline} (± {doubt}, two standard uncertainties)",
        f"实际执行比基准（{baseline} kg CO2e）少 {less} kg CO2e（± {doubt}，两倍标准不确定度）",
    )
    for cause, grams in verified.parts.items():
        en, zh = CAUSE_WORDS[cause]
        terminal.say(f"  {en}: {shown(grams / 1000, 2)} kg", f"  {zh}：{shown(grams / 1000, 2)} kg")

"""demo month: a month of the demonstration warehouse planned, driven and booked, as a table."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from ledger.commands.driven_plans import STATE_WORDS, tell_totals
from ledger.commands.terminal import Terminal
from ledger.demo.planned_month import FIRST, WORKING_DAYS, Played, play
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import open_ledger


def tell_month(settings: Settings, days: int, terminal: Terminal) -> int:
    """Play it on a ledger of its own, which is thrown away: its clock is set to days that have not been."""
    with TemporaryDirectory() as folder:
        own = Settings(home=Path(folder), origin=settings.origin, tenant=settings.tenant)
        with open_ledger(own) as ledger, terminal.progress("Planning and driving", "计划与执行") as progress:
            played = play(ledger, days=max(1, min(days, WORKING_DAYS)), told=progress)
    _show(played, terminal)
    terminal.data(played.wall.to_record())
    return 0


def _show(played: Played, terminal: Terminal) -> None:
    """Day by day as wide as a terminal is; causes are summed below, and by day with ``--json``."""
    if terminal.as_json:
        return
    chinese = terminal.locale == "zh-CN"
    table = Table(title=terminal.words(f"Working days from {FIRST}", f"自 {FIRST} 起的工作日"))
    for en, zh in (
        ("day", "日期"),
        ("state", "状态"),
        ("km", "公里"),
        ("t km", "吨公里"),
        ("m3", "立方米"),
        ("kg CO2e", "kg CO2e"),
    ):
        table.add_column(terminal.words(en, zh), justify="left" if en in {"day", "state"} else "right")
    for row in played.wall.rows:
        cells = (row.avoided_km, row.avoided_tonne_km, row.avoided_m3, row.saved_kg)
        state = STATE_WORDS[row.state][chinese]
        table.add_row(str(row.day), state, *("-" if cell is None else shown(cell, 2) for cell in cells))
    Console(highlight=False).print(table)
    for _, plan, _, fault in played.outcomes:
        if fault is not None:
            terminal.say(f"{plan} not booked: {fault.message('en')}", f"{plan} 不予入账：{fault.message('zh-CN')}")
    tell_totals(played.wall.totals, terminal)
    terminal.say(
        "simulated: customers, masses, goods and vehicles are made up; nothing here was verified by anyone",
        "模拟数据：客户、质量、货物与车辆均为虚构；未经任何第三方核查",
    )

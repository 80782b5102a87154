"""inventory: scopes 1, 2 and 3 of a period."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.records.inventory_boundary import SCOPES
from ledger.services.inventory import inventory_of, period_of
from ledger.services.project import catch_up
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import open_ledger


def _inventory(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    period = period_of(options.first, options.last)
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        catch_up(ledger.entries, ledger.periods)
        found = inventory_of(ledger, settings.tenant, *period, options.factors)
    for scope in SCOPES:
        kg = shown(found.scope(scope), 1)
        beside = shown(found.market, 1)
        both = (f" (market-based {beside} kg)", f"（基于市场 {beside} kg）") if scope == "2" else ("", "")
        terminal.say(f"Scope {scope}: {kg} kg CO2e{both[0]}", f"范围 {scope}：{kg} kg CO2e{both[1]}")
    for one in found.missing:
        said = one.error.message(terminal.locale)
        terminal.say(f"Not counted: {one.subject}: {said}", f"未计入：{one.subject}：{said}")
    terminal.data(found.to_record())
    return 1 if found.missing else 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("first", help="first month, 2023-01 / 首月")
    parser.add_argument("last", help="last month, 2023-12 / 末月")
    parser.add_argument("--factors", help="factor set id or hash / 因子集")


VERBS = {"inventory": Verb(_inventory, _arguments)}

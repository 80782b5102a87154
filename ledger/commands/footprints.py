"""footprint, recompute: figures with their trail, from the log and a pinned factor set."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.footprints import all_products, all_routes, product_footprint, route_footprint
from ledger.services.project import catch_up
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import Ledger, open_ledger


def _footprint(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        sources = (ledger.projections, ledger.factors, settings.tenant)
        if options.what == "product":
            product = product_footprint(*sources, options.id, options.factors)
            per = shown(product.per_unit, 3)
            terminal.say(f"{product.product}: {per} kg CO2e a piece", f"{product.product}：每件 {per} kg CO2e")
            record: dict[str, Any] = product.to_record()
        else:
            route = route_footprint(*sources, options.id, options.factors)
            total = shown(route.wtw, 3)
            terminal.say(f"{options.id}: {total} kg CO2e (WTW)", f"{options.id}：{total} kg CO2e（WTW）")
            record = route.to_record()
    terminal.data(record)
    return 0


def _footprint_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("product", "route"))
    parser.add_argument("id", help="product code or route name / 产品编码或线路名")
    parser.add_argument("--factors", help="factor set id or hash / 因子集")


def totals(ledger: Ledger, factors: str | None = None) -> dict[str, dict[str, str]]:
    """Kilograms of CO2e per route and, a piece, per product, rounded for display."""
    sources = (ledger.projections, ledger.factors, ledger.settings.tenant, factors)
    return {
        "routes": {name: shown(found.wtw, 3) for name, found in all_routes(*sources).items()},
        "products": {name: shown(found.per_unit, 3) for name, found in all_products(*sources).items()},
    }


def _recompute(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        with terminal.progress("Folding entries", "处理条目") as progress:
            catch_up(ledger.entries, ledger.projections, progress)
        found = totals(ledger, options.factors)
    for name, figure in found["routes"].items():
        terminal.say(f"{name}: {figure} kg CO2e", f"{name}：{figure} kg CO2e")
    for name, figure in found["products"].items():
        terminal.say(f"{name}: {figure} kg CO2e a piece", f"{name}：每件 {figure} kg CO2e")
    terminal.data(found)
    return 0


def _recompute_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--factors", help="factor set id or hash / 因子集")


VERBS = (
    Verb("footprint", "the footprint of a product or route", "产品或线路的碳足迹", _footprint, _footprint_arguments),
    Verb(
        "recompute",
        "all footprints, with another factor set if named",
        "重新计算全部碳足迹",
        _recompute,
        _recompute_arguments,
    ),
)

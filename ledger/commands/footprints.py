"""footprint, recompute: figures with their trail, from the log and a pinned factor set."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from msgspec.structs import replace

from ledger.adapters.recompute import ENGINES, engine, usual
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.footprint.activity import CHINA
from ledger.footprint.calculate import calculate
from ledger.footprint.factor import FactorSet
from ledger.footprint.product import product_footprints
from ledger.footprint.route import route_footprints
from ledger.footprint.totals import product_of, route_of
from ledger.footprint.totals import totals as transport_totals
from ledger.segments.errors import SegmentsUnavailable
from ledger.segments.rolled_up import DIMENSIONS
from ledger.services.footprints import product_footprint, route_footprint
from ledger.services.project import catch_up
from ledger.services.recompute import Recomputed, RolledUpAgain, recompute, recompute_totals
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import Ledger, open_ledger

CANNOT_TELL = 2
SHOWN_FAULTS = 20


def _footprint(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        if options.what == "products":
            return _bills(ledger, options, terminal)
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


def _bills(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    """Every bill of a day, to its factory gate."""
    from ledger.services.bills import all_bills  # the graph's arrays take longer to load than other verbs to run

    day = options.day or ledger.clock.now().astimezone(CHINA).date()
    sources = (ledger.projections, ledger.factors, ledger.settings.tenant)
    found = all_bills(*sources, day, options.factors)
    for one in found:
        figure, unit = shown(one.kg, 3), one.record.declared_unit
        lack_en, lack_zh = ("", "") if one.complete else (" (incomplete)", "（不完整）")
        terminal.say(
            f"{one.product} ({one.record.manufacturer}): {figure} kg CO2e per {unit}{lack_en}",
            f"{one.product}（{one.record.manufacturer}）：{figure} kg CO2e/{unit}{lack_zh}",
        )
    terminal.say(f"{len(found)} bills valid on {day}", f"{day} 有效的物料清单 {len(found)} 份")
    terminal.data({"day": day.isoformat(), "bills": [one.to_record() for one in found]})
    return 0


def _footprint_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("product", "products", "route"))
    parser.add_argument("id", nargs="?", default="", help="product code or route name / 产品编码或线路名")
    parser.add_argument(
        "--day", type=date.fromisoformat, help="with 'products': bills of this day, else of today / 清单有效日"
    )
    parser.add_argument("--factors", help="factor set id or hash / 因子集")


def _recompute(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        with terminal.progress("Folding entries", "处理条目") as progress:
            catch_up(ledger.entries, ledger.projections, progress)
        tenant, factors = settings.tenant, ledger.factors
        chosen = factors.factor_set(options.factors) if options.factors else factors.current()
        try:
            sources = (engine(options.engine), ledger.segments, ledger.entries, ledger.projections, tenant)
            found = recompute_totals(*sources) if options.totals else recompute(*sources)
        except SegmentsUnavailable as error:
            terminal.error(error)
            return CANNOT_TELL
        if isinstance(found, RolledUpAgain):
            figures, words = transport_figures(found, chosen, tenant), _TRANSPORT
        else:
            figures, words = totals(found, chosen, ledger.projections.units(tenant)), _FIGURES
    for kind, (en, zh) in words.items():
        for name, figure in figures[kind].items():
            terminal.say(f"{name}: {figure} {en}", f"{name}：{zh.format(figure)}")
    return _say_agreement(found, options.engine, figures, terminal)


_FIGURES: Final = {
    "routes": ("kg CO2e", "{} kg CO2e"),
    "products": ("kg CO2e a piece", "每件 {} kg CO2e"),
    "suppliers": ("kg CO2e of its transport", "其运输 {} kg CO2e"),
}


_TRANSPORT: Final = dict.fromkeys(_FIGURES, ("kg CO2e of its transport", "其运输 {} kg CO2e"))


def transport_figures(found: RolledUpAgain, factors: FactorSet, tenant: str) -> dict[str, dict[str, str]]:
    """Kilograms of CO2e of transport per route, product and supplier, rounded for display."""
    figures = {}
    for dimension in DIMENSIONS:
        cube = replace(found.held, transport=found.rolled.of(dimension, tenant), hubs=(), energy=())
        kg = transport_totals(cube, factors, product_of if dimension == "product" else route_of).kg
        figures[f"{dimension}s"] = {name: shown(value, 3) for name, value in kg.items()}
    return figures


def totals(found: Recomputed, factors: FactorSet, units: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """Kilograms of CO2e per route, per product a piece, and per supplier (carrier), rounded for display."""
    cube = found.cube
    routes = route_footprints(calculate(cube.rolled_up("route"), factors))
    products = product_footprints(calculate(cube.rolled_up("product"), factors), units, cube.made)
    suppliers = transport_totals(replace(cube, transport=found.suppliers, hubs=()), factors, route_of)
    return {
        "routes": {name: shown(route.wtw, 3) for name, route in routes.items()},
        "products": {name: shown(product.per_unit, 3) for name, product in products.items()},
        "suppliers": {name: shown(kg, 3) for name, kg in suppliers.kg.items()},
    }


def _say_agreement(found: Recomputed | RolledUpAgain, by: str, figures: dict[str, Any], terminal: Terminal) -> int:
    for fault in () if terminal.as_json else found.disagree[:SHOWN_FAULTS]:
        terminal.error(fault)
    upto, sealed = found.watermark, found.sealed
    terminal.say(
        f"{upto} entries by {by}, {sealed} of them from sealed segments: "
        + ("every cell is the projection's" if not found.disagree else f"{len(found.disagree)} cells disagree"),
        f"{upto} 条条目，由 {by} 计算，其中 {sealed} 条来自封存分段："
        + ("每个单元均与投影一致" if not found.disagree else f"{len(found.disagree)} 个单元不一致"),
    )
    said = {"engine": by, "entries": upto, "sealed": sealed, "agrees": not found.disagree}
    faults = [fault.message(terminal.locale) for fault in found.disagree[:SHOWN_FAULTS]]
    terminal.data({**figures, **said, "disagree": faults})
    return 1 if found.disagree else 0


def _recompute_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--factors", help="factor set id or hash / 因子集")
    parser.add_argument(
        "--totals",
        action="store_true",
        help="transport by route, product and supplier alone: faster / 仅按线路、产品、供应商汇总运输",
    )
    parser.add_argument(
        "--engine", choices=[each.name for each in ENGINES], default=usual(), help="what sums up / 计算引擎"
    )


VERBS = {"footprint": Verb(_footprint, _footprint_arguments), "recompute": Verb(_recompute, _recompute_arguments)}

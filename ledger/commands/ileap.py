"""ileap: a carrier's activity data taken; shipments and activities shown, and offered to partners as footprints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.ileap.reading import written
from ledger.ileap.taken import Assigned
from ledger.ports.shipments import Wanted
from ledger.services.fetch_activities import Page, fetch, registered
from ledger.services.project import catch_up, catch_up_all
from ledger.services.shipments import BATCH, activities_page, shipments_page
from ledger.services.take_activities import activities_in, preview, take
from ledger.settings import Settings
from ledger.wiring import open_ledger

SHOWN: Final = 20


def _ileap(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.what == "take":
        return _take(settings, options, terminal)
    if options.what == "fetch":
        return _fetch(settings, options, terminal)
    if options.what == "offer":
        return _offer(settings, terminal)
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        catch_up_all(ledger.entries, ledger.further)
        everything = Wanted(everything=True)
        if options.what == "tad":
            page = activities_page(ledger, settings.tenant, everything, {}, limit=BATCH)
            found, left = [written(one) for one in page.found], page.left
        else:
            derived = shipments_page(ledger, settings.tenant, everything, limit=BATCH).derived
            found, left = [written(one.footprint) for one in derived.shipments.values()], derived.gaps
    for name, error in left.items():
        terminal.say(f"{name}: {error.message('en')}", f"{name}：{error.message('zh-CN')}")
    terminal.say(f"{len(found)} shown, {len(left)} left out", f"列出 {len(found)} 项，未列 {len(left)} 项")
    terminal.data({"data": found, "left": {name: error.code for name, error in left.items()}})
    return 0


def _offer(settings: Settings, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        offered = ledger.offering.offer(settings.tenant)
    terminal.say(
        f"{offered.fresh} footprints offered, {offered.deprecated} deprecated",
        f"新提供碳足迹 {offered.fresh} 项，停用 {offered.deprecated} 项",
    )
    terminal.data(offered._asdict())
    return 0


def _take(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    activities = activities_in(Path(options.file).read_bytes())
    with open_ledger(settings) as ledger:
        found = preview(ledger, options.partner, activities, _assigned(options))
        if options.preview:
            terminal.say(f"{len(found.ready)} can be taken", f"可接收 {len(found.ready)} 项")
            faults = found.faults
            terminal.data({"ready": [one.pointer for one in found.ready], "faults": [one.code for one in faults]})
        else:
            taken = take(ledger, found, tenant=settings.tenant, submitter=options.submitter)
            faults = taken.faults
            terminal.say(
                f"{taken.fresh} entries added, {taken.already} there already",
                f"新增条目 {taken.fresh}，已有 {taken.already}",
            )
            terminal.data(taken.to_record())
    _say_faults(faults, terminal)
    return 1 if faults else 0


def _fetch(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """Page by page; what was taken before a partner falls silent is said, and stays."""
    pages: list[Page] = []
    trouble: LedgerError | None = None
    with open_ledger(settings) as ledger:
        exchange = ledger.exchange
        partner = registered(exchange.store, settings.tenant, options.partner)
        coming = fetch(
            ledger, exchange.client, partner, _assigned(options), submitter=options.submitter, size=options.limit
        )
        try:
            pages.extend(coming)
        except LedgerError as error:
            trouble = error
    fresh, already = sum(one.taken.fresh for one in pages), sum(one.taken.already for one in pages)
    terminal.say(
        f"{len(pages)} pages: {fresh} entries added, {already} there already",
        f"共 {len(pages)} 页：新增条目 {fresh}，已有 {already}",
    )
    for page in pages:
        if page.taken.faults:
            terminal.say(f"page {page.number}:", f"第 {page.number} 页：")
            _say_faults(page.taken.faults, terminal)
    if trouble is not None:
        _say_faults((trouble,), terminal)
    terminal.data({"pages": [one.to_record() for one in pages], "trouble": trouble.code if trouble else None})
    return 1 if trouble is not None or any(one.taken.faults for one in pages) else 0


def _assigned(options: Namespace) -> Assigned:
    return Assigned(
        product=options.product,
        quantity=options.quantity,
        route=options.route,
        vehicle=options.vehicle,
        region=options.region,
    )


def _say_faults(faults: Sequence[LedgerError], terminal: Terminal) -> None:
    for fault in faults[:SHOWN]:
        terminal.say(f"  {fault.message('en')}. {fault.fix('en')}", f"  {fault.message('zh-CN')}。{fault.fix('zh-CN')}")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("take", "fetch", "offer", "shipments", "tad"), help="what to do / 操作")
    parser.add_argument("file", nargs="?", default="", help="take: the JSON of the activities / 活动数据文件")
    parser.add_argument("--partner", default="", help="take, fetch: whose data they are / 数据来源承运商")
    parser.add_argument("--product", default="", help="take: the product that was carried / 所运产品")
    parser.add_argument("--quantity", type=int, default=1, help="take: how many pieces / 件数")
    parser.add_argument("--route", default="", help="take: the route; from-to unless given / 线路")
    parser.add_argument(
        "--vehicle", default="", help="take: a class of the factor set, where no energy is stated / 车型"
    )
    parser.add_argument("--region", default="", help="take: the grid of electricity / 电网区域")
    parser.add_argument("--limit", type=int, default=100, help="fetch: activities of a page / 每页条数")
    parser.add_argument("--preview", action="store_true", help="take: check only, store nothing / 仅检查不入账")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")


VERBS = {"ileap": Verb(_ileap, _arguments)}

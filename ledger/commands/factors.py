"""factors: the registry of factor sets, from the terminal."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ledger.adapters.clock import SystemClock
from ledger.adapters.factor_files import IMPORTERS, open_factor_file
from ledger.adapters.factor_tables import FactorTables
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import SERIES, Factor
from ledger.footprint.registry.search import Query
from ledger.footprint.registry.shelf import FactorShelf
from ledger.services.audit import by_operator
from ledger.services.factor_import import Preview, Stated, keep, preview
from ledger.services.factors import (
    LONGEST_PAGE,
    all_sets,
    compare_sets,
    factor_record,
    find_factors,
    one_set,
    use_set,
)
from ledger.settings import Settings
from ledger.units import decimal_text
from ledger.wiring import open_ledger

Act = Callable[[FactorShelf, Namespace, Terminal], int]


def _factors(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    act: Act = options.act
    shelf = FactorTables(settings.home / "factors")
    if act is not _use:
        return act(shelf, options, terminal)
    with open_ledger(settings) as ledger, ledger.recording.together():
        ledger.recording.record(by_operator("use_factors", settings.tenant, one_set(shelf, options.set).content.id))
        return act(shelf, options, terminal)


def _list(shelf: FactorShelf, _: Namespace, terminal: Terminal) -> int:
    found = all_sets(shelf)
    for view in found:
        count = len(view.content.factors)
        en, zh = (" (current)", "（当前）") if view.current else ("", "")
        terminal.say(
            f"{view.content.id}{en}: {count} factors, {view.origin.title_en}",
            f"{view.content.id}{zh}：{count} 个因子，{view.origin.title_zh}",
        )
    damaged = shelf.damaged()
    for error in damaged:
        terminal.say(error.message("en"), error.message("zh-CN"))
    terminal.data({"sets": [view.to_record() for view in found], "damaged": [e.message("en") for e in damaged]})
    return 1 if damaged else 0


def _show(shelf: FactorShelf, options: Namespace, terminal: Terminal) -> int:
    view = one_set(shelf, options.set or shelf.current_id())
    if options.factor is None:
        for name, value in view.to_record().items():
            terminal.say(f"{name}: {value}", f"{name}：{value}")
        terminal.data(view.to_record())
        return 0
    record = factor_record(view.content.factor(options.factor))
    for name, value in record.items():
        terminal.say(f"{name}: {value}", f"{name}：{value}")
    terminal.data({"set": view.content.id, "factor": record})
    return 0


def _search(shelf: FactorShelf, options: Namespace, terminal: Terminal) -> int:
    query = Query(
        text=" ".join(options.text),
        mode=options.mode,
        vehicle=options.vehicle,
        fuel=options.fuel,
        region=options.region,
        year=options.year,
        series=options.series,
    )
    found = find_factors(shelf, options.set or shelf.current_id(), query)
    for factor in found.rows:
        terminal.say(*2 * (_line(factor),))
    if found.total > len(found.rows):
        terminal.say(f"the first {LONGEST_PAGE} of {found.total}", f"共 {found.total} 个，仅列出前 {LONGEST_PAGE} 个")
    terminal.data({"total": found.total, "factors": [factor_record(factor) for factor in found.rows]})
    return 0


def _line(factor: Factor) -> str:
    what = " · ".join(text for text in (factor.subject, factor.fuel, factor.region, str(factor.year)) if text)
    return f"{factor.id}: WTW {decimal_text(factor.wtw)} {factor.unit}  {what}"


def _compare(shelf: FactorShelf, options: Namespace, terminal: Terminal) -> int:
    found = compare_sets(shelf, options.old, options.new)
    terminal.say(
        f"added {len(found.added)}, removed {len(found.removed)}, changed {len(found.changed)}, same {found.same}",
        f"新增 {len(found.added)}，删除 {len(found.removed)}，变化 {len(found.changed)}，相同 {found.same}",
    )
    for sign, factors in (("+", found.added), ("-", found.removed)):
        for factor in factors:
            terminal.say(*2 * (f"{sign} {_line(factor)}",))
    for change in found.changed:
        ratio = "" if change.ratio is None else f" × {exact_text(change.ratio)}"
        values = f"{decimal_text(change.old.wtw)} → {decimal_text(change.new.wtw)} {change.new.unit}{ratio}"
        terminal.say(*2 * (f"~ {change.old.id} → {change.new.id}: {values} ({', '.join(change.fields)})",))
    terminal.data(found.to_record())
    return 0


def _use(shelf: FactorShelf, options: Namespace, terminal: Terminal) -> int:
    before = shelf.current_id()
    view = use_set(shelf, options.set)
    terminal.say(
        f"{view.content.id} is in use, hash {view.content.hash}; back with: ledger factors use {before}",
        f"现采用 {view.content.id}，哈希 {view.content.hash}；恢复：ledger factors use {before}",
    )
    terminal.data({"current": view.content.id, "hash": view.content.hash, "before": before})
    return 0


def _import(shelf: FactorShelf, options: Namespace, terminal: Terminal) -> int:
    stated = Stated(
        source=options.source,
        licence=options.licence,
        url=options.url,
        page=options.page,
        region=options.region,
        year=options.year,
        gwp_set=options.gwp,
        series=options.series,
        valid_from=options.valid_from,
        valid_to=options.valid_to,
    )
    file = open_factor_file(options.file, form=options.form, columns=dict(options.map))
    seen = preview(file, stated, shelf.factor_set(options.base) if options.base else None)
    _tell(seen, terminal, rows=options.preview)
    if options.preview:
        terminal.data(seen.to_record())
    else:
        made = keep(shelf, seen, options.id, SystemClock(), region=options.meant_for, title=options.title)
        terminal.say(f"kept as {made.id}, hash {made.hash}", f"已存为 {made.id}，哈希 {made.hash}")
        terminal.data({**seen.to_record(), "set": {"id": made.id, "hash": made.hash}})
    return 1 if seen.returned else 0


def _tell(seen: Preview, terminal: Terminal, *, rows: bool) -> None:
    if rows:
        for row in seen.taken:
            where = row.place.text(terminal.locale)
            terminal.say(*2 * (f"+ {_line(row.factor)} ({where})",))
    for back in seen.returned:
        error = back.error
        terminal.say(f"- {error.message('en')}. {error.fix('en')}", f"- {error.message('zh-CN')}。{error.fix('zh-CN')}")
    terminal.say(
        f"{seen.importer}: {len(seen.taken)} rows taken, {len(seen.returned)} came back",
        f"{seen.importer}：采用 {len(seen.taken)} 行，退回 {len(seen.returned)} 行",
    )


def _arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT")

    def act(name: str, run: Act, help_: str) -> ArgumentParser:
        made = acts.add_parser(name, help=help_)
        made.add_argument("--json", action="store_true", default=SUPPRESS, help=SUPPRESS)
        made.set_defaults(act=run)
        return made

    act("list", _list, "every set / 全部因子集")
    show = act("show", _show, "a set, or one factor of it / 因子集或其中一个因子")
    show.add_argument("set", nargs="?", help="id or hash; the current one unless given / 编号或哈希")
    show.add_argument("factor", nargs="?", help="factor id / 因子编号")
    search = act("search", _search, "factors by what they are for / 查找因子")
    search.add_argument("text", nargs="*", default=[], help="words, Chinese or English / 中英文关键词")
    search.add_argument("--set", help="id or hash / 因子集")
    for name in ("mode", "vehicle", "fuel", "region", "series"):
        search.add_argument(f"--{name}", default="")
    search.add_argument("--year", type=int)
    compare = act("compare", _compare, "what differs between two sets / 比较两个因子集")
    compare.add_argument("old")
    compare.add_argument("new")
    use = act("use", _use, "compute with this set from now on / 今后采用此因子集计算")
    use.add_argument("set")
    _import_arguments(act("import", _import, "a file into a new set / 导入为新因子集"))


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--preview", action="store_true", help="show every row, keep nothing / 仅预览")
    parser.add_argument("--id", default="", help="id of the new set / 新因子集编号")
    parser.add_argument("--form", default="", choices=("", *(i.name for i in IMPORTERS)), help="importer / 导入器")
    parser.add_argument("--map", action="append", default=[], type=_mapping, metavar="FIELD=HEADING")
    parser.add_argument("--base", default="", help="set to lay it over / 作为基础的因子集")
    parser.add_argument("--for", dest="meant_for", default="", help="region the set is for, such as CN / 适用地区")
    for name in ("title", "source", "licence", "url", "page", "region", "gwp"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--series", default="", choices=SERIES, help="electricity series / 电力因子系列")
    parser.add_argument("--year", type=int)
    parser.add_argument("--valid-from", type=date.fromisoformat)
    parser.add_argument("--valid-to", type=date.fromisoformat)


def _mapping(text: str) -> tuple[str, str]:
    field, sign, heading = text.partition("=")
    if not sign:
        raise ArgumentTypeError("FIELD=HEADING")
    return field.strip(), heading.strip()


VERBS = {"factors": Verb(_factors, _arguments)}

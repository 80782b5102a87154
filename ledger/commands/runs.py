"""runs: compute everything at a checkpoint and record it; list, show, and compute a run again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.footprint.amount import exact_value
from ledger.records.calculation_run import CalculationRun
from ledger.services.audit import by_operator
from ledger.services.capture import Submission
from ledger.services.compare_runs import CAUSES, Change, compare_runs
from ledger.services.evidence import evidence_of
from ledger.services.project import catch_up
from ledger.services.replay_run import Verdict, replay_run
from ledger.services.runs import newest_runs, result_of, run_named, start_run
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import Ledger, open_ledger

MOST_LISTED: Final = 100
VERDICTS: Final[Mapping[Verdict, tuple[str, str]]] = {
    "holds": ("the entries give the same result, digit for digit", "由记录重算，结果逐位一致"),
    "differs": ("the run DIFFERS from what its entries give", "计算结果与记录重算的结果不一致"),
    "cannot-tell": ("cannot tell: what the run pins is not here", "无法判定：缺少该次计算所固定的内容"),
}
CAUSE_WORDS: Final = {
    "withdrawn": ("withdrawn", "撤回"),
    "added": ("new records", "新增记录"),
    "factors": ("factors", "因子变化"),
    "method": ("method version", "方法版本"),
}


def _runs(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        return _DO[options.do](ledger, options, terminal)


def _start(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    submission = Submission(ledger.settings.tenant, options.submitter, manages=True)
    run, receipt = start_run(ledger, submission, options.factors, options.checkpoint)
    catch_up(ledger.entries, ledger.projections)
    if not receipt.fresh:
        terminal.say(f"This run was recorded before: {run.id}", f"该计算此前已记录：{run.id}")
    _say(run, receipt.seq, terminal)
    terminal.data({"entry": receipt.seq, "fresh": receipt.fresh, "run": msgspec.to_builtins(run)})
    return 0


def _list(ledger: Ledger, _options: Namespace, terminal: Terminal) -> int:
    catch_up(ledger.entries, ledger.projections)
    found, total = newest_runs(ledger, ledger.settings.tenant, MOST_LISTED)
    for entry, run in found:
        _say(run, entry, terminal)
    if not found:
        terminal.say("No run is recorded yet: ledger runs start", "尚无计算；可执行 ledger runs start")
    terminal.data({"total": total, "runs": [{"entry": at, "run": msgspec.to_builtins(run)} for at, run in found]})
    return 0


def _show(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    entry, run = run_named(ledger, ledger.settings.tenant, options.id)
    _say(run, entry, terminal)
    for total in (*run.routes, *run.products):
        kg = shown(exact_value(total.wtw_kg), 3)
        mark = ("", "") if total.complete else (" (incomplete)", "（不完整）")
        terminal.say(f"{total.name}: {kg} kg CO2e{mark[0]}", f"{total.name}：{kg} kg CO2e{mark[1]}")
    terminal.data({"entry": entry, "run": msgspec.to_builtins(run), "result": result_of(ledger, run)})
    return 0


def _replay(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    _, run = run_named(ledger, ledger.settings.tenant, options.id)
    found = replay_run(ledger, run)
    terminal.say(*(f"{run.id}: {said}" for said in VERDICTS[found.verdict]))
    for reason in found.reasons:
        terminal.say(f"Reason: {reason}", f"原因：{reason}")
    for one in found.differences:
        said = f"{one.pointer}: {one.recorded} / {one.recomputed}"
        terminal.say(said, said)
    terminal.data(found.to_record())
    return found.code


def _evidence(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    evidence = evidence_of(ledger, ledger.settings.tenant, options.id)
    ledger.recording.record(by_operator("export", ledger.settings.tenant, evidence.run.id))
    out = Path(options.output or f"{options.id.replace(':', '-')}.zip")
    size = 0
    with out.open("wb") as file:
        for piece in evidence.zipped():
            size += file.write(piece)
    terminal.say(
        f"Evidence of {options.id}: {out}. Unpack it and run: python3 -I recompute.py",
        f"{options.id} 的证据包：{out}。解压后执行：python3 -I recompute.py",
    )
    terminal.data({"file": str(out), "bytes": size})
    return 0


def _compare(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    older, newer = (run_named(ledger, ledger.settings.tenant, name)[1] for name in (options.older, options.newer))
    found = compare_runs(ledger, older, newer)
    for en, zh, whole, changes in (
        ("All routes", "全部线路", found.routes, found.by_route),
        ("All products", "全部产品", found.products, found.by_product),
    ):
        for change in (whole, *changes):
            name = change.name
            terminal.say(f"{name or en}: {_by_cause(change, 0)}", f"{name or zh}：{_by_cause(change, 1)}")
    terminal.data(found.to_record())
    return 0


def _by_cause(change: Change, language: int) -> str:
    parts = ", ".join(f"{CAUSE_WORDS[cause][language]} {shown(change.parts[cause], 3)}" for cause in CAUSES)
    return f"{shown(change.before, 3)} -> {shown(change.after, 3)} kg CO2e ({parts})"


def _say(run: CalculationRun, entry: int, terminal: Terminal) -> None:
    routes, products = (shown(exact_value(kg), 3) for kg in (run.routes_wtw_kg, run.products_wtw_kg))
    terminal.say(
        f"{run.id} (entry {entry}): routes {routes}, products {products} kg CO2e; {run.gaps} gaps; "
        f"{run.factor_set.id}, checkpoint {run.checkpoint.size}",
        f"{run.id}（第 {entry} 号条目）：线路 {routes}，产品 {products} kg CO2e；缺口 {run.gaps} 项；"
        f"{run.factor_set.id}，检查点 {run.checkpoint.size}",
    )


_DO: Final[Mapping[str, Callable[[Ledger, Namespace, Terminal], int]]] = {
    "start": _start,
    "list": _list,
    "show": _show,
    "replay": _replay,
    "evidence": _evidence,
    "compare": _compare,
}


def _arguments(parser: ArgumentParser) -> None:
    does = parser.add_subparsers(dest="do", required=True)
    start = does.add_parser("start", help="compute at a checkpoint and record it / 在检查点上计算并记录")
    start.add_argument("--factors", help="factor set id or hash / 因子集")
    start.add_argument("--checkpoint", type=int, metavar="SIZE", help="an older checkpoint / 较早的检查点")
    start.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    does.add_parser("list", help="newest first / 从新到旧")
    for name, text in (
        ("show", "what it pins and gives / 固定的内容与结果"),
        ("replay", "compute it again from the entries: 0 holds, 1 differs, 2 cannot tell / 由记录重算"),
    ):
        does.add_parser(name, help=text).add_argument("id", help="the run's id / 计算编号")
    evidence = does.add_parser("evidence", help="everything a verifier computes it again from, as a zip / 证据包")
    evidence.add_argument("id", help="the run's id / 计算编号")
    evidence.add_argument("-o", "--output", metavar="FILE", help="file to write / 输出文件")
    compare = does.add_parser("compare", help="what changed from one run to a later one, by cause / 按原因比较")
    compare.add_argument("older", help="the earlier run's id / 较早的计算编号")
    compare.add_argument("newer", help="the later run's id / 较晚的计算编号")


VERBS = {"runs": Verb(_runs, _arguments)}

"""targets: pace, warnings and open tasks; tasks are opened on request."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.services.capture import Submission
from ledger.services.project import catch_up
from ledger.services.targets import open_tasks, targets_of
from ledger.settings import Settings
from ledger.units import shown
from ledger.wiring import open_ledger


def _targets(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        catch_up(ledger.entries, ledger.periods)
        if options.open:
            for outcome in open_tasks(ledger, Submission(settings.tenant, options.submitter)):
                if isinstance(outcome, LedgerError):
                    raise outcome
            catch_up(ledger.entries, ledger.projections)
        found = targets_of(ledger, settings.tenant)
    for one in found.followed:
        if one.pace is None:
            terminal.say(f"{one.target.id}: no figures yet", f"{one.target.id}：尚无实际值")
            continue
        progress, time = shown(one.pace.progress * 100, 1), shown(one.pace.time * 100, 1)
        en, zh = ("behind", "落后") if one.pace.behind else ("on the path", "符合路径")
        terminal.say(
            f"{one.target.id}: {progress} % of the way at {time} % of the time ({one.pace.year}): {en}",
            f"{one.target.id}：{one.pace.year} 年进度 {progress} %，时间 {time} %：{zh}",
        )
    for target, warned in found.due:
        terminal.say(f"Warning without a task, {target.id}: {warned.en}", f"未建任务的预警，{target.id}：{warned.zh}")
    for task in found.open_tasks:
        terminal.say(
            f"Open task of {task.opened.owner}: {task.name}", f"未完成任务（{task.opened.owner}）：{task.name}"
        )
    terminal.data(found.to_record())
    return 1 if found.due or found.open_tasks else 0


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--open", action="store_true", help="open a task for every warning / 为每条预警建立任务")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")


VERBS = {"targets": Verb(_targets, _arguments)}

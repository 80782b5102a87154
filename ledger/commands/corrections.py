"""correct: withdraw a record from every figure, with what stands instead."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ledger.adapters.files import open_file
from ledger.commands.intake import say_refused
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.ports import Receipt
from ledger.records.record import Record
from ledger.services.capture import Outcome, Submission
from ledger.services.import_file import own_vehicles, read_file
from ledger.services.project import catch_up
from ledger.services.withdraw import withdraw
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger


def _correct(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        instead = _instead(ledger, options, terminal)
        if instead is None:
            return 1
        submission = Submission(settings.tenant, options.submitter, manages=True)
        receipt, outcomes = withdraw(ledger, submission, options.record_id, options.reason, instead)
        catch_up(ledger.entries, ledger.projections)
    terminal.say(
        f"{options.record_id} counts no more, by entry {receipt.seq}; the entry itself stays",
        f"{options.record_id} 不再计入任何数值（第 {receipt.seq} 号条目）；原条目保留",
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, LedgerError)]
    taken = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    for one in taken:
        terminal.say(f"Instead: entry {one.seq}", f"替代记录：第 {one.seq} 号条目")
    for error in refused:
        terminal.error(error)
    terminal.data({"withdrawn": options.record_id, "by": receipt.seq, "instead": [one.seq for one in taken]})
    return 1 if refused else 0


def _instead(ledger: Ledger, options: Namespace, terminal: Terminal) -> list[Record] | None:
    """The records of the file; ``None``, and nothing done, when a row of it cannot be read."""
    found: list[Record] = []
    if options.instead is None:
        return found

    def keep(records: Sequence[Record]) -> list[Outcome]:
        found.extend(records)
        return [Receipt(-1, 0, fresh=True)] * len(records)

    own = own_vehicles(ledger.projections, ledger.settings.tenant)
    report = read_file(ledger.factors, open_file(options.instead), keep, own=own)
    if report.refused:
        say_refused(report, terminal)
        return None
    return found


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("record_id", help="record to withdraw / 要撤回的记录编号")
    parser.add_argument("--reason", required=True, help="why, kept for good / 撤回原因（永久保留）")
    parser.add_argument("--with", dest="instead", metavar="FILE", help="file of what stands instead / 替代记录文件")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")


VERBS = {"correct": Verb(_correct, _arguments)}

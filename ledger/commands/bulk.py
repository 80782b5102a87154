"""ingest: a large file of record lines, in several processes, checkpointed and projected in one go."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from time import monotonic

from ledger.adapters.files.spans import spans
from ledger.adapters.workers import processes
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.examine import settle_stored
from ledger.services.ingest import IngestReport, ingest
from ledger.settings import Settings
from ledger.wiring import open_ledger

SHOWN_FAULTS = 20


def _ingest(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    started = monotonic()
    with open_ledger(settings) as ledger, processes(settings.database_url, options.processes) as workers:
        with terminal.progress("Reading blocks", "读取数据块") as progress:
            report = ingest(
                workers,
                tenant=settings.tenant,
                submitter=options.submitter,
                blocks=list(spans(options.file)),
                progress=progress,
                manages=True,
            )
        settle_stored(ledger.worker(), workers)
    _say(report, options.file.name, monotonic() - started, terminal)
    return 1 if report.refused_count else 0


def _say(report: IngestReport, name: str, seconds: float, terminal: Terminal) -> None:
    fresh, known, bad = report.fresh, report.already, report.refused_count
    terminal.say(
        f"{name}: {report.read} records, {fresh} new, {known} known, {bad} refused; checkpointed, not anchored yet",
        f"{name}：共 {report.read} 条，新增 {fresh}，已有 {known}，拒绝 {bad}；已入检查点，尚未上链",
    )
    for error in report.refused[:SHOWN_FAULTS]:
        reason, fix = error.message(terminal.locale), error.fix(terminal.locale)
        terminal.say(f"  {reason}. {fix}", f"  {reason}。{fix}")
    refused = [
        {"row": error.place.row if error.place else None, "rule": error.code, "reason": error.message(terminal.locale)}
        for error in report.refused
    ]
    terminal.data(
        {
            "file": name,
            "read": report.read,
            "fresh": fresh,
            "already": known,
            "refused": bad,
            "rows": refused,
            "seconds": round(seconds, 3),
        }
    )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="records, one JSON object a line / 每行一条 JSON 记录")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many work at once / 并行进程数")


VERBS = {"ingest": Verb(_ingest, _arguments)}

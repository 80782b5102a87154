"""import: files in, bad rows back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ledger.adapters.files import open_file, refused_csv, refused_xlsx
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.import_file import ImportReport, import_file
from ledger.services.sift_rows import preflight
from ledger.settings import Settings
from ledger.wiring import open_ledger

SHOWN_FAULTS = 20


def _import(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    source = open_file(options.file, kind=options.kind)
    with open_ledger(settings) as ledger, terminal.progress("Reading rows", "读取数据行") as progress:
        if options.preflight:
            report = preflight(ledger, source, tenant=settings.tenant)
        else:
            names = {"tenant": settings.tenant, "submitter": options.submitter}
            report = import_file(
                ledger, source, **names, progress=lambda done, total, _: progress(done, total), manages=True
            )
    _say(report, terminal)
    if report.refused and options.refused:
        out = Path(options.refused)
        out.write_bytes(refused_csv(report) if out.suffix == ".csv" else refused_xlsx(report))
        terminal.say(f"Refused rows with reasons: {options.refused}", f"被拒行及原因：{options.refused}")
    terminal.data(report.to_record())
    return 1 if report.refused_count else 0


def _say(report: ImportReport, terminal: Terminal) -> None:
    fresh, known, bad = report.fresh, report.already, report.refused_count
    terminal.say(
        f"{report.file}: {report.read} rows, {fresh} new, {known} known, {bad} refused",
        f"{report.file}：共 {report.read} 行，新增 {fresh}，已有 {known}，拒绝 {bad}",
    )
    say_refused(report, terminal)


def say_refused(report: ImportReport, terminal: Terminal) -> None:
    """The first refused rows, each fault with its place, reason and fix."""
    for refused in report.refused[:SHOWN_FAULTS]:
        for fault in refused.faults:
            where = refused.place.text(terminal.locale)
            column = f" [{fault.column}]" if fault.column else ""
            reason, fix = fault.error.message(terminal.locale), fault.error.fix(terminal.locale)
            terminal.say(f"  {where}{column}: {reason}. {fix}", f"  {where}{column}：{reason}。{fix}")


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help="xlsx, csv, EPCIS JSON or NDJSON / 文件")
    parser.add_argument("--kind", help="what a table's rows are, if its headings do not tell / 表格类型")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    parser.add_argument("--preflight", action="store_true", help="check only, store nothing / 仅检查不入账")
    parser.add_argument("--refused", help="write refused rows with reasons here / 输出被拒行")


VERBS = {"import": Verb(_import, _import_arguments)}

"""import, labels: files in, labels out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from labels import STOCKS, Job, Label, verify_sheet, write_sheet
from ledger.adapters.files import open_file, refused_csv, refused_xlsx
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import SettingsError
from ledger.identity import parse
from ledger.services.import_file import ImportReport, import_file, preflight
from ledger.settings import Settings
from ledger.wiring import open_ledger

SHOWN_FAULTS = 20
_STOCKS = {stock.name: stock for stock in STOCKS}


class SheetUnreadable(SettingsError):
    """A printed symbol did not read back."""

    code = "settings.label-sheet"
    faults: str
    en = "the sheet does not read back: {faults}"
    zh = "标签页回读失败：{faults}"
    fix_en = "Do not use the sheet; report it with the codes"
    fix_zh = "请勿使用该标签页，并连同编码一起反馈"


def _import(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    source = open_file(options.file, kind=options.kind)
    with open_ledger(settings) as ledger, terminal.progress("Reading rows", "读取数据行") as progress:
        if options.preflight:
            report = preflight(ledger, source)
        else:
            names = {"tenant": settings.tenant, "submitter": options.submitter}
            report = import_file(ledger, source, **names, progress=lambda done, total, _: progress(done, total))
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


def _labels(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    texts = Path(options.codes).read_text(encoding="utf-8").splitlines() if options.codes else options.code
    labels = [_label(text) for text in texts if text.strip()]
    job = Job(settings.public_url, _STOCKS[options.stock], locale=terminal.locale)
    with terminal.progress("Drawing labels", "绘制标签") as progress:
        written = write_sheet(options.output, labels, job, lambda done: progress(done, len(labels)))
    checked = verify_sheet(options.output, labels, job)
    if not checked.holds:
        raise SheetUnreadable(faults="; ".join(fault.text(terminal.locale) for fault in checked.faults[:5]))
    terminal.say(
        f"{written.labels} labels on {written.pages} pages, each one decoded: {options.output}",
        f"{written.labels} 枚标签，{written.pages} 页，逐一解码核对：{options.output}",
    )
    terminal.data({"labels": written.labels, "pages": written.pages, "file": str(options.output)})
    return 0


def _label(line: str) -> Label:
    """``code`` or ``code<TAB>name``."""
    code, _, title = line.partition("\t")
    identity = parse(code.strip())
    return Label(identity, title.strip() or identity.element_string())


def _labels_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("code", nargs="*", help="codes to print / 编码")
    parser.add_argument("--codes", help="file of codes, one a line, a tab and the name may follow / 编码文件")
    parser.add_argument("--stock", choices=sorted(_STOCKS), default="L7160", help="label paper / 标签纸")
    parser.add_argument("-o", "--output", default="labels.pdf", help="PDF to write / 输出 PDF")


VERBS = (
    Verb(
        "import", "take a file of records; bad rows come back", "导入记录文件；错误行退回", _import, _import_arguments
    ),
    Verb("labels", "print labels, and read each one back", "打印标签并逐一回读", _labels, _labels_arguments),
)

"""labels: print, verify, reprint, void, and what paper there is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from labels.layout import DPIS
from labels.stocks import STOCKS
from ledger.adapters.files.label_list import label_rows
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import Place
from ledger.identity import CompanyPrefixes
from ledger.ports.labels import LabelOrder, Progress
from ledger.services.label_desk import LabelDesk, order_of, print_job
from ledger.services.label_list import Listing, ListRow, listed, numbers_in, ranged, typed
from ledger.services.print_labels import Printed, print_labels
from ledger.services.project import catch_up
from ledger.services.reprint_labels import reprint_labels
from ledger.services.verify_labels import verify_labels
from ledger.services.void_labels import void_labels
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger

SHOWN = 20


def _labels(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.stocks:
        return _stocks(terminal)
    with open_ledger(settings) as ledger:
        desk = LabelDesk(
            ledger.entries,
            ledger.contents,
            ledger.press,
            ledger.printers,
            ledger.clock,
            ledger.random,
            settings.tenant,
            options.submitter,
        )
        if options.jobs:
            return _jobs(ledger, terminal)
        if options.calibration:
            out = Path(options.output or "calibration.pdf")
            out.write_bytes(ledger.press.calibration(_order(settings, options, (), terminal)))
            terminal.say(f"Calibration page: {out}", f"对位页：{out}")
            return 0
        if options.verify:
            return _verify(desk, options, terminal)
        if options.void:
            numbers = numbers_in(options.numbers)
            done = void_labels(desk, options.void, numbers=numbers, reason=options.reason)
            terminal.say(f"Void, entry {done.receipt.seq}", f"已作废，第 {done.receipt.seq} 号条目")
            if done.encoded:
                terminal.say(
                    "Destroy the tags or write them anew; if their commissioning was captured, declare it wrong",
                    "请销毁或重新写入电子标签；若已采集其启用事件，请声明该事件有误",
                )
            terminal.data({"entry": done.receipt.seq, "numbers": done.numbers, "encoded": done.encoded})
            return 0
        return _print(desk, settings, options, terminal)


def _stocks(terminal: Terminal) -> int:
    for stock in STOCKS:
        terminal.say(f"{stock.name:<14} {stock.en}", f"{stock.name:<14} {stock.zh}")
    terminal.say("Or your own size in mm, for example 80x25", "或自定义尺寸（毫米），例如 80x25")
    terminal.data([{"name": s.name, "label_mm": [s.label[0] / 100, s.label[1] / 100], "dpi": s.dpi} for s in STOCKS])
    return 0


def _jobs(ledger: Ledger, terminal: Terminal) -> int:
    catch_up(ledger.entries, ledger.label_jobs)
    rows = ledger.label_jobs.jobs(ledger.settings.tenant)
    for row in rows:
        terminal.say(
            f"{row.job}  {row.labels} labels, {row.verified} read, {row.reprints} reprints, {row.voids} voids",
            f"{row.job}  {row.labels} 张，读出 {row.verified}，补打 {row.reprints} 次，作废 {row.voids} 次",
        )
    terminal.data([row._asdict() for row in rows])
    return 0


def _verify(desk: LabelDesk, options: Namespace, terminal: Terminal) -> int:
    found = verify_labels(desk, options.verify)
    holds = found.as_recorded and not found.report.faults
    read, of = found.report.verified, found.report.labels
    terminal.say(
        f"{read} of {of} labels read; {'as recorded' if found.as_recorded else 'NOT as recorded'}",
        f"读出 {read} / {of} 张；与入账结果{'一致' if found.as_recorded else '不一致'}",
    )
    terminal.data({"labels": of, "read": read, "as_recorded": found.as_recorded})
    return 0 if holds else 1


def _print(desk: LabelDesk, settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with terminal.progress("Labels", "标签") as bar:
        progress: Progress = lambda _, done, total: bar(done, total)  # noqa: E731 - a bar knows no stages
        if options.reprint:
            done = reprint_labels(
                desk,
                options.reprint,
                numbers=numbers_in(options.numbers),
                reason=options.reason,
                start=options.start,
                progress=progress,
            )
            order = order_of(desk, print_job(desk, done.job).acts[-1 - len({why for _, why in done.spoiled})].record)
        else:
            listing = _listing(settings, options)
            for fault in listing.faults[:SHOWN]:
                why = fault.error.at(fault.place).message(terminal.locale)
                terminal.say(f"  {why}", f"  {why}")
            if listing.refused:
                terminal.data({"refused": listing.refused})
                return 1
            order = _order(settings, options, listing.labels, terminal)
            done = print_labels(desk, order, progress=progress)
    return _say(desk, done, order, options, terminal)


def _say(desk: LabelDesk, done: Printed, order: LabelOrder, options: Namespace, terminal: Terminal) -> int:
    record = next(act.record for act in print_job(desk, done.job).acts if act.index == done.receipt.seq)
    Path(options.output or f"labels.{order.format}").write_bytes(desk.contents.read(record.file_sha256 or ""))
    read, of = done.report.verified, done.report.labels
    terminal.say(
        f"Job {done.job}, entry {done.receipt.seq}: {of} labels on {done.report.pages} pages, {read} read back",
        f"任务 {done.job}，第 {done.receipt.seq} 号条目：{of} 张标签，{done.report.pages} 页，读出 {read} 张",
    )
    for number, why in done.spoiled[:SHOWN]:
        terminal.say(f"  label {number} is void: {why}", f"  第 {number} 张标签作废：{why}")
    terminal.data(
        {
            "job": done.job,
            "entry": done.receipt.seq,
            "labels": of,
            "pages": done.report.pages,
            "read": read,
            "void": [number for number, _ in done.spoiled],
            "file": str(options.output or f"labels.{order.format}"),
        }
    )
    return 0 if read == of and not done.report.faults and not done.spoiled else 1


def _listing(settings: Settings, options: Namespace) -> Listing:
    if options.range:
        rows = ranged(options.range[0], int(options.range[1]) if options.range[1].isdecimal() else 0)
    elif options.codes and Path(options.codes).suffix in {".xlsx", ".csv"}:
        rows = label_rows(Path(options.codes).read_bytes(), Path(options.codes).name)
    elif options.codes:
        rows = typed(Path(options.codes).read_text(encoding="utf-8-sig"))
    else:
        rows = [ListRow(Place(row=row), [code]) for row, code in enumerate(options.code, 1)]
    tags = CompanyPrefixes(settings.company_prefixes) if options.epc or options.encode else None
    return listed(rows, options.title, options.line, tags)


def _order(settings: Settings, options: Namespace, labels: tuple[object, ...], terminal: Terminal) -> LabelOrder:
    return LabelOrder(
        labels=labels,  # type: ignore[arg-type]
        domain=settings.public_url,
        stock=options.stock,
        dpi=options.dpi,
        symbology="GS1 DataMatrix" if options.datamatrix else "QR",
        correction=options.correction,
        start=options.start,
        offset=(options.offset[0], options.offset[1]),
        locale=terminal.locale,
        format="zpl" if options.zpl or options.encode or options.printer else "pdf",
        encode=options.encode,
        native=options.native,
        printer=options.printer,
    )


def _arguments(parser: ArgumentParser) -> None:
    what = parser.add_argument_group("what / 内容")
    what.add_argument("code", nargs="*", help="codes to print / 编码")
    what.add_argument("--codes", help="file of codes: text (tabs), csv or xlsx / 编码文件")
    what.add_argument("--range", nargs=2, metavar=("FIRST", "COUNT"), help="serials counted up / 连续序列号")
    what.add_argument("--title", default="", help="name on the label / 标签名称")
    what.add_argument("--line", action="append", default=[], help="a further line / 其他文字行")
    what.add_argument("--epc", action="store_true", help="print the tag's EPC in small type / 印出 EPC")
    how = parser.add_argument_group("how / 方式")
    how.add_argument("--stock", default="L7160", help="label paper, or WIDTHxHEIGHT in mm / 标签纸或尺寸")
    how.add_argument("--dpi", type=int, choices=DPIS, help="printer resolution / 打印机分辨率")
    how.add_argument("--datamatrix", action="store_true", help="GS1 DataMatrix for small parts / 小零件用码")
    how.add_argument("--correction", choices=("L", "M", "Q", "H"), help="error correction of QR codes / 纠错等级")
    how.add_argument("--start", type=int, default=1, help="first place on the sheet / 起始位置")
    how.add_argument("--offset", type=int, nargs=2, default=(0, 0), help="right and down, 1/100 mm / 右移、下移")
    how.add_argument("--zpl", action="store_true", help="a file for label printers / 标签打印机文件")
    how.add_argument("--native", action="store_true", help="QR codes drawn by the printer / 由打印机绘制二维码")
    how.add_argument("--encode", action="store_true", help="write and read back RFID tags / 写入并回读电子标签")
    how.add_argument("--printer", help="send to this printer (ONECODE_PRINTERS) / 发送至打印机")
    how.add_argument("-o", "--output", help="file to write (default labels.pdf, labels.zpl) / 输出文件")
    how.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    jobs = parser.add_argument_group("instead of printing / 其他操作")
    jobs.add_argument("--stocks", action="store_true", help="list label papers / 列出标签纸")
    jobs.add_argument("--calibration", action="store_true", help="a page to adjust a printer by / 对位页")
    jobs.add_argument("--jobs", action="store_true", help="list print jobs / 列出打印任务")
    jobs.add_argument("--verify", metavar="JOB", help="read a job's file again / 重新回读任务文件")
    jobs.add_argument("--reprint", metavar="JOB", help="print labels of a job again / 补打")
    jobs.add_argument("--void", metavar="JOB", help="declare labels of a job void / 作废")
    jobs.add_argument("--numbers", default="", help="which labels, 1-3,7 (default all) / 标签编号")
    jobs.add_argument("--reason", default="", help="why / 原因")


VERBS = {"labels": Verb(_labels, _arguments)}

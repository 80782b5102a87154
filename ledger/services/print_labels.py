"""Print labels: draw the order, read every label of the file back, record it, and send it when a printer is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ledger.errors import LedgerError, RecordError
from ledger.ports import Receipt
from ledger.ports.labels import MOST_LABELS, Drawn, LabelOrder, LabelReport, OrderedLabel, Progress
from ledger.records.label_print import LabelPrint
from ledger.services.label_desk import LabelDesk, codes_of, put_down, record_id
from ledger.services.void_labels import void_labels


class OrderSize(RecordError):
    """A print job without labels, or with more than one job takes."""

    code = "record.print-job-size"
    got: int
    most: int
    en = "a print job has 1 to {most} labels, this one has {got}"
    zh = "一个打印任务为 1 至 {most} 张标签，本任务为 {got} 张"
    fix_en = "Split the list into several jobs"
    fix_zh = "请把清单分成几个任务"


class Printed(NamedTuple):
    """A print that is recorded: where, how it read back, and which labels its printer spoiled."""

    job: str
    receipt: Receipt
    report: LabelReport
    spoiled: tuple[tuple[int, str], ...] = ()
    """Numbers of labels that are void because their tag does not hold what it should, or never came out; and why."""


def print_labels(
    desk: LabelDesk, order: LabelOrder, *, job: str | None = None, progress: Progress | None = None
) -> Printed:
    """
    One print job, drawn, read back and recorded before anything goes to a printer.

    A file with a label that does not read back is recorded with its report, and sent to no printer. Raises
    ``OrderSize``, leaves of ``LabelError`` and ``IdentityError`` with the row, ``PrinterUnknown``.
    """
    if not 0 < len(order.labels) <= MOST_LABELS:
        raise OrderSize(got=len(order.labels), most=MOST_LABELS)
    name = job or new_job(desk)
    drawn = desk.press.draw(order, progress)
    receipt = put_down(desk, act_of(desk, drawn, order, order.labels, job=name))
    spoiled = send(desk, name, order, drawn, numbers=range(1, len(order.labels) + 1), progress=progress)
    return Printed(name, receipt, drawn.report, spoiled)


def new_job(desk: LabelDesk) -> str:
    """A name that people can say: the day, and six hexadecimal digits."""
    return f"{desk.clock.now():%Y%m%d}-{desk.random.token(3).hex()}"


def act_of(
    desk: LabelDesk,
    drawn: Drawn,
    order: LabelOrder,
    labels: tuple[OrderedLabel, ...],
    *,
    job: str,
    act: int = 1,
    numbers: tuple[int, ...] = (),
    reason: str | None = None,
) -> LabelPrint:
    """The record of a print or reprint, its order, file and report kept."""
    codes, digest = codes_of(labels)
    return LabelPrint(
        act=act,
        action="print" if act == 1 else "reprint",
        codes=codes,
        codes_sha256=digest,
        count=len(labels),
        dpi=drawn.dpi,
        encoded=order.encode,
        file_sha256=desk.contents.keep(drawn.file),
        format=order.format,
        id=record_id(job, act),
        job=job,
        kind="label_print",
        numbers=numbers,
        occurred_at=desk.clock.now(),
        order_sha256=desk.contents.keep(msgspec.json.encode(order)),
        printer=order.printer,
        reason=reason,
        report_sha256=desk.contents.keep(msgspec.json.encode(drawn.report)),
        stock=order.stock,
        verified=drawn.report.verified,
        version=1,
    )


def send(
    desk: LabelDesk,
    job: str,
    order: LabelOrder,
    drawn: Drawn,
    *,
    numbers: Sequence[int],
    progress: Progress | None,
) -> tuple[tuple[int, str], ...]:
    """
    Send a verified file to its printer, label by label; labels that went wrong, with why, once recorded void.

    When the printer fails half-way, what did not come out is void too, and can be reprinted.
    """
    if order.printer is None or order.format != "zpl" or drawn.report.faults:
        return ()
    spoiled: list[tuple[int, str]] = []
    done, failed = 0, ""
    answers = desk.printers.send(order.printer, desk.press.formats(drawn.file), answers=order.encode)
    try:
        for done, (number, label, answer) in enumerate(zip(numbers, order.labels, answers, strict=False), 1):
            wrong = desk.press.verdict(number, label.epc, answer) if order.encode else ""
            if wrong:
                spoiled.append((number, wrong))
            if progress:
                progress("sending", done, len(order.labels))
    except LedgerError as error:
        failed = error.message(order.locale)
        spoiled += [(number, failed) for number in numbers[done:]]
    for wrong in dict.fromkeys(why for _, why in spoiled):
        concerned = tuple(number for number, why in spoiled if why == wrong)
        void_labels(desk, job, numbers=concerned, reason=wrong[:200])
    return tuple(spoiled)

"""Print jobs of labels: what the three services on them share, and how a job is read from its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import msgspec

from ledger.errors import RecordError
from ledger.ports import Clock, EntryStore, Random, Receipt
from ledger.ports.labels import Contents, LabelOrder, LabelPrinters, LabelReport, OrderedLabel, Press
from ledger.records.label_print import MOST_INLINE, LabelPrint
from ledger.records.record import check, decode_body
from ledger.services.capture import Submission, capture_one

MOST_ACTS = 1_000
"""Things done with one job."""
_ORDER, _REPORT = msgspec.json.Decoder(LabelOrder), msgspec.json.Decoder(LabelReport)


class LabelDesk(NamedTuple):
    """What printing works with, and in whose name."""

    entries: EntryStore
    contents: Contents
    press: Press
    printers: LabelPrinters
    clock: Clock
    random: Random
    tenant: str
    submitter: str


class PrintJobAbsent(RecordError):
    """There is no such print job."""

    code = "record.print-job"
    job: str
    en = "there is no print job {job}"
    zh = "没有打印任务 {job}"
    fix_en = "See the list of print jobs"
    fix_zh = "请查看打印任务列表"


class LabelNumberAbsent(RecordError):
    """A label number that the print job does not have."""

    code = "record.label-number"
    job: str
    number: str
    most: int
    en = "print job {job} has labels 1 to {most}, not {number}"
    zh = "打印任务 {job} 的标签编号为 1 至 {most}，没有 {number}"
    fix_en = "Take the numbers from the job's page"
    fix_zh = "请以任务页面上的编号为准"


class LabelVoid(RecordError):
    """A label that was declared void already."""

    code = "record.label-void"
    job: str
    numbers: str
    en = "labels {numbers} of print job {job} are void already"
    zh = "打印任务 {job} 的标签 {numbers} 已作废"
    fix_en = "Nothing to do; to print them again, reprint them"
    fix_zh = "无需处理；如需再次打印请使用补打"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done with a job, and the entry it is."""

    index: int
    recorded_at: int
    record: LabelPrint


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A job as its entries tell it."""

    acts: tuple[Act, ...]

    @property
    def printed(self) -> LabelPrint:
        """The first print."""
        return self.acts[0].record

    @property
    def void(self) -> frozenset[int]:
        """Numbers of labels that are void: declared so, and not printed again since."""
        found: set[int] = set()
        for act in self.acts[1:]:
            numbers = act.record.numbers or range(1, self.printed.count + 1)
            if act.record.action == "void":
                found.update(numbers)
            else:
                found.difference_update(numbers)
        return frozenset(found)


def print_job(desk: LabelDesk, job: str) -> PrintJob:
    """A job of the desk's tenant. Raises ``PrintJobAbsent`` alike for absent and for foreign ones."""
    acts = []
    for number in range(1, MOST_ACTS + 1):
        entry = desk.entries.find(desk.tenant, record_id(job, number))
        if entry is None:
            break
        record = decode_body(entry.body, "label_print")
        assert isinstance(record, LabelPrint)
        acts.append(Act(entry.index, entry.recorded_at, record))
    if not acts:
        raise PrintJobAbsent(job=job[:100])
    return PrintJob(tuple(acts))


def order_of(desk: LabelDesk, record: LabelPrint) -> LabelOrder:
    """What was ordered."""
    return _ORDER.decode(desk.contents.read(record.order_sha256))


def report_of(desk: LabelDesk, record: LabelPrint) -> LabelReport | None:
    """How the drawn file read back; a void has none."""
    return _REPORT.decode(desk.contents.read(record.report_sha256)) if record.report_sha256 else None


def record_id(job: str, act: int) -> str:
    """Under which an act of a job is found."""
    return f"label:{job}:{act}"


def codes_of(labels: Sequence[OrderedLabel]) -> tuple[tuple[str, ...], str]:
    """The labels' identities for a record: themselves where they are few, and the hash of their list."""
    codes = tuple(label.code for label in labels)
    digest = sha256("".join(f"{code}\n" for code in codes).encode()).hexdigest()
    return (codes if len(codes) <= MOST_INLINE else ()), digest


def chosen(job: str, order: LabelOrder, numbers: Sequence[int]) -> list[OrderedLabel]:
    """The labels of these numbers, all for none. Raises ``LabelNumberAbsent``."""
    if not numbers:
        return list(order.labels)
    wrong = next((number for number in numbers if not 1 <= number <= len(order.labels)), None)
    if wrong is not None:
        raise LabelNumberAbsent(job=job, number=str(wrong), most=len(order.labels))
    return [order.labels[number - 1] for number in numbers]


def put_down(desk: LabelDesk, record: LabelPrint) -> Receipt:
    """Record an act. Raises ``RecordError``, and ``RecordConflict`` when another took its number in the meantime."""
    check(record)
    return capture_one(desk, Submission(desk.tenant, desk.submitter), record)

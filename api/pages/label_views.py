"""What the label pages show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from api.pages.words import at
from ledger.errors import Locale
from ledger.ports.labels import JobRow, LabelReport
from ledger.services.label_desk import PrintJob
from ledger.services.label_list import ListFault

SHOWN = 50
"""Faults shown; a job with more is wrong as a whole."""


class StockView(NamedTuple):
    """A kind of label paper."""

    name: str
    words: str
    roll: bool


class JobLine(NamedTuple):
    """A print job in the list."""

    job: str
    at: datetime
    labels: int
    verified: int
    reprints: int
    voids: int
    stock: str
    format: str


class DeskView(NamedTuple):
    """The desk: its choices, what was filled in, and why it is shown again."""

    stocks: list[StockView]
    dpis: tuple[int, ...]
    printers: tuple[str, ...]
    things: list[str]
    next_after: str
    jobs: list[JobLine]
    said: dict[str, Any]
    source: str
    fault: str
    fix: str


class FaultLine(NamedTuple):
    """A row that did not become a label."""

    place: str
    text: str
    why: str
    fix: str


class CheckedView(NamedTuple):
    """A list that was read, before it is printed."""

    token: str
    labels: int
    stock: str
    format: str
    printer: str
    encode: bool
    picture: str
    faults: list[FaultLine]
    refused: int


class JobsView(NamedTuple):
    """The list of jobs."""

    rows: list[JobLine]
    older: int | None


class RunView(NamedTuple):
    """A job on its way, or why it stopped."""

    job: str
    stage: str
    done: int
    total: int
    finished: bool
    fault: str
    fix: str


class UnreadLine(NamedTuple):
    """A label that did not read back."""

    number: int | None
    kind: str
    expected: str
    found: str


class ActLine(NamedTuple):
    """One thing done with a job."""

    act: int
    action: str
    entry: int
    at: datetime
    labels: int
    numbers: str
    verified: int | None
    reason: str
    printer: str
    has_file: bool
    faults: list[UnreadLine]


class JobView(NamedTuple):
    """A job as its entries tell it."""

    job: str
    stock: str
    dpi: int
    format: str
    labels: int
    verified: int
    void: str
    voids: int
    encoded: bool
    pages: int
    acts: list[ActLine]


def job_rows(rows: Sequence[JobRow]) -> list[JobLine]:
    """Jobs for a table."""
    return [
        JobLine(r.job, at(r.printed_at), r.labels, r.verified, r.reprints, r.voids, r.stock, r.format) for r in rows
    ]


def checked_faults(faults: Sequence[ListFault], locale: Locale) -> list[FaultLine]:
    """Refused rows in words."""
    return [
        FaultLine(fault.place.text(locale), fault.text, fault.error.message(locale), fault.error.fix(locale))
        for fault in faults[:SHOWN]
    ]


def job_view(job: str, found: PrintJob, reports: Sequence[LabelReport | None]) -> JobView:
    """A job with everything its page shows, the latest act first."""
    printed, first = found.printed, reports[0]
    acts = []
    for act, report in zip(found.acts, reports, strict=True):
        record = act.record
        faults = [UnreadLine(f.number, f.kind, f.expected, f.found) for f in (report.faults if report else ())[:SHOWN]]
        acts.append(
            ActLine(
                record.act,
                record.action,
                act.index,
                at(act.recorded_at),
                record.count,
                ranges(record.numbers),
                record.verified,
                record.reason or "",
                record.printer or "",
                record.file_sha256 is not None,
                faults,
            )
        )
    void = sorted(found.void)
    return JobView(
        job=job,
        stock=printed.stock,
        dpi=printed.dpi,
        format=printed.format,
        labels=printed.count,
        verified=printed.verified or 0,
        void=ranges(void),
        voids=len(void),
        encoded=printed.encoded,
        pages=first.pages if first else 0,
        acts=acts[::-1],
    )


def ranges(numbers: Sequence[int]) -> str:
    """Rising numbers as people write them: ``1-3, 7``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)

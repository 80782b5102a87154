"""``ports.Press`` by the package ``labels``: PDF and ZPL drawn, rendered, and every label decoded."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO

import msgspec

from labels import Job, Label, stock_named, verify_sheet, write_sheet
from labels.raster import png
from labels.symbol import QR, SYMBOLOGIES
from labels.tag_answers import compared
from labels.verify import DPI, Verification
from labels.zpl import Zpl, zpl_formats
from ledger.errors import LedgerError, Place
from ledger.identity import parse
from ledger.ports.labels import Drawn, LabelFault, LabelOrder, LabelReport, Progress

SMALL_JOB = 1_000
"""Labels that are drawn before other processes would have started."""
PREVIEW_DPI, CUTTING_DPI = 110, 203
_FORMAT_END = re.compile(rb"(?<=\^XZ)\n")


@dataclass(frozen=True, slots=True)
class DrawingPress:
    """The press of this machine; large jobs are drawn in ``workers`` processes."""

    workers: int = max(1, min(os.cpu_count() or 1, 4))

    def draw(self, order: LabelOrder, progress: Progress | None = None) -> Drawn:
        """See ``Press.draw``. For a label printer the drawing is read at the printer's own resolution."""
        job, labels = job_of(order), labels_of(order)
        count = len(labels)
        workers = self._workers(count)

        def told(what: str) -> Callable[[int], None] | None:
            return (lambda done: progress(what, done, count)) if progress else None

        sheet = BytesIO()
        write_sheet(sheet, labels, job, told("drawing"), workers)
        pdf = sheet.getvalue()
        dpi = job.stock.dpi if order.format == "zpl" else DPI
        report = verify_sheet(pdf, labels, job, dpi=dpi, progress=told("reading"), workers=workers)
        file = pdf
        if order.format == "zpl":
            way = Zpl(encode=order.encode, native=order.native)
            file = b"".join(zpl_formats(labels, job, way, told("drawing"), workers))
        return Drawn(file, _report(report), job.stock.dpi)

    def read(self, order: LabelOrder, file: bytes) -> LabelReport:
        """See ``Press.read``."""
        if order.format == "zpl":
            drawn = self.draw(order)
            return drawn.report if drawn.file == file else msgspec.structs.replace(drawn.report, faults=_lost(order))
        return _report(verify_sheet(file, labels_of(order), job_of(order), workers=self._workers(len(order.labels))))

    def _workers(self, count: int) -> int:
        return self.workers if count > SMALL_JOB else 1

    def preview(self, order: LabelOrder) -> bytes:
        """See ``Press.preview``."""
        job = replace(job_of(order), outline=True)
        first = labels_of(order)[: job.stock.per_page - job.start + 1]
        if order.format == "zpl":  # what a label printer cannot take is refused before anything is drawn
            next(zpl_formats(first[:1], job, Zpl(encode=order.encode)), b"")
        return png(_sheet(first, job), dpi=PREVIEW_DPI if not job.stock.roll else CUTTING_DPI)

    def cutting(self, order: LabelOrder, number: int) -> bytes:
        """See ``Press.cutting``."""
        job = job_of(order)
        slot = job.stock.slot(number - 1, job.start, job.offset)
        first = slot.page * job.stock.per_page - job.start + 1
        page = labels_of(order)[max(0, first) : first + job.stock.per_page]
        alone = replace(job, start=job.start if slot.page == 0 else 1)
        scale = CUTTING_DPI / job.stock.dpi
        wide, high = job.stock.size
        box = tuple(int(at * scale) for at in (slot.x, slot.y, slot.x + wide, slot.y + high))
        return png(_sheet(page, alone), dpi=CUTTING_DPI, box=(box[0], box[1], box[2], box[3]))

    def calibration(self, order: LabelOrder) -> bytes:
        """See ``Press.calibration``."""
        from labels.calibration import calibration_page

        return calibration_page(job_of(order))

    def formats(self, file: bytes) -> list[bytes]:
        """See ``Press.formats``."""
        return [part + b"\n" for part in _FORMAT_END.split(file) if part.strip()]

    def verdict(self, number: int, expected: str, answer: bytes | None) -> str:
        """See ``Press.verdict``."""
        try:
            found = compared(number, expected, answer)
        except LedgerError as error:
            return error.message()
        match found.verdict:
            case "match":
                return ""
            case "mismatch":
                return f"tag reads / 读到 {found.read}"
            case _:
                return "tag was not read back / 未读到电子标签"


def job_of(order: LabelOrder) -> Job:
    """The layout of an order. Raises leaves of ``LabelError`` and ``IdentityError``."""
    symbology = next((kind for kind in SYMBOLOGIES if kind.name == order.symbology), QR)
    return Job(
        order.domain,
        stock_named(order.stock, order.dpi),
        symbology,
        order.correction,
        start=order.start,
        offset=order.offset,
        locale=order.locale,
    )


def labels_of(order: LabelOrder) -> list[Label]:
    """The labels of an order. Raises leaves of ``IdentityError`` with the row."""
    found = []
    for row, label in enumerate(order.labels, 1):
        try:
            found.append(Label(parse(label.code), label.title, label.lines, label.epc))
        except LedgerError as error:
            raise error.at(Place(row=row)) from None
    return found


def _lost(order: LabelOrder) -> tuple[LabelFault, ...]:
    """Every label of a file that is not what the order draws to."""
    return tuple(
        LabelFault("different", number, number, 1, label.code, "") for number, label in enumerate(order.labels, 1)
    )


def _sheet(labels: list[Label], job: Job) -> bytes:
    out = BytesIO()
    write_sheet(out, labels, job)
    return out.getvalue()


def _report(found: Verification) -> LabelReport:
    faults = (LabelFault(f.kind, f.number, f.page, f.place, f.expected, f.found) for f in found.faults)
    return LabelReport(labels=found.labels, pages=found.pages, dpi=found.dpi, faults=tuple(faults))

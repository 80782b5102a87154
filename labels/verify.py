"""
Checking a print job: its PDF is rendered and every label decoded as a scanner would, then compared with the job.

A label passes when exactly one symbol of the right kind stands in its place, with its content and error correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from os import PathLike
from typing import Any, Literal, NamedTuple

from labels.composition import Label
from labels.job import Job
from labels.spread import spread
from labels.symbol import SYMBOLOGIES

DPI = 150
"""Resolution of the rendering: far below any printer, so what reads here reads on paper."""
PIECE = 300
"""Labels read in one go, at least."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A label that does not read as it should. ``number``, ``page``, ``place`` count from 1; place row by row."""

    kind: Literal["missing", "different", "unexpected"]
    number: int | None
    page: int
    place: int | None
    expected: str
    found: str

    def text(self, locale: Literal["en", "zh-CN"] = "en") -> str:
        """The fault in words."""
        if locale == "zh-CN":
            words = {"missing": "读不出", "different": "内容不符", "unexpected": "多出的条码"}
            where = f"第 {self.page} 页" + (f"第 {self.place} 格" if self.place else "")
            return f"{where}{words[self.kind]}：应为 {self.expected or '无'}，读到 {self.found or '无'}"
        where = f"page {self.page}" + (f", place {self.place}" if self.place else "")
        return f"{where}: {self.kind}, expected {self.expected or 'nothing'}, read {self.found or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading a job back gave. It says what the file shows, not what a printer has put on paper."""

    labels: int
    pages: int
    dpi: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Every label read back as the job says, and nothing else was found."""
        return self.labels > 0 and not self.faults


class _Wanted(NamedTuple):
    number: int
    page: int
    place: int
    left: int
    top: int
    content: str


class _Read(NamedTuple):
    x: float
    y: float
    content: str
    kind: str


class _Part(NamedTuple):
    """Pages of the file with the labels that should stand on each."""

    source: str | bytes
    pages: list[tuple[int, list[_Wanted]]]
    job: Job
    dpi: int


def verify_sheet(
    source: str | PathLike[str] | bytes,
    labels: Iterable[Label],
    job: Job,
    *,
    dpi: int = DPI,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
) -> Verification:
    """
    Render the PDF at ``source`` (a path or its bytes) page by page and compare it with the same labels and job.

    ``progress`` is called with the number of labels read after every few pages; so many processes read.
    """
    origin = source if isinstance(source, bytes) else str(source)
    faults: list[Fault] = []
    done = 0
    for count, found in spread(_checked, _parts(origin, labels, job, dpi), workers):
        done += count
        faults += found
        if progress:
            progress(done)
    return Verification(done, _page_count(origin), dpi, tuple(faults))


def _parts(origin: str | bytes, labels: Iterable[Label], job: Job, dpi: int) -> Iterator[_Part]:
    """The job cut into runs of pages; pages that the file has beyond the job come last."""
    pages: list[tuple[int, list[_Wanted]]] = []
    last = -1
    for page, group in groupby(_wanted(labels, job), lambda wanted: wanted.page):
        pages.append((page, list(group)))
        last = page
        if sum(len(wanted) for _, wanted in pages) >= PIECE:
            yield _Part(origin, pages, job, dpi)
            pages = []
    pages += [(page, []) for page in range(last + 1, _page_count(origin))]
    if pages:
        yield _Part(origin, pages, job, dpi)


def _page_count(origin: str | bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(origin) as document:
        return len(document)


def _checked(part: _Part) -> tuple[int, list[Fault]]:
    """How many labels should stand on these pages, and what is wrong with them."""
    import pypdfium2

    faults: list[Fault] = []
    with pypdfium2.PdfDocument(part.source) as document:
        for page, wanted in part.pages:
            found = _read(document, page, part.job, part.dpi) if page < len(document) else []
            faults += _compared(page, wanted, found, part.job)
    return sum(len(wanted) for _, wanted in part.pages), faults


def _wanted(labels: Iterable[Label], job: Job) -> Iterator[_Wanted]:
    for number, label in enumerate(labels):
        slot = job.stock.slot(number, job.start, job.offset)
        place = (number + job.start - 1) % job.stock.per_page + 1
        content = job.symbology.content(label.identity, job.domain)
        yield _Wanted(number + 1, slot.page, place, slot.x, slot.y, content)


def _read(document: Any, page: int, job: Job, dpi: int) -> list[_Read]:
    """All symbols on a page: centre [printer dots from the top left], content, and what kind it is."""
    import zxingcpp

    sheet = document[page]
    bitmap = sheet.render(scale=dpi / 72, grayscale=True)
    try:
        pixels: Any = memoryview(bitmap.buffer).cast("B")
        image = zxingcpp.ImageView(pixels, bitmap.width, bitmap.height, zxingcpp.ImageFormat.Lum, bitmap.stride, 1)
        scale = job.stock.dpi / dpi / 4
        codes = zxingcpp.read_barcodes(image, _formats(), try_rotate=False, try_invert=False, try_downscale=False)
        return [_of(code, scale) for code in codes]
    finally:
        bitmap.close()
        sheet.close()


def _formats() -> Any:
    """The kinds of symbols labels carry. Bars are left out: rows of text can look like them."""
    import zxingcpp

    return zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat(getattr(zxingcpp, s.format)) for s in SYMBOLOGIES])


def _of(code: Any, scale: float) -> _Read:
    """A decoded symbol; ``scale`` makes a sum of four corners a centre in printer dots."""
    corners = code.position
    corners = (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)
    x, y = sum(c.x for c in corners) * scale, sum(c.y for c in corners) * scale
    return _Read(x, y, code.text, f"{code.symbology_identifier} {code.ec_level}".strip())


def _compared(page: int, wanted: list[_Wanted], found: list[_Read], job: Job) -> Iterator[Fault]:
    wide, high = job.stock.size
    kind = job.symbology.identifier + (f" {job.level}" if job.symbology.identifier == "]Q1" else "")
    left_over = set(found)
    for label in wanted:
        inside = [r for r in found if 0 <= r.x - label.left < wide and 0 <= r.y - label.top < high]
        left_over -= set(inside[:1])
        first = inside[0] if inside else None
        if first is None:
            yield Fault("missing", label.number, page + 1, label.place, label.content, "")
        elif (first.content, first.kind) != (label.content, kind):
            read = first.content if first.content != label.content else f"{first.kind} {first.content}"
            yield Fault("different", label.number, page + 1, label.place, label.content, read)
    for read_too in sorted(left_over):
        yield Fault("unexpected", None, page + 1, None, "", read_too.content)

"""
Writing a print job as PDF: any number of labels on sheets or a roll, the typeface embedded, symbols as vector paths.

The same job gives the same bytes. Nothing is written when one label is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from typing import Any, BinaryIO

from labels.composition import Frame, Label, Line, Locale, Placed, Setting, compose
from labels.errors import JobSize
from labels.fonts import EM, NAME, SUBSCRIPT_DROP, SUBSCRIPT_SIZE, typeface
from labels.layout import L7160, Stock
from labels.symbol import QR, Correction, Modules, Symbology
from ledger.errors import LedgerError, Place
from ledger.identity import link_stem

MOST_LABELS = 50_000
"""Labels in one file: the PDF writer holds a file in memory, about 4 kB a label."""


_NUMBER = [f"{n} " for n in range(178)]  # the largest QR code has 177 modules a side
_RUN = [f"{n} 1 re " for n in range(178)]
Pen = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Job:
    """How a stack of labels is printed."""

    domain: str
    """Resolver domain the codes point to; a thing without a GS1 key keeps its own address."""
    stock: Stock = L7160
    symbology: Symbology = QR
    correction: Correction = "M"
    start: int = 1
    """First place used on the first sheet, from 1, row by row: a begun sheet can be used up."""
    offset: tuple[int, int] = (0, 0)
    """Feed correction, right and down [1/100 mm]."""
    locale: Locale = "zh-CN"
    outline: bool = False
    """Draw the edge of each label, to adjust a printer on plain paper."""

    def __post_init__(self) -> None:
        link_stem(self.domain)
        self.stock.must_hold(self.start, self.offset)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    labels: int
    pages: int


def write_sheet(
    target: str | PathLike[str] | BinaryIO,
    labels: Iterable[Label],
    job: Job,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """
    Write the PDF of ``labels`` to a path or an open binary file.

    ``progress`` is called with the number of labels done after each page. Raises leaves of ``LabelError`` and
    ``IdentityError`` with the label's number as the row of their place (from 1).
    """
    from reportlab.pdfgen.canvas import Canvas

    typeface()
    stock = job.stock
    points = tuple(length * 72 / 2_540 for length in stock.page)
    canvas = Canvas(_opened(target), pagesize=points, pageCompression=1, invariant=1, initialFontName=NAME)
    canvas.setTitle("OneCode Ledger labels")
    canvas.setCreator("OneCode Ledger")
    canvas.setCatalogEntry("Lang", job.locale)
    pages = done = 0
    pen = _pen(canvas)
    for page in _pages(labels, job):
        _draw_page(canvas, pen, page, job)
        pages += 1
        done += len(page)
        if progress:
            progress(done)
    if not done:
        raise JobSize(got="0", most=MOST_LABELS)
    canvas.save()
    return Written(done, pages)


def _opened(target: str | PathLike[str] | BinaryIO) -> Any:
    return target if hasattr(target, "write") else str(target)


@dataclass(frozen=True, slots=True)
class _Drawn:
    x: int
    y: int
    modules: Modules
    symbol: Placed
    lines: list[Line]


def _pages(labels: Iterable[Label], job: Job) -> Iterator[list[_Drawn]]:
    """Labels composed and placed, a page at a time."""
    frame, page = Frame.of(job.stock), 0
    current: list[_Drawn] = []
    setting = Setting(job.symbology.quiet, link_stem(job.domain).partition("://")[2], job.locale)
    for number, label in enumerate(labels):
        if number >= MOST_LABELS:
            raise JobSize(got=f"> {MOST_LABELS}", most=MOST_LABELS)
        slot = job.stock.slot(number, job.start, job.offset)
        if slot.page != page:
            yield current
            page, current = slot.page, []
        try:
            modules = job.symbology.make(job.symbology.content(label.identity, job.domain), job.correction)
            symbol, lines = compose(frame, label, modules, setting)
        except LedgerError as error:
            raise error.at(Place(row=number + 1)) from None
        current.append(_Drawn(slot.x, slot.y, modules, symbol, lines))
    if current:
        yield current


def _draw_page(canvas: Any, pen: Pen, page: list[_Drawn], job: Job) -> None:
    stock = job.stock
    top = stock.dots(stock.page[1])
    canvas.scale(72 / stock.dpi, 72 / stock.dpi)  # from here on one unit is one printer dot
    canvas.addLiteral("\n".join([_symbol_path(label, top) for label in page]))
    lines = [_line(pen, label.x, top - label.y, line) for label in page for line in label.lines]
    canvas.addLiteral("BT\n" + "\n".join(lines) + "\nET")
    if job.outline:
        wide, high = stock.size
        canvas.setLineWidth(1)
        for label in page:
            canvas.rect(label.x, top - label.y - high, wide, high)
    canvas.showPage()


def _symbol_path(label: _Drawn, top: int) -> str:
    """
    Dark modules as one path filled at once, so that no seams show between the rows.

    The unit is one module and the origin the symbol's lower left corner: short numbers, small files.
    """
    symbol, last = label.symbol, label.modules.height - 1
    left, under = label.x + symbol.x, top - label.y - symbol.y - symbol.height
    runs = "".join([_NUMBER[x] + _NUMBER[last - y] + _RUN[n] for x, y, n in label.modules.dark_runs()])
    return f"q {symbol.module} 0 0 {symbol.module} {left} {under} cm {runs}f Q"


def _line(pen: Pen, left: int, top: int, line: Line) -> str:
    shown = [_lowered(pen, text, line.size) if low else pen(text, line.size) for text, low in line.pieces]
    return f"1 0 0 1 {left + line.x} {top - line.y} Tm " + " ".join(shown)


def _lowered(pen: Pen, text: str, size: int) -> str:
    return f"{-size * SUBSCRIPT_DROP // EM} Ts {pen(text, size * SUBSCRIPT_SIZE // EM)} 0 Ts"


def _pen(canvas: Any) -> Pen:
    """Text operators for a text and a size in dots; names that repeat on every label are written out once."""
    font, document = typeface(), canvas._doc  # noqa: SLF001  the writer's own objects take it the same way

    @lru_cache(maxsize=8_192)
    def shown(text: str, size: int) -> str:
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, document)
        )

    return shown

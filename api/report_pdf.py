"""
A report as PDF: numbered A4 pages, a chart of its parts and its items in tables, in the typeface of labels.

Nothing is lost on paper: a character that the typeface lacks, or that cannot be seen, stands as its code point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Table, TableStyle

from api.pages.catalogue import Translate
from api.pages.pins import PinView
from api.pages.report_views import WIDTH, BarView, Part, ReportView
from api.pages.symbol import QUIET
from labels.fonts import EM, FILE, NAME, SUBSCRIPT_DROP, SUBSCRIPT_SIZE, drawable, spans
from labels.symbol import qr
from ledger.errors import Locale

_INK, _SOFT, _LINE, _ACCENT, _WARN = (
    HexColor(tone) for tone in ("#17211d", "#55625c", "#d5dcd8", "#0b6b4f", "#8a4b00")
)
_MARGIN: Final = 18 * mm
_FRAME: Final = 6
"""What the page frame itself keeps free [1/72 inch]."""
_WIDE: Final = A4[0] - 2 * _MARGIN
_LABEL: Final = 48 * mm
_BAR: Final = 70 * mm
_PIN: Final = 36 * mm


def report_pdf(view: ReportView, locale: Locale, page: Callable[[int, int], str], pin: PinView | None = None) -> bytes:
    """
    The file; ``page`` says a page's number and how many there are. The same view and pin give the same bytes.

    ``pin`` stands at the end, so that whoever has the paper can hold the log to it.
    """
    if NAME not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(NAME, str(FILE)))
    pages = _built(view, locale, str, pin)[1]
    return _built(view, locale, lambda number: page(number, pages), pin)[0]


def _built(view: ReportView, locale: Locale, numbered: Callable[[int], str], pin: PinView | None) -> tuple[bytes, int]:
    """The file and how many pages it has."""
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME,
        rightMargin=_MARGIN - _FRAME,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{view.title}: {view.id}",
        author="OneCode Ledger",
        lang=locale,
        invariant=1,
    )

    def foot(canvas: Any, _document: Any) -> None:
        canvas.setFont(NAME, 7.5)
        canvas.setFillColor(_SOFT)
        canvas.drawString(_MARGIN, 10 * mm, _seen(view.title))
        canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, _seen(numbered(canvas.getPageNumber())))

    story = [*_story(view, _Type(locale)), *(_pinned(pin, _Type(locale)) if pin else ())]
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue(), document.page


def paged(t: Translate) -> Callable[[int, int], str]:
    """How a page says its number."""
    return lambda number, pages: t("report.page", page=number, pages=pages)


class _Type:
    """Paragraphs in the sizes of the report. Chinese breaks between any two characters, English between words."""

    def __init__(self, locale: Locale) -> None:
        self._wrap = {"wordWrap": "CJK"} if locale == "zh-CN" else {}

    def __call__(self, text: str, size: float = 8.5, tone: HexColor = _INK, above: float = 0) -> Paragraph:
        style = ParagraphStyle(
            f"s{size}",
            fontName=NAME,
            fontSize=size,
            leading=size * 1.45,
            textColor=tone,
            spaceBefore=above,
            **self._wrap,
        )
        return Paragraph(marked(text, size), style)

    def heading(self, text: str) -> Paragraph:
        """A heading, never alone at the end of a page."""
        found = self(text, 12, _ACCENT, above=5 * mm)
        found.style.keepWithNext, found.style.spaceAfter = 1, 1.5 * mm
        return found


def _story(view: ReportView, said: _Type) -> Iterator[Any]:
    yield said(view.title, 17)
    yield said(" · ".join(word for word in (view.name, view.id) if word), 11, above=2 * mm)
    yield said(f"{view.made} · {view.tally}", 8.5, _SOFT, above=1 * mm)
    yield said(view.lead, 8.5, _SOFT, above=1 * mm)
    if view.warning:
        yield said(view.warning, 9.5, _WARN, above=2 * mm)
    if view.bars:
        yield said.heading(view.chart)
        yield _chart(view.bars, said)
    for part in view.parts:
        yield said.heading(part.heading)
        yield _items(part, view.none_stated, said)


def _pinned(pin: PinView, said: _Type) -> Iterator[Any]:
    words = [[said(pin.why, 8, _SOFT)], *([said(f"{name}: {value}", 8)] for name, value in pin.rows)]
    beside = Table(words, [_WIDE - _PIN - 4 * mm], hAlign="LEFT")
    yield KeepTogether(
        [
            said.heading(pin.title),
            Table([[_code(pin.text), beside]], [_PIN + 4 * mm, None], style=_ruled(), hAlign="LEFT"),
        ]
    )


def _code(text: str) -> Drawing:
    """A QR code with its quiet zone."""
    modules = qr(text, "L")
    side = modules.width + 2 * QUIET
    x = _PIN / side
    drawing = Drawing(_PIN, _PIN)
    for column, row, length in modules.dark_runs():
        top = (side - QUIET - row - 1) * x
        drawing.add(Rect((column + QUIET) * x, top, length * x, x, fillColor=black, strokeColor=None))
    return drawing


def _chart(bars: list[BarView], said: _Type) -> Table:
    rows = [
        [said(bar.label), _drawn(bar), said(f"{bar.value.shown} kg CO₂e"), said(f"{bar.percent} %", tone=_SOFT)]
        for bar in bars
    ]
    figures = (_WIDE - _LABEL - _BAR) / 2
    return Table(rows, [_LABEL, _BAR, figures * 1.3, figures * 0.7], style=_ruled(), hAlign="LEFT")


def _drawn(bar: BarView) -> Drawing:
    room = _BAR - 6 * mm
    drawing = Drawing(room, 3 * mm)
    drawing.add(Rect(room * bar.x / WIDTH, 0, room * bar.width / WIDTH, 3 * mm, fillColor=_ACCENT, strokeColor=None))
    return drawing


def _items(part: Part, none_stated: str, said: _Type) -> Table:
    """A row for everything said, so that a long item goes on over the page; an item's name stands at its first row."""
    rows, firsts = list[list[Any]](), list[int]()
    for line in part.lines:
        firsts.append(len(rows))
        texts = [said(text) for text in line.says] or [said(none_stated, tone=_SOFT)]
        rows += [[said(line.label, tone=_SOFT) if at == 0 else "", text] for at, text in enumerate(texts)]
    return Table(rows, [_LABEL, _WIDE - _LABEL], style=_ruled(firsts), splitInRow=1, hAlign="LEFT")


def _ruled(firsts: list[int] | None = None) -> TableStyle:
    """Lines above the rows in which something begins; above all without ``firsts``."""
    lines: list[tuple[Any, ...]] = [("LINEABOVE", (0, 0), (-1, -1), 0.4, _LINE)]
    if firsts is not None:
        lines = [("LINEABOVE", (0, row), (-1, row), 0.4, _LINE) for row in firsts]
    padding = [(side, (0, 0), (-1, -1), 1.6) for side in ("TOPPADDING", "BOTTOMPADDING")]
    return TableStyle([*lines, *padding, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")])


def marked(text: str, size: float) -> str:
    """With subscripts, which the typeface itself does not have."""
    low_as = f'<sub rise="{size * SUBSCRIPT_DROP / EM}" size="{size * SUBSCRIPT_SIZE / EM}">'
    pieces = ((escape(_seen(piece)), low) for piece, low in spans(text))
    return "".join(f"{low_as}{piece}</sub>" if low else piece for piece, low in pieces)


def _seen(text: str) -> str:
    """Every character, those that cannot be drawn by their code point."""
    return "".join(c if drawable(c) else "-" if c == "–" else f"[U+{ord(c):04X}]" for c in text)

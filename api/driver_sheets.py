"""
Driver sheets as PDF: for each vehicle its stops in their order, with times, load and a QR code of every order to scan.

A route begins on a page of its own. What a QR code says is the order's name as it was stated, nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any, Final

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from api.report_pdf import marked
from labels.fonts import FILE, NAME
from labels.symbol import qr
from ledger.errors import Locale
from ledger.planning.amounts import amounts_text
from ledger.planning.routes.plan import Plan, Route, Stop
from ledger.planning.routes.problem import clock
from ledger.units import shown

_MARGIN: Final = 15 * mm
_SIDE: Final = 24 * mm
_QUIET: Final = 4
_WIDTHS: Final = [10 * mm, 46 * mm, 34 * mm, 38 * mm, 24 * mm, 28 * mm]
_WORDS: Final[dict[Locale, tuple[str, ...]]] = {
    "en": ("Stop", "Order, place", "Arrive – leave", "Goods", "On board", "Scan"),
    "zh-CN": ("站", "订单、地点", "到达 – 离开", "货物", "到站前载重", "扫码"),
}


def driver_sheets(plan: Plan, locale: Locale) -> bytes:
    """The file; the same plan gives the same bytes."""
    if NAME not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(NAME, str(FILE)))
    out = BytesIO()
    title = "司机单" if locale == "zh-CN" else "Driver sheets"
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN)
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="OneCode Ledger", lang=locale, invariant=1, **margins
    )
    document.build([part for route in plan.routes for part in _sheet(route, locale)] or [_said(title)])
    return out.getvalue()


def _sheet(route: Route, locale: Locale) -> Iterator[Any]:
    zh = locale == "zh-CN"
    yield _said(f"{route.fleet.name} · {route.number}", 17)
    km, kilograms = shown(Fraction(route.metres, 1000), 1), shown(route.grams / 1000, 2)
    leaves, back = clock(route.leaves), clock(route.back)
    yield _said(
        f"{route.depot.name}，{leaves} 出车，{back} 返回；{km} 公里，计划排放 {kilograms} kg CO₂e"
        if zh
        else f"{route.depot.name}, leaves {leaves}, back {back}; {km} km, {kilograms} kg CO₂e planned"
    )
    head = [_said(word, 8, bold=True) for word in _WORDS[locale]]
    rows = [head, *(_row(number, stop, locale) for number, stop in enumerate(route.stops, 1))]
    line = HexColor("#c5ccc8")
    style = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, line), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    yield Table(rows, _WIDTHS, style=style, repeatRows=1, spaceBefore=4 * mm)
    yield PageBreak()


def _row(number: int, stop: Stop, locale: Locale) -> list[Any]:
    order = stop.order
    window = f"({clock(order.opens)} – {clock(order.closes)})" if order.opens or order.closes < 24 * 3600 else ""
    back = {"en": "collect", "zh-CN": "回收"}[locale] if order.direction == "return" else ""
    return [
        _said(str(number), 12),
        _said(f"{order.name}\n{order.place}"),
        _said(f"{clock(stop.arrives)} – {clock(stop.leaves)}\n{window}"),
        _said(f"{amounts_text(order.mass_g, order.volume_cm3)}\n{back}"),
        _said(f"{shown(Fraction(stop.load_g, 1000), 0)} kg"),
        _symbol(order.name),
    ]


def _symbol(text: str) -> Drawing:
    modules = qr(text)
    module = _SIDE / (modules.width + 2 * _QUIET)
    drawing = Drawing(_SIDE, _SIDE)
    for column, row, length in modules.dark_runs():
        x, y = (column + _QUIET) * module, _SIDE - (row + _QUIET + 1) * module
        drawing.add(Rect(x, y, length * module, module, fillColor=black, strokeColor=None, strokeWidth=0))
    return drawing


def _said(text: str, size: float = 9, *, bold: bool = False) -> Paragraph:
    tone = HexColor("#55625c" if bold else "#17211d")
    style = ParagraphStyle(
        f"d{size}{bold}", fontName=NAME, fontSize=size, leading=size * 1.4, textColor=tone, wordWrap="CJK"
    )
    return Paragraph("<br/>".join(marked(line, size) for line in text.split("\n") if line), style)

"""
One page of labels as the content of a PDF page: symbols as one path each, type in units of printer dots.

Source: ISO 32000-1, 8.5 (paths), 9.4 (text).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from labels.composition import Line, Placed
from labels.fonts import EM, SUBSCRIPT_DROP, SUBSCRIPT_SIZE
from labels.layout import Stock
from labels.pdf import FONT, text_codes
from labels.symbol import Modules

_STEP = 8
"""Cells of a row looked up at once; 256 patterns a place."""
_PIECES: list[dict[bytes, str]] = [{} for _ in range(-(-177 // _STEP))]  # the largest QR code has 177 modules a side
_ROW = [str(n) for n in range(177)]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A label composed and placed: its top left corner on the page [dots], its symbol and its lines."""

    x: int
    y: int
    modules: Modules
    symbol: Placed
    lines: list[Line]


def page_content(labels: Sequence[Drawn], stock: Stock, *, outline: bool = False, symbols: bool = True) -> str:
    """The content of a page; one unit is one printer dot. Without ``symbols`` they are left to the printer."""
    top, scale = stock.page_dots[1], f"{72 / stock.dpi:.6f}"
    parts = [f"{scale} 0 0 {scale} 0 0 cm"]
    if symbols:
        parts += [_symbol(label, top) for label in labels]
    parts.append("BT")
    parts += [_line(label.x, top - label.y, line) for label in labels for line in label.lines]
    parts.append("ET")
    if outline:
        wide, high = stock.size
        parts.append("1 w")
        parts += [f"{label.x} {top - label.y - high} {wide} {high} re S" for label in labels]
    return "\n".join(parts)


def texts_of(labels: Sequence[Drawn]) -> Iterator[str]:
    """Every text on a page, for the font."""
    return (text for label in labels for line in label.lines for text, _ in line.pieces)


def _symbol(label: Drawn, top: int) -> str:
    """
    Dark modules as one path filled at once, so that no seams show between rows or between the pieces of a row.

    The unit is one module and the origin the symbol's lower left corner: short numbers, small files.
    """
    symbol, modules = label.symbol, label.modules
    left, under = label.x + symbol.x, top - label.y - symbol.y - symbol.height
    rects = "".join(_rows(modules))
    return f"q {symbol.module} 0 0 {symbol.module} {left} {under} cm\n{rects}f Q"


def _rows(modules: Modules) -> Iterator[str]:
    width, cells = modules.width, modules.cells
    places = [(at, min(at + _STEP, width), _PIECES[at // _STEP]) for at in range(0, width, _STEP)]
    for row in range(modules.height):
        start, found = row * width, ""
        for at, end, known in places:
            piece = cells[start + at : start + end]
            drawn = known.get(piece)
            if drawn is None:
                drawn = known[piece] = _piece(piece, at)
            found += drawn
        yield found.replace("Y", _ROW[modules.height - 1 - row])


def _piece(cells: bytes, at: int) -> str:
    """Dark runs of a few cells beginning at column ``at``; Y stands for the row."""
    runs = Modules(len(cells), 1, cells).dark_runs()
    return "".join(f"{at + x} Y {n} 1 re\n" for x, _, n in runs)


def _line(left: int, top: int, line: Line) -> str:
    return f"1 0 0 1 {left + line.x} {top - line.y} Tm{_type(line)}"


def _type(line: Line) -> str:
    if len(line.pieces) == 1:
        return text_shown(line.pieces[0][0], line.size)
    return _mixed(line.pieces, line.size)


@lru_cache(maxsize=8_192)
def _mixed(pieces: tuple[tuple[str, bool], ...], size: int) -> str:
    return "".join(_lowered(text, size) if low else text_shown(text, size) for text, low in pieces)


@lru_cache(maxsize=8_192)
def text_shown(text: str, size: int) -> str:
    """The operators that set the font to ``size`` and show ``text`` without subscripts."""
    return f" /{FONT} {size} Tf <{text_codes(text)}> Tj"


def _lowered(text: str, size: int) -> str:
    return f" {-size * SUBSCRIPT_DROP // EM} Ts{text_shown(text, size * SUBSCRIPT_SIZE // EM)} 0 Ts"

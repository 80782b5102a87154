"""
What goes where on one label: the symbol left, name and lines right of it, the code in full along the bottom.

All positions and type sizes are whole printer dots; y counts downwards from the top of the label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from labels.errors import SymbolTooSmall, TextTooLong, TooManyLines
from labels.fonts import CAP_HEIGHT, EM, Spans, span_width, spans, width
from labels.layout import Stock
from labels.symbol import Modules
from ledger.identity import URI, Identity
from ledger.identity.keys import Key

Locale = Literal["zh-CN", "en"]

MOST_X = 990
"""Largest module of symbols scanned by hand [1/1000 mm] (GS1 General Specifications, 5.12.3)."""
SMALL_PART = 1_500
"""A label less high than this has no room for text beside its symbol [1/100 mm]."""
CAPTIONS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"SGTIN", "GRAI", "GDTI"}), "序列号", "Serial"),
    (frozenset({"LGTIN"}), "批号", "Batch"),
    (frozenset({"GIAI"}), "资产编号", "Asset"),
    (frozenset({"SSCC"}), "物流单元", "Unit"),
    (frozenset({"SGLN"}), "位置", "Place"),
)
_WORD = re.compile(r"[!-~]+ ?|.[，。；：、）》」』！？％…]*")


@dataclass(frozen=True, slots=True)
class Label:
    """One label: whose it is, what the thing is called, and further lines (category, site, footprint ...)."""

    identity: Identity
    title: str
    lines: tuple[str, ...] = ()
    epc: str = ""
    """What its RFID tag holds, hexadecimal; printed in small type when given."""


class Line(NamedTuple):
    """A line of type: left end and baseline, size of type, and its pieces."""

    x: int
    y: int
    size: int
    pieces: Spans


class Setting(NamedTuple):
    """
    What all labels of a job share.

    Quiet zone [modules], smallest module [1/1000 mm], the domain as printed, the language of captions.
    """

    quiet: int
    least_x: int
    domain: str
    locale: Locale


class Placed(NamedTuple):
    """The symbol of a label: left, top and size of its modules, dots to a module, and its quiet zone [dots]."""

    x: int
    y: int
    width: int
    height: int
    module: int
    quiet: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of one kind of label, worked out once a job [dots]."""

    stock: Stock
    width: int
    height: int
    inset: int
    title: int
    body: int
    least: int
    """Type smaller than this is not printed."""
    small: int
    """Type size of the domain."""
    strip: int
    """Height of the code along the bottom, and of the EPC under it when there is one."""

    @classmethod
    def of(cls, stock: Stock, *, epc: bool = False) -> Frame:
        """Measures in proportion to the label's height, within what is readable; ``epc`` leaves room for that line."""
        wide, high = stock.size
        title = min(max(high * 85 // 1000, stock.dots(212)), stock.dots(388))  # 6 to 11 points
        body = max(title * 72 // 100, stock.dots(159))  # from 4.5 points
        least = stock.dots(141)  # 4 points
        return cls(
            stock=stock,
            width=wide,
            height=high,
            inset=stock.dots(100 if stock.label[1] >= 3_000 else 70),
            title=title,
            body=body,
            least=least,
            small=max(least, body * 3 // 4),
            strip=body * 14 // 10 + (least * 13 // 10 if epc else 0),
        )

    def symbol(self, modules: Modules, quiet: int, least_x: int) -> Placed:
        """Where the symbol goes: the largest whole-dot modules that leave room for text, quiet zone on the label."""
        high = modules.height + 2 * quiet
        side = max(high, modules.width + 2 * quiet)
        room = self.height - 2 * self.inset - self.strip
        least = -(-least_x * self.stock.dpi // 25_400)
        wished = min(room, self.width * 46 // 100) // side
        module = max(least, min(wished, MOST_X * self.stock.dpi // 25_400))
        if module * side > min(room, self.width * 62 // 100):
            raise self.too_small(side, min(room, self.width * 62 // 100), least_x)
        margin = quiet * module
        above = self.inset + (room - high * module) // 2 + margin
        return Placed(self.inset + margin, above, modules.width * module, modules.height * module, module, margin)

    def too_small(self, side: int, room: int, least_x: int) -> SymbolTooSmall:
        """The refusal of a symbol of ``side`` modules that has ``room`` dots."""
        return SymbolTooSmall(
            stock=self.stock.name,
            modules=side,
            x_mm=f"{Decimal(room // side * 25_400 // self.stock.dpi) / 1000:.3f}",
            least_mm=f"{Decimal(least_x) / 1000:.3f}",
        )


def compose(frame: Frame, label: Label, modules: Modules, setting: Setting) -> tuple[Placed, list[Line]]:
    """The symbol and the lines of one label. Raises leaves of ``LabelError`` for what does not fit or has no glyph."""
    if frame.stock.label[1] < SMALL_PART:
        return compact(frame, label, modules, setting)
    placed = frame.symbol(modules, setting.quiet, setting.least_x)
    code = _code(frame, placed, " ".join(hri(label.identity)))
    below = [_small(frame, code, label.epc)] if label.epc else []
    return placed, [*_beside(frame, label, placed, setting), code, *below]


def compact(frame: Frame, label: Label, modules: Modules, setting: Setting) -> tuple[Placed, list[Line]]:
    """A label for a small part: the symbol above, the code in small type below it, each element on lines of its own."""
    size, inset = frame.least, frame.inset
    room, most = frame.width - 2 * inset, frame.height - 2 * inset
    lines = [line for element in hri(label.identity) for line in _wrapped(element, room * EM // size)]
    step = size * 11 // 10
    side = max(modules.width, modules.height) + 2 * setting.quiet
    least = -(-setting.least_x * frame.stock.dpi // 25_400)
    high = most - len(lines) * step
    module = min(high, room) // side
    if module < least:
        raise frame.too_small(side, min(high, room), setting.least_x)
    margin = setting.quiet * module
    x = (frame.width - modules.width * module) // 2
    placed = Placed(x, inset + margin, modules.width * module, modules.height * module, module, margin)
    first = placed.y + placed.height + margin + size * 9 // 10
    return placed, [
        Line((frame.width - width(line) * size // EM) // 2, first + i * step, size, ((line, False),))
        for i, line in enumerate(lines)
    ]


def hri(identity: Identity) -> list[str]:
    """
    The human readable interpretation under the symbol, element by element: ``(01) 09506000134352``, ``(21) 5678``.

    A blank stands behind the brackets (GS1 General Specifications, 4.14); a thing without a GS1 key has its address.
    """
    if identity.key is URI:
        return [identity.text.removeprefix("https://")]
    key = identity.key
    if key.serial_ai and identity.serial:
        return [f"({key.ai}) {identity.code}", f"({key.serial_ai}) {identity.serial}"]
    return [f"({key.ai}) {identity.code}{identity.serial}"]


def _beside(frame: Frame, label: Label, placed: Placed, setting: Setting) -> Iterator[Line]:
    """Name, lines and serial from the top of the symbol down; the domain level with its last row."""
    x = placed.x + placed.width + placed.quiet
    room = frame.width - x - 2 * frame.inset
    size, titles = _title(label.title, room, frame.title)
    numbered = _serial(label.identity, setting.locale)
    leading, step = size * 125 // 100, frame.body * 14 // 10
    head = size * CAP_HEIGHT // EM + (len(titles) - 1) * leading + frame.body * 3 // 10
    y, bottom = _extent(frame, placed, head + bool(numbered) * step, len(label.lines))
    for i, line in enumerate(titles):
        yield Line(x, y + size * CAP_HEIGHT // EM + i * leading, size, line)
    y += head
    for text in label.lines:
        y += step
        yield Line(x, y, *_one_line(text, room, frame.body, frame.least))
    if numbered:
        yield Line(x, y + step, *_tail_kept(numbered, room, frame.body, frame.least))
    if label.identity.key is not URI:
        yield Line(x, bottom, *_one_line(setting.domain, room, frame.small, frame.least))


def _extent(frame: Frame, placed: Placed, taken: int, lines: int) -> tuple[int, int]:
    """Top and bottom of the text: those of the symbol, or further up and then down when it needs more."""
    step = frame.body * 14 // 10
    taken += frame.small * 14 // 10
    above, below = max(0, placed.y - 2 * frame.inset), max(0, placed.quiet - frame.small // 3)
    most = (above + placed.height + below - taken) // step
    if lines > most:
        raise TooManyLines(stock=frame.stock.name, got=lines, most=max(0, most))
    excess = max(0, taken + lines * step - placed.height)
    up = min(excess, above)
    return placed.y - up, placed.y + placed.height + excess - up


def _serial(identity: Identity, locale: Locale) -> tuple[str, str] | None:
    """What people ask each other for: the serial (or the asset number) with its caption."""
    caption = _caption(identity.key, locale)
    return (caption, identity.serial or identity.code) if caption else None


@lru_cache(maxsize=64)
def _caption(key: Key, locale: Locale) -> str:
    return next((zh if locale == "zh-CN" else en for names, zh, en in CAPTIONS if key.name in names), "")


def _code(frame: Frame, placed: Placed, text: str) -> Line:
    """The code in full below the symbol: from its edge when it fits there, else from the label's edge and smaller."""
    length = width(text)
    baseline = placed.y + placed.height + placed.quiet + frame.body
    end = frame.width - 2 * frame.inset
    if length * frame.body <= (end - placed.x) * EM:
        return Line(placed.x, baseline, frame.body, ((text, False),))
    x = 2 * frame.inset
    size = min(frame.body, (end - x) * EM // length)
    if size < frame.least:
        raise TextTooLong(stock=frame.stock.name, text=text)
    return Line(x, baseline, size, ((text, False),))


def _small(frame: Frame, code: Line, epc: str) -> Line:
    """The EPC in the smallest type below the code, from the same edge."""
    room = frame.width - 2 * frame.inset - code.x
    if width(epc) * frame.least > room * EM:
        raise TextTooLong(stock=frame.stock.name, text=epc)
    return Line(code.x, code.y + frame.least * 12 // 10, frame.least, ((epc, False),))


# ---------------------------------------------------------------- fitting type into a room


@lru_cache(maxsize=4_096)
def _one_line(text: str, room: int, size: int, least: int) -> tuple[int, Spans]:
    """One line: smaller down to ``least`` when it must be, then cut with an ellipsis."""
    pieces = spans(text)
    length = span_width(pieces)
    fitting = min(size, room * EM // max(length, 1))
    if fitting >= max(least, size * 4 // 5):
        return fitting, pieces
    smaller = max(least, size * 4 // 5)
    return smaller, spans(_cut(text, room * EM // smaller))


def _cut(text: str, length: int) -> str:
    """As much of ``text`` from its start as fits into ``length`` (thousandths of the type size) before an ellipsis."""
    left = length - width("…")
    for i, character in enumerate(text):
        left -= width(character)
        if left < 0:
            return text[:i].rstrip() + "…"
    return text


def _tail_kept(numbered: tuple[str, str], room: int, size: int, least: int) -> tuple[int, Spans]:
    """Caption and number; of a number too long for the line its end is shown (the code below has all of it)."""
    caption, number = numbered
    text = f"{caption} {number}"
    fitting = min(size, room * EM // width(text))
    if fitting >= max(least, size * 7 // 10):
        return fitting, ((text, False),)
    smaller = max(least, size * 7 // 10)
    head = f"{caption} …"
    kept = _cut(number[::-1], room * EM // smaller - width(head) + width("…")).rstrip("…")[::-1]
    return smaller, ((head + kept, False),)


@lru_cache(maxsize=4_096)
def _title(text: str, room: int, size: int) -> tuple[int, tuple[Spans, ...]]:
    """The name on one or two lines: wrapped, then smaller down to four fifths, then cut with an ellipsis."""
    for smaller in range(size, size * 4 // 5 - 1, -1):
        lines = _wrapped(text, room * EM // smaller)
        if len(lines) <= 2:
            return smaller, tuple(map(spans, lines))
    smaller = size * 4 // 5
    first = _wrapped(text, room * EM // smaller)[0]
    rest = text[len(first) :].lstrip()
    return smaller, (spans(first), spans(_cut(rest, room * EM // smaller)))


def _wrapped(text: str, length: int) -> list[str]:
    """``text`` in lines of at most ``length``: breaks between words and between Chinese characters."""
    lines, left = [""], length
    for word in _pieces(text, length):
        needs = width(word.rstrip())
        if needs > left and lines[-1]:
            lines.append("")
            left = length
        lines[-1] += word
        left -= width(word)
    return [line.rstrip() for line in lines]


def _pieces(text: str, length: int) -> Iterator[str]:
    """Words of ``text``; one that is longer than a line comes letter by letter."""
    width(text)
    for word in _WORD.findall(text):
        if width(word) > length:
            yield from word
        else:
            yield word

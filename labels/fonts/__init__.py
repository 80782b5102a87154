"""
The one typeface of labels: what it can draw and how wide. The file beside this one is embedded into every PDF.

How the font file was made, its licence and checksum: ``README.md`` and ``OFL.txt`` in this folder.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from labels.errors import ControlCharacter, GlyphMissing

NAME = "NotoSansSC-Medium"
FILE = Path(__file__).with_name("NotoSansSC-Medium-GB2312.ttf")
EM = 1000
"""Widths are in thousandths of the type size."""
ASCENT, CAP_HEIGHT, DESCENT = 880, 733, 120
SUBSCRIPT_SIZE, SUBSCRIPT_DROP = 620, 120
"""Size and drop of a subscript in thousandths of the type size; the font itself has no subscript digits."""

_SUBSCRIPT = re.compile(r"(?<![A-Za-z])(CO)2(?![0-9])|([₀-₉]+)")
_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

Spans = tuple[tuple[str, bool], ...]
"""Pieces of a line: the text, and whether it is set as a subscript."""


@cache
def _face() -> Any:
    """The font file, read once in a process."""
    from reportlab.pdfbase.ttfonts import TTFontFace

    return TTFontFace(str(FILE))


def font_subset(characters: Sequence[str]) -> tuple[bytes, list[int]]:
    """A font file of these characters alone, and the glyph of each in it."""
    face, numbers, glyphs = _face(), dict[int, int](), list[int]()
    for character in characters:  # glyph 0 stands for what is missing, the others are numbered as they come
        glyphs.append(numbers.setdefault(face.charToGlyph[ord(character)], len(numbers) + 1))
    return bytes(face.makeSubset([ord(character) for character in characters])), glyphs


@cache
def _widths() -> dict[str, int]:
    """Every character that can be drawn, and its width."""
    face = _face()
    drawable = (chr(code) for code in face.charToGlyph)
    return {c: round(face.getCharWidth(ord(c))) for c in drawable if unicodedata.category(c) not in _INVISIBLE}


def spans(text: str) -> Spans:
    """``text`` cut where a subscript begins or ends: ₀-₉, and the 2 of CO2."""
    parts, at = [], 0
    for match in _SUBSCRIPT.finditer(text):
        lead = text[at : match.start()] + (match[1] or "")
        parts += [(lead, False), (match[2].translate(_PLAIN_DIGITS) if match[2] else "2", True)]
        at = match.end()
    parts.append((text[at:], False))
    return tuple(part for part in parts if part[0])


def drawable(character: str) -> bool:
    """Whether the typeface has it and it can be seen."""
    return character in _widths()


def width(text: str) -> int:
    """Width of a text without subscripts, in thousandths of its type size. Raises for what cannot be drawn."""
    try:
        return sum(map(_widths().__getitem__, text))
    except KeyError:
        raise _undrawable(text) from None


def span_width(pieces: Spans) -> int:
    """Width of a line with its subscripts, in thousandths of its type size."""
    return sum(width(text) * SUBSCRIPT_SIZE // EM if low else width(text) for text, low in pieces)


def _undrawable(text: str) -> ControlCharacter | GlyphMissing:
    known = _widths()
    character = next(c for c in text if c not in known)
    codepoint = f"U+{ord(character):04X}"
    if unicodedata.category(character) in _INVISIBLE:
        return ControlCharacter(text=text, codepoint=codepoint)
    return GlyphMissing(text=text, character=character, codepoint=codepoint)

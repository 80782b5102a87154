"""
A PDF file of label pages, written directly: page contents as given, one embedded subset of the typeface, nothing else.

Text is set by character code (UTF-16, big-endian); a map in the file leads from the code to the glyph. So a page can be
written before it is known which characters the file will need, and text comes out of the file as it went in.
Source: ISO 32000-1, 7.5 (file structure), 9.7 (composite fonts), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from labels.fonts import ASCENT, CAP_HEIGHT, DESCENT, NAME, font_subset, width

FONT = "F1"
"""The typeface's name inside page contents."""
_CATALOGUE, _PAGES, _FONT, _FIRST_FREE = 1, 2, 3, 4
_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{ranges}
endcmap CMapName currentdict /CMap defineresource pop end end"""
_MOST_RANGES = 100
"""Entries of one bfrange block."""


def text_codes(text: str) -> str:
    """``text`` as the hexadecimal string that page contents show it by."""
    return text.encode("utf-16-be").hex()


@dataclass(slots=True)
class PdfFile:
    """Pages in order. ``save`` writes the file; until then nothing is written."""

    page_size: tuple[float, float]
    """Width and height [1/72 inch]."""
    language: str
    characters: set[str] = field(default_factory=set)
    """Every character that some page shows."""
    _contents: list[bytes] = field(default_factory=list)

    def add_page(self, content: bytes, shown: str) -> None:
        """A page by its deflated content, which sets its own units; ``shown`` has every character on it."""
        self._contents.append(content)
        self.characters.update(shown)

    def save(self, file: BinaryIO) -> None:
        """Write everything. The same pages give the same bytes."""
        out = _Objects(file)
        first = _FIRST_FREE
        wide, high = (f"{length:.4f}".rstrip("0").rstrip(".") for length in self.page_size)
        count = len(self._contents)
        kids = " ".join(f"{first + 2 * i} 0 R" for i in range(count))
        out.add(
            _CATALOGUE,
            f"<< /Type /Catalog /Pages {_PAGES} 0 R /Lang ({self.language}) "
            "/ViewerPreferences << /PrintScaling /None >> >>",
        )
        out.add(
            _PAGES,
            f"<< /Type /Pages /Count {count} /MediaBox [0 0 {wide} {high}] "
            f"/Resources << /Font << /{FONT} {_FONT} 0 R >> >> /Kids [{kids}] >>",
        )
        for i, content in enumerate(self._contents):
            number = first + 2 * i
            out.add(number, f"<< /Type /Page /Parent {_PAGES} 0 R /Contents {number + 1} 0 R >>")
            out.add_stream(number + 1, content)
        self._add_font(out, first + 2 * count)
        out.finish(_CATALOGUE)

    def _add_font(self, out: _Objects, first: int) -> None:
        """The composite font: its subset, the way from codes to glyphs, and the way back to text."""
        used = sorted(self.characters) or [" "]
        subset, glyphs = font_subset(used)
        tag = f"ONCODE+{NAME}"
        widths = " ".join(f"{ord(c)} [{width(c)}]" for c in used)
        ways = bytearray(2 * (ord(used[-1]) + 1))
        for character, glyph in zip(used, glyphs, strict=True):
            ways[2 * ord(character) : 2 * ord(character) + 2] = glyph.to_bytes(2, "big")
        descendant, descriptor, file, way, unicode = range(first, first + 5)
        out.add(
            _FONT,
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{tag} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>",
        )
        out.add(
            descendant,
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{tag} /DW 1000 /W [{widths}] /CIDToGIDMap {way} 0 R "
            f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R >>",
        )
        out.add(
            descriptor,
            f"<< /Type /FontDescriptor /FontName /{tag} /Flags 4 /FontBBox [-1000 -500 3000 1500] /ItalicAngle 0 "
            f"/Ascent {ASCENT} /Descent -{DESCENT} /CapHeight {CAP_HEIGHT} /StemV 100 /FontFile2 {file} 0 R >>",
        )
        out.add_stream(file, zlib.compress(subset), f"/Length1 {len(subset)}")
        out.add_stream(way, zlib.compress(bytes(ways)))
        out.add_stream(unicode, zlib.compress(_to_unicode(used).encode("ascii")))


def _to_unicode(used: list[str]) -> str:
    """Codes are characters already: one range for each first byte that occurs."""
    rows = sorted({ord(c) >> 8 for c in used})
    blocks = (rows[i : i + _MOST_RANGES] for i in range(0, len(rows), _MOST_RANGES))
    ranges = "\n".join(
        f"{len(block)} beginbfrange\n"
        + "\n".join(f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>" for row in block)
        + "\nendbfrange"
        for block in blocks
    )
    return _UNICODE.format(ranges=ranges)


class _Objects:
    """Numbered objects, written as they come, and the table of where each begins."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at, self._places = file, 0, dict[int, int]()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, number: int, body: str) -> None:
        self._places[number] = self._at
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))

    def add_stream(self, number: int, data: bytes, more: str = "") -> None:
        """A stream whose data is deflated already."""
        self._places[number] = self._at
        head = f"{number} 0 obj\n<< /Filter /FlateDecode /Length {len(data)} {more}>>\nstream\n"
        self._write(head.encode("ascii") + data + b"\nendstream\nendobj\n")

    def finish(self, root: int) -> None:
        start, count = self._at, max(self._places) + 1
        lines = [b"0000000000 65535 f \n", *(b"%010d 00000 n \n" % self._places[n] for n in range(1, count))]
        self._write(b"xref\n0 %d\n" % count + b"".join(lines))
        self._write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, root, start))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)

"""Pages as pixels: what a printer's dots will be, pictures for people, and cuttings of single labels."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

from labels.layout import Stock

HALF = 128
"""A dot is printed when it is covered by half or more."""


class Bitmap(NamedTuple):
    """Rows of dots from the top, eight to a byte, 1 is black; a row ends at a whole byte."""

    width: int
    height: int
    row_bytes: int
    data: bytes


def bitmaps(pdf: bytes, stock: Stock) -> Iterator[Bitmap]:
    """Every page of a roll's PDF, dot for dot as its printer prints it."""
    wide, high = stock.page_dots
    for picture in _pages(pdf, stock.dpi):
        dots = picture.point(lambda level: 255 if level < HALF else 0).convert("1", dither=0)
        assert dots.size == (wide, high), dots.size
        yield Bitmap(wide, high, -(-wide // 8), dots.tobytes())


def png(pdf: bytes, page: int = 0, dpi: int = 110, box: tuple[int, int, int, int] | None = None) -> bytes:
    """A page (from 0) as a PNG; ``box`` is a part of it: left, top, right, bottom [pixels at ``dpi``]."""
    (picture,) = _pages(pdf, dpi, page)
    out = BytesIO()
    (picture.crop(box) if box else picture).convert("L").quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _pages(pdf: bytes, dpi: int, only: int | None = None) -> Iterator[Any]:
    """Pages as grey pictures. The scale is a hair below, because the renderer rounds sizes up to whole pixels."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)) if only is None else (only,):
            page = document[number]
            bitmap = page.render(scale=dpi / 72 * (1 - 1e-6), grayscale=True)
            yield bitmap.to_pil()
            bitmap.close()
            page.close()

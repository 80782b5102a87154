"""
Label stock: paper and label sizes, one row each in ``STOCKS``, and the places of labels on a page in printer dots.

Sizes of label paper come from makers' data sheets (not measured here; an offset of the job puts a printer right).
Lengths are in 1/100 mm, origin at the top left of the page, as makers print them on the box. Drawing happens in whole
dots of the printer (203, 300 or 600 to the inch), so that every module of a symbol is the same number of dots wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from labels.errors import PositionOutside

A4 = (21_000, 29_700)
DPIS = (203, 300, 600)
"""Resolutions of label printers [dots to the inch]."""
_INCH = 2_540
FARTHEST_OFFSET = 2_000
"""A feed correction larger than 20 mm is a mistake."""


Correction = Literal["L", "M", "Q", "H"]
"""Error correction of a QR code: about 7, 15, 25, 30 per cent of it may be lost. Q or H for outdoor plates."""


class Slot(NamedTuple):
    """A label's place: page from 0, and its top left corner on the page [dots]."""

    page: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Stock:
    """A kind of label paper. ``label`` is width and height, ``pitch`` the step to the next label [1/100 mm]."""

    name: str
    zh: str
    en: str
    label: tuple[int, int]
    page: tuple[int, int] = A4
    columns: int = 1
    rows: int = 1
    left: int = 0
    top: int = 0
    pitch: tuple[int, int] = (0, 0)
    dpi: int = 300
    correction: Correction = "M"
    roll: bool = False
    """One label is one page, and a label printer can take it."""
    flag: bool = False
    """The label is one end of a longer piece that wraps around a cable."""

    @property
    def per_page(self) -> int:
        """Labels on a page."""
        return self.columns * self.rows

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a label [dots]."""
        return self.dots(self.label[0]), self.dots(self.label[1])

    @property
    def page_dots(self) -> tuple[int, int]:
        """Width and height of the page [dots]."""
        return self.dots(self.page[0]), self.dots(self.page[1])

    @property
    def page_points(self) -> tuple[float, float]:
        """Width and height of the page [1/72 inch]; of a roll in whole dots, so that no printer driver scales it."""
        if self.roll:
            return self.page_dots[0] * 72 / self.dpi, self.page_dots[1] * 72 / self.dpi
        return self.page[0] * 72 / _INCH, self.page[1] * 72 / _INCH

    def dots(self, length: int) -> int:
        """A length in 1/100 mm in whole dots, the nearest."""
        return (2 * length * self.dpi + _INCH) // (2 * _INCH)

    def slot(self, number: int, start: int, offset: tuple[int, int]) -> Slot:
        """The place of label ``number`` (from 0) when the first goes to place ``start`` (from 1, row by row)."""
        page, place = divmod(number + start - 1, self.per_page)
        row, column = divmod(place, self.columns)
        x = self.left + column * self.pitch[0] + offset[0]
        y = self.top + row * self.pitch[1] + offset[1]
        return Slot(page, self.dots(x), self.dots(y))

    def must_hold(self, start: int, offset: tuple[int, int]) -> None:
        """Raises ``PositionOutside`` for a start or offset that lies off the sheet."""
        if not 1 <= start <= self.per_page:
            raise PositionOutside(stock=self.name, wanted=str(start), most=str(self.per_page))
        if max(map(abs, offset)) > FARTHEST_OFFSET:
            raise PositionOutside(stock=self.name, wanted=str(offset), most=str(FARTHEST_OFFSET))


L7160 = Stock("L7160", "A4 63.5×38.1 毫米 21 张", "A4 63.5×38.1 mm, 21 labels", (6_350, 3_810),
              columns=3, rows=7, left=725, top=1_515, pitch=(6_604, 3_810))  # fmt: skip
L7159 = Stock("L7159", "A4 63.5×33.9 毫米 24 张", "A4 63.5×33.9 mm, 24 labels", (6_350, 3_390),
              columns=3, rows=8, left=725, top=1_290, pitch=(6_604, 3_390))  # fmt: skip
L7163 = Stock("L7163", "A4 99.1×38.1 毫米 14 张", "A4 99.1×38.1 mm, 14 labels", (9_910, 3_810),
              columns=2, rows=7, left=465, top=1_515, pitch=(10_160, 3_810))  # fmt: skip
L7651 = Stock("L7651", "A4 38.1×21.2 毫米 65 张", "A4 38.1×21.2 mm, 65 labels", (3_810, 2_120),
              columns=5, rows=13, left=475, top=1_070, pitch=(4_060, 2_120))  # fmt: skip

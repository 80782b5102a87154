"""A heat map: how often each of some rows took each of some places, the more often the darker."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

CELL: Final = 48
"""Side of a cell in the drawing's units."""
LABEL: Final = 190
"""Width kept for a row's name."""
HEAD: Final = 26
"""Height kept for the places' numbers."""


class HeatCell(NamedTuple):
    """One row at one place: where it is drawn, how dark from 0 to 1 as text, and its share in percent."""

    x: int
    y: int
    opacity: str
    percent: int


class HeatMap(NamedTuple):
    """The drawing, rows first; every cell is ``CELL`` wide and high."""

    rows: tuple[tuple[HeatCell, ...], ...]
    width: int
    height: int


def heat_map(counts: Sequence[Sequence[int]]) -> HeatMap:
    """The drawing of a table of counts; each row's share is of its own sum, rounded half up to whole percent."""
    rows = []
    for at, row in enumerate(counts):
        whole = sum(row) or 1
        shares = [int(Fraction(count * 100, whole) + Fraction(1, 2)) for count in row]
        rows.append(
            tuple(
                HeatCell(LABEL + place * CELL, HEAD + at * CELL, f"{share // 100}.{share % 100:02d}", share)
                for place, share in enumerate(shares)
            )
        )
    widest = max((len(row) for row in counts), default=0)
    return HeatMap(tuple(rows), LABEL + widest * CELL, HEAD + len(counts) * CELL)

"""Two straight lines that cross: what two bids cost as the price of carbon rises."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

WIDTH: Final = 600
HEIGHT: Final = 200
MARGIN: Final = 24


class Crossing(NamedTuple):
    """Both lines as points of an SVG polyline, and where they meet, in the drawing's units."""

    first: str
    second: str
    x: int
    y: int


def crossing(first: tuple[Fraction, Fraction], second: tuple[Fraction, Fraction], at: Fraction) -> Crossing:
    """
    The lines of (value at zero, slope) from zero to twice ``at``, the point above zero where they are equal.

    Values grow upwards; both lines fill the height.
    """
    ends = [(start, start + 2 * at * slope) for start, slope in (first, second)]
    low, high = min(min(end) for end in ends), max(max(end) for end in ends)
    span = (high - low) or Fraction(1)

    def y(value: Fraction) -> int:
        return round(HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN))

    lines = [f"{MARGIN},{y(start)} {WIDTH - MARGIN},{y(end)}" for start, end in ends]
    return Crossing(lines[0], lines[1], WIDTH // 2, y(first[0] + at * first[1]))

"""How a figure falls with a number that counts 1, 2, 3 …: a line with a point for each, as SVG coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

ACROSS: Final = 640
DOWN: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 110, 30, 24, 40


class Point(NamedTuple):
    """Where the figure of a number is; ``number`` is its place among the values, from 0."""

    x: int
    y: int
    number: int


class Steps(NamedTuple):
    """The points that have a figure, the line through them, and marks upwards from 0."""

    points: tuple[Point, ...]
    line: str
    ticks: tuple[tuple[int, Fraction], ...]


def steps(values: Sequence[Fraction | None]) -> Steps:
    """From 0 to the most; values that are ``None`` have no point."""
    most = max((value for value in values if value is not None), default=Fraction(1)) or Fraction(1)
    wide, tall = ACROSS - LEFT - RIGHT, DOWN - TOP - BOTTOM

    def y(value: Fraction) -> int:
        return DOWN - BOTTOM - round(value / most * tall)

    points = tuple(
        Point(LEFT + number * wide // max(len(values) - 1, 1), y(value), number)
        for number, value in enumerate(values)
        if value is not None
    )
    ticks = tuple((y(most * part / 4), most * part / 4) for part in range(5))
    return Steps(points, " ".join(f"{one.x},{one.y}" for one in points), ticks)

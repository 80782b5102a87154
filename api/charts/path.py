"""A path over years and the values beside it, as lines in a box; the years stand below, the scale at the side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

WIDTH: Final = 400
HEIGHT: Final = 200
LEFT, RIGHT, TOP, BOTTOM = 58, 18, 12, 28
MOST_TICKS: Final = 6


class Dot(NamedTuple):
    """A point in the box."""

    x: int
    y: int


class Tick(NamedTuple):
    """A mark on an axis: where, and what stands there."""

    at: int
    value: Fraction


class PathChart(NamedTuple):
    """Lines as ``points`` of an SVG polyline, dots of the values by year, marks of both axes."""

    path: str
    actual: str
    dots: tuple[tuple[int, Dot], ...]
    years: tuple[Tick, ...]
    scale: tuple[Tick, ...]


def path_chart(path: Mapping[int, Fraction], actual: Mapping[int, Fraction]) -> PathChart:
    """
    The chart of a path with two years at least, and of the values there are.

    The scale begins at zero, so that a fall looks as large as it is.
    """
    first, last = min(path), max(path)
    most = max([*path.values(), *actual.values()]) or Fraction(1)

    def dot(year: int, value: Fraction) -> Dot:
        across = Fraction(year - first, last - first) * (WIDTH - LEFT - RIGHT)
        return Dot(LEFT + round(across), round(HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)))

    dots = tuple((year, dot(year, value)) for year, value in sorted(actual.items()))
    step = -(-(last - first) // MOST_TICKS)
    years = tuple(Tick(dot(year, Fraction(0)).x, Fraction(year)) for year in range(first, last + 1, step))
    scale = tuple(Tick(dot(first, most * part / 4).y, most * part / 4) for part in range(5))
    return PathChart(
        _points([dot(year, value) for year, value in sorted(path.items())]),
        _points([one for _, one in dots]),
        dots,
        years,
        scale,
    )


def _points(dots: Sequence[Dot]) -> str:
    return " ".join(f"{one.x},{one.y}" for one in dots)

"""A small line of how something fell over time, and points of two figures against each other, as SVG coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

WIDTH: Final = 160
HEIGHT: Final = 36
_INSIDE: Final = 3
ACROSS: Final = 640
DOWN: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 84, 120, 18, 40


def course(points: Sequence[tuple[int, Fraction]]) -> str:
    """The points of a polyline through (how far, value), in ``WIDTH`` by ``HEIGHT``; empty for fewer than two."""
    if len(points) < 2:
        return ""
    first, last = points[0][0], points[-1][0]
    low, high = min(value for _, value in points), max(value for _, value in points)
    wide, tall = WIDTH - 2 * _INSIDE, HEIGHT - 2 * _INSIDE
    return " ".join(
        f"{_INSIDE + (at - first) * wide // max(last - first, 1)},"
        f"{HEIGHT - _INSIDE - (int((value - low) * tall / (high - low)) if high > low else 0)}"
        for at, value in points
    )


class Spot(NamedTuple):
    """A point of the drawing with its number among those given; ``end`` when its name stands to its left."""

    x: int
    y: int
    number: int
    end: bool


class Tick(NamedTuple):
    """A mark on an axis: where, and what stands there."""

    at: int
    value: Fraction


class Against(NamedTuple):
    """Points of two figures, the line through those that nothing beats in both, marks of both axes."""

    spots: tuple[Spot, ...]
    edge: str
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]


def against(points: Sequence[tuple[Fraction, Fraction]]) -> Against:
    """(across, upwards), at least one, each axis from a little below its least to its most."""
    (left, right), (low, high) = (_span([point[axis] for point in points]) for axis in (0, 1))

    def x(value: Fraction) -> int:
        return LEFT + round((value - left) / (right - left) * (ACROSS - LEFT - RIGHT))

    def y(value: Fraction) -> int:
        return DOWN - BOTTOM - round((value - low) / (high - low) * (DOWN - TOP - BOTTOM))

    spots = tuple(Spot(x(a), y(b), number, x(a) > ACROSS * 2 // 3) for number, (a, b) in enumerate(points))
    unbeaten = sorted({(a, b) for a, b in points if not any(c <= a and d <= b and (c, d) != (a, b) for c, d in points)})
    return Against(
        spots,
        " ".join(f"{x(a)},{y(b)}" for a, b in unbeaten),
        tuple(Tick(x(value), value) for value in (left + (right - left) * part / 4 for part in range(5))),
        tuple(Tick(y(value), value) for value in (low + (high - low) * part / 4 for part in range(5))),
    )


def _span(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    low, high = min(values), max(values)
    room = (high - low) / 8 or abs(high) / 8 or Fraction(1)
    return low - room, high + room

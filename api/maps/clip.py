"""Cutting a ring of points to a box (Sutherland and Hodgman, 1974), in whole numbers."""

from __future__ import annotations

from collections.abc import Callable

Point = tuple[int, int]
Ring = list[Point]
Box = tuple[int, int, int, int]
"""West, south, east, north."""


def clipped(ring: Ring, box: Box) -> Ring:
    """The part of a closed ring inside a box; empty when there is none. Cut edges run along the box."""
    west, south, east, north = box
    for inside, crossing in (
        (lambda p: p[0] >= west, lambda a, b: _at_x(a, b, west)),
        (lambda p: p[0] <= east, lambda a, b: _at_x(a, b, east)),
        (lambda p: p[1] >= south, lambda a, b: _at_y(a, b, south)),
        (lambda p: p[1] <= north, lambda a, b: _at_y(a, b, north)),
    ):
        ring = _cut(ring, inside, crossing)
    return ring


def _cut(ring: Ring, inside: Callable[[Point], bool], crossing: Callable[[Point, Point], Point]) -> Ring:
    kept: Ring = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        if inside(point) != inside(before):
            kept.append(crossing(before, point))
        if inside(point):
            kept.append(point)
    return kept


def _at_x(a: Point, b: Point, x: int) -> Point:
    return x, a[1] + (b[1] - a[1]) * (x - a[0]) // (b[0] - a[0])


def _at_y(a: Point, b: Point, y: int) -> Point:
    return a[0] + (b[0] - a[0]) * (y - a[1]) // (b[1] - a[1]), y


def doubled_area(ring: Ring) -> int:
    """Twice the area that a ring encloses, negative when it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True))

"""
A package from the front, to scale: each layer in the one outside it, standing on its ground, the product innermost.

Nobody states where a thing lies in its layer: each stands in the middle, turned where it would not go in as stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Final, NamedTuple

WIDTH: Final = 400
HEIGHT: Final = 240
"""The most that is drawn, in pixels, without what is left free around it."""
_TONES: Final = 5
_FREE: Final = 8

Size = tuple[int, int, int]


class Rect(NamedTuple):
    """A layer, and the tone of its key."""

    x: int
    y: int
    width: int
    height: int
    tone: int


class Nested(NamedTuple):
    """Rectangles from outside in; how wide and high the drawing is."""

    rects: tuple[Rect, ...]
    width: int
    height: int


def nested(packages: Sequence[Sequence[Size]]) -> list[Nested]:
    """
    Packages beside each other at one scale, each of outside lengths, widths and heights [mm] from outside in.

    The largest fills the drawing; what would be less than a pixel has one.
    """
    faces = [_faces(sizes) for sizes in packages]
    across, up = (max((face[axis] for one in faces for face in one), default=1) for axis in (0, 1))
    room = (WIDTH * up, HEIGHT * across)  # the narrower of the two directions sets the scale
    over, under = (WIDTH, across) if room[0] <= room[1] else (HEIGHT, up)
    wide, high = (max(1, round(length * over / under)) for length in (across, up))

    def scaled(length: int) -> int:
        return max(1, round(length * over / under))

    def drawn(number: int, face: tuple[int, int]) -> Rect:
        width, height = scaled(face[0]), scaled(face[1])
        return Rect(_FREE + (wide - width) // 2, _FREE + high - height, width, height, number % _TONES + 1)

    size = wide + 2 * _FREE, high + 2 * _FREE
    return [Nested(tuple(drawn(*numbered) for numbered in enumerate(one)), *size) for one in faces]


def _faces(sizes: Sequence[Size]) -> list[tuple[int, int]]:
    """Length and height of each, as it stands or as it fits into what is outside it."""
    faces = list[tuple[int, int]]()
    for size in sizes:
        faces.append(_face(size, faces[-1] if faces else None))
    return faces


def _face(size: Size, outside: tuple[int, int] | None) -> tuple[int, int]:
    stated = (size[0], size[2])
    if outside is None or (stated[0] <= outside[0] and stated[1] <= outside[1]):
        return stated
    turned = ((one, two) for one, two in permutations(size, 2) if one <= outside[0] and two <= outside[1])
    return next(turned, stated)

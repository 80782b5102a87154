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
_TONES: Final = 5
_ROOM: Final = 8
"""What is left free around the picture."""


class Rect(NamedTuple):
    """A layer, and the tone of its key."""

    x: int
    y: int
    width: int
    height: int
    tone: int


class Nested(NamedTuple):
    """Rectangles from outside in, and how high the drawing is."""

    rects: tuple[Rect, ...]
    height: int


def nested(sizes: Sequence[tuple[int, int, int]]) -> Nested:
    """Outside lengths, widths and heights [mm], from outside in; one at least."""
    faces = list[tuple[int, int]]()
    for size in sizes:
        faces.append(_face(size, faces[-1] if faces else None))
    across, up = max(one for one, _ in faces), max(one for _, one in faces)
    high = min(HEIGHT, -(-up * WIDTH // across))

    def scaled(length: int) -> int:
        """Pixels, rounded, one at least; the larger of the two directions fills the picture."""
        return max(1, min(round(length * WIDTH / across), round(length * high / up)))

    ground = _ROOM + high
    rects = tuple(
        Rect(
            _ROOM + (WIDTH - scaled(length)) // 2,
            ground - scaled(height),
            scaled(length),
            scaled(height),
            number % _TONES + 1,
        )
        for number, (length, height) in enumerate(faces)
    )
    return Nested(rects, high + 2 * _ROOM)


def _face(size: tuple[int, int, int], outside: tuple[int, int] | None) -> tuple[int, int]:
    """Length and height as it stands, or as it fits into what is outside it."""
    stated = (size[0], size[2])
    if outside is None or (stated[0] <= outside[0] and stated[1] <= outside[1]):
        return stated
    turned = ((one, two) for one, two in permutations(size, 2) if one <= outside[0] and two <= outside[1])
    return next(turned, stated)

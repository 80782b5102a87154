"""
Where a tile is found: the paths of C2SP tlog-tiles, ``<L>/<N>`` and ``<L>/<N>.p/<W>``.

``N`` is written in path elements of three digits, all but the last with an ``x`` before it: 1234067 is
``x001/x234/067``. ``W`` is the width of a tile that is not full.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ledger.log.tiles import TILE_WIDTH

LEVELS: Final = 64
MOST_ELEMENTS: Final = 6
"""Elements of a number that is read: up to 10^18 tiles, more than 64-bit sizes call for above level 0."""
_NUMBER: Final = re.compile(rf"(?:x[0-9]{{3}}/){{0,{MOST_ELEMENTS - 1}}}[0-9]{{3}}", re.ASCII)
_WIDTH: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_LEVEL: Final = re.compile(r"0|[1-9][0-9]?", re.ASCII)


class TilePlace(NamedTuple):
    """A tile by number, and how many of its hashes or entries are meant: 256, or fewer of one that is not full."""

    number: int
    width: int = TILE_WIDTH


def tile_path(place: TilePlace) -> str:
    """The path of a tile below its level."""
    digits = f"{place.number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    elements = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{one}" for one in elements[:-1]), elements[-1]])
    return path if place.width == TILE_WIDTH else f"{path}.p/{place.width}"


def read_tile_path(path: str) -> TilePlace | None:
    """The place that a path names in its one form; ``None`` for any other text."""
    number, partial, width = path.partition(".p/")
    if not _NUMBER.fullmatch(number) or (partial and not _WIDTH.fullmatch(width)):
        return None
    place = TilePlace(int(re.sub("[x/]", "", number)), int(width) if partial else TILE_WIDTH)
    return place if place.width <= TILE_WIDTH and tile_path(place) == path else None


def read_level(text: str) -> int | None:
    """The level that a path names, 0 to 63; ``None`` for any other text."""
    return int(text) if _LEVEL.fullmatch(text) and int(text) < LEVELS else None

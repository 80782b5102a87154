"""
The rounds of a plan as a small map: stops at their positions, joined in their order. It needs no network and no tiles.

Equirectangular, true to scale in its middle; lines are straight, not roads. Positions are degrees in whole millionths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import cos, radians
from typing import Final, NamedTuple

WIDTH: Final = 720
HEIGHT: Final = 480
TONES: Final = 5
_ROOM: Final = 46
_SMALLEST: Final = 20_000
"""[millionths of a degree] shown at least, about 2 km."""
_SCALES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
"""[km] of the bar."""
_DEGREE: Final = 111_320
"""[m] in a degree of latitude."""
_LETTER: Final = 20
MOST_NAMES: Final = 40
"""Places whose names are written; the others have theirs when pointed at."""

Position = tuple[Decimal, Decimal]
"""Latitude, longitude [degrees]."""


class Round(NamedTuple):
    """A vehicle's way: its name, the places it comes to in their order, the depot first and last."""

    name: str
    places: tuple[str, ...]


class Line(NamedTuple):
    """A round as drawn. ``tone`` is from 1; ``dashed`` tells rounds of one tone apart."""

    name: str
    points: str
    tone: int
    dashed: bool
    dim: bool


class Mark(NamedTuple):
    """A place with its name beside it, and the turns of the round that is looked at."""

    x: int
    y: int
    name: str
    depot: bool
    left: bool
    named: bool
    turns: str
    dim: bool


class RoundsMap(NamedTuple):
    """Lines and marks in ``WIDTH`` by ``HEIGHT``, a bar of ``kilometres``, and places without a position."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    bar: int
    kilometres: int
    unknown: int


class Frame(NamedTuple):
    """What part of the earth is shown: two maps of one frame can be compared."""

    west: int
    north: int
    across: int
    """Millionths of a degree of longitude in the width."""
    down: int

    @classmethod
    def around(cls, positions: Iterable[Position]) -> Frame | None:
        """The frame with all of them in it."""
        points = [_micro(one) for one in positions]
        if not points:
            return None
        north, south = max(y for y, _ in points), min(y for y, _ in points)
        west, east = min(x for _, x in points), max(x for _, x in points)
        shrink = max(int(cos(radians((north + south) / 2_000_000)) * 1000), 50)
        inside = (WIDTH - 2 * _ROOM, HEIGHT - 2 * _ROOM)
        across = max(east - west, _SMALLEST)
        down = max(north - south, _SMALLEST, across * shrink * inside[1] // (1000 * inside[0]))
        across = down * 1000 * inside[0] // (shrink * inside[1])
        whole = across * WIDTH // inside[0], down * HEIGHT // inside[1]
        return cls((west + east - whole[0]) // 2, (north + south + whole[1]) // 2, *whole)

    def at(self, position: Position) -> tuple[int, int]:
        """Where a position is drawn."""
        y, x = _micro(position)
        return (x - self.west) * WIDTH // self.across, (self.north - y) * HEIGHT // self.down


def rounds_map(
    rounds: Sequence[Round], positions: Mapping[str, Position], frame: Frame, looked_at: int = 0
) -> RoundsMap:
    """The map; ``looked_at`` is the number of a round from 1, beside which others step back, or 0."""
    spots = {name: frame.at(position) for name, position in positions.items()}
    lines = tuple(
        Line(
            one.name,
            " ".join("{},{}".format(*spots[place]) for place in one.places if place in spots),
            *tone(number),
            looked_at not in {0, number + 1},
        )
        for number, one in enumerate(rounds)
    )
    shown = list(dict.fromkeys(place for one in rounds for place in one.places))
    depots = {one.places[0] for one in rounds if one.places}
    turns = _turns(rounds[looked_at - 1]) if 0 < looked_at <= len(rounds) else {}
    marks = _marks([place for place in shown if place in spots], spots, depots, turns)
    kilometres, bar = _bar(frame)
    return RoundsMap(lines, marks, bar, kilometres, sum(place not in spots for place in shown))


def tone(index: int) -> tuple[int, bool]:
    """The tone of a round by its place among all, and whether its line is dashed."""
    return index % TONES + 1, index // TONES % 2 == 1


def _turns(one: Round) -> dict[str, str]:
    """At which turns a round comes to a place; its depot has none."""
    found: dict[str, list[tuple[int, int]]] = {}
    for turn, place in enumerate(one.places[1:-1], 1):
        runs = found.setdefault(place, [])
        if runs and runs[-1][1] == turn - 1:
            runs[-1] = (runs[-1][0], turn)
        else:
            runs.append((turn, turn))
    said = {place: ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs) for place, runs in found.items()}
    return {one.places[0]: ""} | said


def _marks(
    places: Sequence[str], spots: Mapping[str, tuple[int, int]], depots: set[str], turns: Mapping[str, str]
) -> tuple[Mark, ...]:
    """Depots are named first, then what is looked at; a name without room on either side is left to pointing."""
    marks: list[Mark] = []
    written: list[tuple[int, int, int]] = []
    for place in sorted(places, key=lambda one: (one not in depots, one not in turns)):
        x, y = spots[place]
        text = f"{turns[place]} · {place}" if turns.get(place) else place
        wide = sum(_LETTER if ord(letter) > 0x2E7F else _LETTER * 3 // 5 for letter in text) + _LETTER
        sides = [
            (start, y, end)
            for start, end in ((x, x + wide), (x - wide, x))
            if start >= 0 and end <= WIDTH and all(abs(y - b) > _LETTER or start > c or end < a for a, b, c in written)
        ]
        named = bool(sides) and len(written) < MOST_NAMES
        left = named and sides[0][0] < x
        if named:
            written.append(sides[0])
        dim = bool(turns) and place not in turns
        marks.append(Mark(x, y, place, place in depots, left, named, turns.get(place, ""), dim))
    return tuple(marks)


def _bar(frame: Frame) -> tuple[int, int]:
    """A round number of kilometres no longer than a quarter of the map, and how long that is drawn."""
    metres = frame.down * _DEGREE // 1_000_000
    fits = [km for km in _SCALES if km * 1000 * HEIGHT <= metres * WIDTH // 4]
    kilometres = fits[-1] if fits else _SCALES[0]
    return kilometres, kilometres * 1000 * HEIGHT // max(metres, 1)


def _micro(position: Position) -> tuple[int, int]:
    return int(position[0] * 1_000_000), int(position[1] * 1_000_000)

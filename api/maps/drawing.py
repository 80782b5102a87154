"""
A small map of a journey: coastline and graticule from a file that is shipped, places on top. It needs no network.

Equirectangular, true to scale at 35 degrees north. No border between countries is drawn.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from api.maps.clip import Box, Ring, clipped

DEGREE: Final = 100
"""Units of the file in a degree."""
_SHRINK: Final = 82
"""Hundredths of a degree of latitude in a degree of longitude at 35 degrees north."""
_ASPECT: Final = (4, 3)
_SMALLEST: Final = 6 * DEGREE
"""A map of one place still shows some coast or the lines around it."""
WIDTH: Final = 800


class Stop(NamedTuple):
    """A place of the journey, by its name, with its position [degrees]."""

    name: str
    latitude: Decimal
    longitude: Decimal


class Mark(NamedTuple):
    """A place on the map: where its dot is, its name beside it, and its turns in the journey."""

    x: int
    y: int
    name: str
    turns: str
    left: bool
    """Whether the name stands to the left of the dot, for want of room on the right."""


@dataclass(frozen=True, slots=True)
class MapView:
    """A map to draw: paths and marks in the units of ``WIDTH`` by ``height``."""

    height: int
    land: str
    lines: str
    way: str
    marks: tuple[Mark, ...]


def draw(stops: Sequence[Stop], way: Sequence[tuple[Decimal, Decimal]] = ()) -> MapView | None:
    """
    The map of some stops in order; ``None`` without any.

    ``way`` are points of (latitude, longitude) that lead along them; without it, stops are joined by straight lines.
    """
    if not stops:
        return None
    points = [(int(stop.longitude * DEGREE), int(stop.latitude * DEGREE)) for stop in stops]
    along = [(int(longitude * DEGREE), int(latitude * DEGREE)) for latitude, longitude in way] or points
    box = _box([*points, *along])
    marks: dict[tuple[int, int], list[int]] = {}
    for turn, point in enumerate(points, 1):
        marks.setdefault(point, []).append(turn)
    names = dict(zip(points, (stop.name for stop in stops), strict=True))
    drawn = []
    for point, turns in marks.items():
        x, y = _at(point, box)
        drawn.append(Mark(x, y, names[point], ", ".join(map(str, turns)), x > WIDTH * 3 // 4))
    land, lines = _ground(box)
    drawn_way = "".join(_path([_at(point, box) for point in run], close=False) for run in _runs(along))
    return MapView(WIDTH * _ASPECT[1] // _ASPECT[0], land, lines, drawn_way, _apart(drawn))


def _runs(points: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """A way without points that fall together, in pieces where it crosses the 180th meridian."""
    runs: list[list[tuple[int, int]]] = []
    for point in points:
        if not runs or abs(point[0] - runs[-1][-1][0]) > 180 * DEGREE:
            runs.append([point])
        elif point != runs[-1][-1]:
            runs[-1].append(point)
    return runs


def _apart(marks: list[Mark]) -> tuple[Mark, ...]:
    """Of places near each other, the name of the westernmost goes to its left; at the margins names stay inside."""
    done = []
    for mark in marks:
        near = [one for one in marks if one is not mark and abs(one.y - mark.y) < 34 and abs(one.x - mark.x) < 260]
        first = bool(near) and mark.x > 200 and mark.x <= min(one.x for one in near)
        done.append(mark._replace(left=True) if first else mark)
    return tuple(done)


def _box(points: Sequence[tuple[int, int]]) -> Box:
    """What is shown: all points with room around them, in the map's proportions, to whole degrees at the corners."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    wide = max((east - west) * 3 // 2, _SMALLEST)
    high = max((north - south) * 3 // 2, wide * _SHRINK * _ASPECT[1] // (100 * _ASPECT[0]))
    wide = high * 100 * _ASPECT[0] // (_SHRINK * _ASPECT[1])
    left, low = (west + east - wide) // 2, (south + north - high) // 2
    return left, low, left + wide, low + high


def _at(point: tuple[int, int], box: Box) -> tuple[int, int]:
    west, _, east, north = box
    unit = WIDTH * 1000 // (east - west)
    return (point[0] - west) * unit // 1000, (north - point[1]) * unit * 100 // (_SHRINK * 1000)


@lru_cache(maxsize=128)
def _ground(box: Box) -> tuple[str, str]:
    """Land and graticule inside a box, as path data."""
    shown = (clipped(ring, box) for ring in _coast(box))
    land = "".join(_path([_at(point, box) for point in ring], close=True) for ring in shown if ring)
    west, south, east, north = box
    step = DEGREE * (2 if east - west < 20 * DEGREE else 5 if east - west < 90 * DEGREE else 30)
    across = [(x, south, x, north) for x in range(west // step * step, east + 1, step) if x >= west]
    along = [(west, y, east, y) for y in range(south // step * step, north + 1, step) if y >= south]
    ends = [(_at((a, b), box), _at((c, d), box)) for a, b, c, d in (*across, *along)]
    return land, "".join(f"M{a} {b}L{c} {d}" for (a, b), (c, d) in ends)


def _coast(box: Box) -> list[Ring]:
    """The finer coast where it covers all that is shown, else that of the world."""
    bounds, rings = _land("land.json")
    west, south, east, north = bounds
    inside = west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north
    return rings if inside else _land("world.json")[1]


@cache
def _land(name: str) -> tuple[Box, list[Ring]]:
    found = json.loads(files("api.maps").joinpath(name).read_text(encoding="utf-8"))
    west, south, east, north = found["bounds"]
    return (west, south, east, north), [list(zip(r[::2], r[1::2], strict=True)) for r in found["rings"]]


def _path(points: Sequence[tuple[int, int]], *, close: bool) -> str:
    """Path data with steps relative to the point before; points that fall together are one."""
    if not points:
        return ""
    (x, y), text = points[0], f"M{points[0][0]} {points[0][1]}"
    for a, b in points[1:]:
        if (a, b) != (x, y):
            text += f"l{a - x} {b - y}"
            x, y = a, b
    return text + ("z" if close else "")

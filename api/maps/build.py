"""
Builds ``land.json`` from Natural Earth: ``python -m api.maps.build``.

Coastline alone, 1:50 million, from the npm package ``world-atlas`` (ISC; the data is in the public domain). Borders
between countries are not in it: they are not needed to see a route, and not ours to draw.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from api.maps.clip import Box, Ring, clipped, doubled_area

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "node_modules" / "world-atlas" / "land-50m.json"
TARGET = Path(__file__).with_name("land.json")
BOUNDS: Box = (6800, 300, 14800, 5600)
"""East Asia [hundredths of a degree]: west, south, east, north."""
SMALLEST = 300
"""Islands below this doubled area [hundredths of a degree, squared] are left out."""


def land() -> str:
    """The file: rings of (longitude, latitude) in hundredths of a degree, cut to ``BOUNDS``."""
    topology = json.loads(SOURCE.read_text(encoding="utf-8"))
    rings = [ring for ring in map(_rounded, _rings(topology)) if len(ring) > 2]
    cut = [ring for ring in (clipped(ring, BOUNDS) for ring in rings) if abs(doubled_area(ring)) >= SMALLEST]
    head = {"source": "Natural Earth, land 1:50m, public domain, by world-atlas 2.0.2", "bounds": list(BOUNDS)}
    flat = [[number for point in ring for number in point] for ring in cut]
    return json.dumps(head | {"rings": flat}, separators=(",", ":")) + "\n"


def _rings(topology: Any) -> Iterator[list[tuple[float, float]]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        xs, ys = accumulate(x for x, _ in arc), accumulate(y for _, y in arc)
        arcs.append([(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)])
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            for numbers in polygon:
                joined: list[tuple[float, float]] = []
                for number in numbers:
                    part = arcs[number] if number >= 0 else arcs[~number][::-1]
                    joined += part[1:] if joined else part
                yield joined


def _rounded(ring: list[tuple[float, float]]) -> Ring:
    """To hundredths of a degree, without points that fall together."""
    points = [(round(x * 100), round(y * 100)) for x, y in ring]
    return [point for point, before in zip(points, [None, *points], strict=False) if point != before]


if __name__ == "__main__":
    sys.stdout.write(f"{TARGET.write_text(land(), encoding='utf-8')} characters\n")

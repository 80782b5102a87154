"""
Builds ``land.json`` and ``world.json`` from Natural Earth: ``python -m api.maps.build``.

Coastline alone, East Asia at 1:50 million and the world at 1:110 million, from the npm package ``world-atlas`` (ISC;
the data is in the public domain). Borders between countries are not in it: they are not needed to see a route, and not
ours to draw.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from api.maps.clip import Box, Ring, clipped, doubled_area

ROOT = Path(__file__).parents[2]
ATLAS = ROOT / "node_modules" / "world-atlas"


class Extract(NamedTuple):
    """A file to build: its name, its source and scale, what is shown, and the least island."""

    name: str
    source: str
    scale: str
    bounds: Box
    """[hundredths of a degree]: west, south, east, north."""
    smallest: int
    """Islands below this doubled area [hundredths of a degree, squared] are left out."""

    @property
    def target(self) -> Path:
        """Where it lies."""
        return Path(__file__).with_name(self.name)


EXTRACTS = (
    Extract("land.json", "land-50m.json", "1:50m", (6800, 300, 14800, 5600), 300),
    Extract("world.json", "land-110m.json", "1:110m", (-18000, -6000, 18000, 8400), 20_000),
)
"""East Asia; and the world, for ways that leave it."""


def land(extract: Extract) -> str:
    """The file: rings of (longitude, latitude) in hundredths of a degree, cut to its bounds."""
    topology = json.loads((ATLAS / extract.source).read_text(encoding="utf-8"))
    rings = [ring for ring in map(_rounded, _rings(topology)) if len(ring) > 2]
    cut = [clipped(ring, extract.bounds) for ring in rings]
    cut = [ring for ring in cut if abs(doubled_area(ring)) >= extract.smallest]
    said = f"Natural Earth, land {extract.scale}, public domain, by world-atlas 2.0.2"
    head = {"source": said, "bounds": list(extract.bounds)}
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
    for one in EXTRACTS:
        sys.stdout.write(f"{one.name}: {one.target.write_text(land(one), encoding='utf-8')} characters\n")

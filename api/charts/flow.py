"""
A flow diagram (Sankey): columns of nodes, each as tall as what passes through it, joined by bands.

Columns are given, so laying out is stacking: no iteration, the same picture for the same amounts. What is small within
a column is drawn as one node that says how many it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

WIDTH: Final = 960
_NODE: Final = 14
_APART: Final = 18
_TALL: Final = 320
"""Height of all that flows, in a column without gaps."""
_MOST: Final = 9
"""Nodes of a column by name; the rest are one."""
_TONES: Final = 5
REST: Final = "\x00rest"
Path = tuple[str, ...]
"""A name per column."""


class Node(NamedTuple):
    """A node: its box, its words, where it leads; ``value`` [as given] passes through it."""

    x: int
    y: int
    width: int
    height: int
    name: str
    stands_for: int
    """How many names it stands for; 1 for one that is drawn by itself."""
    value: Fraction
    href: str
    tone: int
    left: bool
    """Whether its words stand to its left."""

    @property
    def text_x(self) -> int:
        """Where its words begin, or end when they stand to the left."""
        return self.x - 8 if self.left else self.x + self.width + 8


class Band(NamedTuple):
    """A band between two nodes, as path data, with its amount."""

    path: str
    source: str
    target: str
    value: Fraction
    tone: int


class FlowView(NamedTuple):
    """A diagram to draw in ``WIDTH`` by ``height``."""

    height: int
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]


def flow(amounts: Iterable[tuple[Path, Fraction]], href: Callable[[int, str], str]) -> FlowView | None:
    """
    The diagram of amounts, each along one path of equal length; ``href`` gives the address of (column, name).

    Amounts of zero or less do not flow and are left out: the caller says so. ``None`` when nothing is left.
    """
    kept = [(path, amount) for path, amount in amounts if amount > 0]
    if not kept:
        return None
    named = [_named(kept, column) for column in range(len(kept[0][0]))]
    paths: dict[Path, Fraction] = defaultdict(Fraction)
    for path, amount in kept:
        paths[tuple(name if name in names else REST for names, name in zip(named, path, strict=True))] += amount
    whole = sum(paths.values(), Fraction(0))
    columns = [_column(paths, at) for at in range(len(named))]
    tall = _TALL + _APART * (max(map(len, columns)) - 1)
    placed = []
    for at, column in enumerate(columns):
        x, last = (WIDTH - _NODE) * at // max(len(columns) - 1, 1), 0 < at == len(columns) - 1
        hidden = len({path[at] for path, _ in kept} - named[at])
        links = {name: href(at, name) for name in named[at]}
        nodes = _stacked(column, tall, whole, links)
        placed.append({n.name: n._replace(x=x, left=last, stands_for=hidden if n.name == REST else 1) for n in nodes})
    bands: list[Band] = []
    for at, (left, right) in enumerate(pairwise(placed)):
        bands += _bands(paths, at, left, right, whole)
    return FlowView(tall, tuple(node for column in placed for node in column.values()), tuple(bands))


def _named(kept: Sequence[tuple[Path, Fraction]], column: int) -> set[str]:
    """The names of a column that are drawn by themselves: all, or the ``_MOST`` largest."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for path, amount in kept:
        sums[path[column]] += amount
    largest = sorted(sums, key=lambda name: (-sums[name], name))
    return set(largest if len(largest) <= _MOST + 1 else largest[:_MOST])


def _column(paths: dict[Path, Fraction], at: int) -> dict[str, Fraction]:
    """What passes through each node of a column, the largest first and the rest last."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for path, amount in paths.items():
        sums[path[at]] += amount
    return {name: sums[name] for name in sorted(sums, key=lambda name: (name == REST, -sums[name], name))}


def _stacked(column: dict[str, Fraction], tall: int, whole: Fraction, links: dict[str, str]) -> Iterable[Node]:
    """The nodes of a column from top to bottom, in the middle of the drawing's height."""
    y = Fraction(tall - _TALL - _APART * (len(column) - 1), 2)
    for number, (name, value) in enumerate(column.items()):
        bottom = y + value / whole * _TALL
        height = max(round(bottom) - round(y), 1)
        yield Node(0, round(y), _NODE, height, name, 1, value, links.get(name, ""), number % _TONES + 1, left=False)
        y = bottom + _APART


def _bands(
    paths: dict[Path, Fraction], at: int, left: dict[str, Node], right: dict[str, Node], whole: Fraction
) -> Iterable[Band]:
    """Bands leave and arrive in the order of the nodes they join, so that none crosses without need."""
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for path, amount in paths.items():
        sums[path[at], path[at + 1]] += amount
    leaving = {name: Fraction(node.y) for name, node in left.items()}
    arriving: dict[tuple[str, str], Fraction] = {}
    top = {name: Fraction(node.y) for name, node in right.items()}
    ranks = {name: number for number, name in enumerate(left)}
    for source, target in sorted(sums, key=lambda ends: ranks[ends[0]]):
        arriving[source, target] = top[target]
        top[target] += sums[source, target] / whole * _TALL
    targets = {name: number for number, name in enumerate(right)}
    for source, target in sorted(sums, key=lambda ends: (ranks[ends[0]], targets[ends[1]])):
        thick = sums[source, target] / whole * _TALL
        start, end = leaving[source], arriving[source, target]
        leaving[source] += thick
        outline = _path(left[source].x + _NODE, right[target].x, (start, start + thick), (end, end + thick))
        yield Band(outline, source, target, sums[source, target], left[source].tone)


def _path(x1: int, x2: int, start: tuple[Fraction, Fraction], end: tuple[Fraction, Fraction]) -> str:
    """The outline of a band, at least a unit thick."""
    a, b = round(start[0]), max(round(start[1]), round(start[0]) + 1)
    c, d = round(end[0]), max(round(end[1]), round(end[0]) + 1)
    middle = (x1 + x2) // 2
    return f"M{x1} {a}C{middle} {a} {middle} {c} {x2} {c}L{x2} {d}C{middle} {d} {middle} {b} {x1} {b}Z"

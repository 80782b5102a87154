"""
The product graph: every product's footprint rolled up from what it needs of others, exactly, circles included.

A node's value is its own emissions plus the sum of amount x value over what it needs: v = b + A v, solved as integers.
Nodes are taken level by level from those that need nothing. All values of a level have one common denominator, its
*scale*, so a level is a multiplication and a sum of whole numbers over arrays, and nothing is reduced or rounded on the
way. Products that need each other in a circle are condensed into one step and solved as a linear system over the
rationals; a circle that needs as much of itself as it gives has no finite footprint and is refused.

``plan`` depends on the amounts alone. It is made once and used for any number of own emissions: another factor is
another ``roll_up`` of the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final

import numpy as np
import numpy.typing as npt
from flint import fmpz_mat

from ledger.footprint.bill.errors import CircleTooWide, GraphUnsolvable
from ledger.footprint.graph_order import Numbers, circles, layers, runs

Exact = npt.NDArray[np.object_]
"""Python integers of any size."""
WIDEST: Final = 200
"""Products in one circle that are solved."""


@dataclass(frozen=True, slots=True)
class ProductGraph:
    """
    ``nodes`` products, numbered from 0; edge e says that one unit of ``parents[e]`` needs ``amounts[e] / denominator``
    units of ``children[e]``. Amounts are not negative. Several edges between two products add up.
    """

    nodes: int
    parents: Numbers
    children: Numbers
    amounts: Numbers | Exact
    denominator: int

    @classmethod
    def of(cls, nodes: int, edges: Iterable[tuple[int, int, Fraction]]) -> ProductGraph:
        """From (parent, child, amount), over their common denominator, whatever its size."""
        held = list(edges)
        common = lcm(*(amount.denominator for _, _, amount in held))
        amounts = [amount.numerator * (common // amount.denominator) for _, _, amount in held]
        return cls(
            nodes,
            np.array([parent for parent, _, _ in held], np.int64),
            np.array([child for _, child, _ in held], np.int64),
            np.array(amounts, np.int64 if max(amounts, default=0) < 2**63 else object),
            common,
        )


@dataclass(frozen=True, slots=True)
class _Circle:
    """``members`` that need each other: ``weights @ b / denominator`` of what they have without each other."""

    members: tuple[int, ...]
    weights: Exact
    denominator: int


@dataclass(frozen=True, slots=True)
class _Level:
    """Its ``members``; of them, ``nodes[i]`` needs the ``children`` from ``starts[i]`` on, each times its factor."""

    members: Numbers
    nodes: Numbers
    starts: Numbers
    children: Numbers
    factors: Exact
    circles: tuple[_Circle, ...]
    scale: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of a graph, with its amounts brought to the scale of each level. ``level`` is each node's."""

    level: Numbers
    levels: tuple[_Level, ...]
    circles: tuple[tuple[int, ...], ...]
    """Products that need each other, by number."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """Values of every node, in the unit of the own emissions: numerators over the scale of its level."""

    numerators: Exact
    level: Numbers
    scales: tuple[int, ...]
    denominator: int

    def value(self, node: int) -> Fraction:
        """One node's footprint, exact."""
        return Fraction(int(self.numerators[node]), self.scales[self.level[node]] * self.denominator)

    def values(self) -> list[Fraction]:
        """All of them, by number."""
        return [self.value(node) for node in range(len(self.level))]


def plan(graph: ProductGraph) -> Plan:
    """
    The order in which a graph is rolled up.

    Raises ``GraphUnsolvable`` for a circle without a finite footprint, ``CircleTooWide`` for one beyond ``WIDEST``.
    """
    level, depth = layers(graph.nodes, graph.parents, graph.children)
    if (level >= 0).all():
        return Plan(level, _levels(graph, level, depth, [[] for _ in range(depth)]), ())
    found = circles(graph.nodes, graph.parents, graph.children)
    number, stands_for = np.full(graph.nodes, -1, np.int64), np.arange(graph.nodes)
    for at, members in enumerate(found):
        number[list(members)], stands_for[list(members)] = at, members[0]
    parents, children = stands_for[graph.parents], stands_for[graph.children]
    inside = (number[graph.parents] >= 0) & (parents == children)
    level, depth = layers(graph.nodes, parents[~inside], children[~inside])
    level = level[stands_for]
    solved: list[list[_Circle]] = [[] for _ in range(depth)]
    for circle in _solved(_part(graph, inside), found, number):
        solved[level[circle.members[0]]].append(circle)
    return Plan(level, _levels(_part(graph, ~inside), level, depth, solved), found)


def _part(graph: ProductGraph, kept: npt.NDArray[np.bool_]) -> ProductGraph:
    amounts = graph.amounts[kept]
    return ProductGraph(graph.nodes, graph.parents[kept], graph.children[kept], amounts, graph.denominator)


def _levels(graph: ProductGraph, level: Numbers, depth: int, circles: Sequence[list[_Circle]]) -> tuple[_Level, ...]:
    """
    Level by level its scale, and its edges' amounts as whole factors from the children's scales to its own.

    A scale is the one below times what the level's amounts, in lowest terms together, and its circles divide by.
    """
    order = np.argsort(level[graph.parents] * graph.nodes + graph.parents)
    parents, children, amounts = graph.parents[order], graph.children[order], graph.amounts[order]
    bounds = np.searchsorted(level[parents], np.arange(depth + 1))
    by_level = np.argsort(level)
    ends = np.searchsorted(level[by_level], np.arange(depth + 1))
    scales, made = list[int](), list[_Level]()
    for at in range(depth):
        span = slice(bounds[at], bounds[at + 1])
        needed, taken = children[span], amounts[span]
        common = gcd(graph.denominator, int(np.gcd.reduce(taken))) if taken.size else graph.denominator
        below = graph.denominator // common
        scale = (scales[-1] if scales else 1) * below * lcm(*(circle.denominator for circle in circles[at]))
        factors = (taken // common).astype(object)
        if taken.size:
            factors *= np.array([scale // (below * held) for held in scales], object)[level[needed]]
        nodes, starts = runs(parents[span])
        members = by_level[ends[at] : ends[at + 1]]
        made.append(_Level(members, nodes, starts, needed, factors, tuple(circles[at]), scale))
        scales.append(scale)
    return tuple(made)


def _solved(inner: ProductGraph, found: Sequence[tuple[int, ...]], number: Numbers) -> Iterable[_Circle]:
    """
    Each circle's inverse (1 - A)^-1, as integers over one denominator.

    It has no negative entry just when the circle gives more than it takes (D. Hawkins and H. Simon, 1949).
    """
    order = np.argsort(number[inner.parents], kind="stable")
    bounds = np.searchsorted(number[inner.parents][order], np.arange(len(found) + 1))
    for at, members in enumerate(found):
        size, place = len(members), {node: row for row, node in enumerate(members)}
        if size > WIDEST:
            raise CircleTooWide(products=size, limit=WIDEST)
        rows = [[inner.denominator * (i == j) for j in range(size)] for i in range(size)]
        for edge in order[bounds[at] : bounds[at + 1]].tolist():
            rows[place[int(inner.parents[edge])]][place[int(inner.children[edge])]] -= int(inner.amounts[edge])
        unit = fmpz_mat(size, size, [int(i == j) * inner.denominator for i in range(size) for j in range(size)])
        try:
            entries = fmpz_mat(rows).solve(unit).entries()
        except ZeroDivisionError:
            raise GraphUnsolvable(nodes=members) from None
        if any(entry < 0 for entry in entries):
            raise GraphUnsolvable(nodes=members)
        common = lcm(*(int(entry.q) for entry in entries))
        weights = np.array([int(entry.p) * (common // int(entry.q)) for entry in entries], object)
        yield _Circle(members, weights.reshape(size, size), common)


def roll_up(made: Plan, own: Exact, denominator: int = 1) -> Rolled:
    """
    The footprint of every product: its own emissions and, amount by amount, those of all that it needs.

    ``own`` are Python integers over ``denominator``, one for each node.
    """
    values = own.copy()
    for level in made.levels:
        values[level.members] *= level.scale
        if level.nodes.size:
            values[level.nodes] += np.add.reduceat(values[level.children] * level.factors, level.starts)
        for circle in level.circles:
            members = list(circle.members)
            values[members] = circle.weights @ values[members] // circle.denominator
    return Rolled(values, made.level, tuple(level.scale for level in made.levels), denominator)

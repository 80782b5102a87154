"""
The fewest bins of one size: by flows of arcs (Valerio de Carvalho 1999), solved to proof or with the gap stated.

A bin is a path from 0 to its capacity; an arc is a thing put in, at the place that larger things leave. The number of
bins is the flow. Below stands the sum of sizes over the capacity, in whole numbers; above, the first bin that fits,
largest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ledger.planning.errors import AmountImpossible, BinTooSmall
from ledger.planning.milp import Column, Row, Watch, solve


class Bins(NamedTuple):
    """What lies in each bin, as numbers of the sizes; ``least`` bins are needed in any case."""

    bins: tuple[tuple[int, ...], ...]
    least: int

    @property
    def proven(self) -> bool:
        """Whether fewer bins cannot do."""
        return len(self.bins) <= self.least


def first_fit(sizes: Sequence[int], capacity: int) -> tuple[tuple[int, ...], ...]:
    """Each thing, largest first, into the first bin that has room."""
    bins: list[list[int]] = []
    rooms: list[int] = []
    for number in sorted(range(len(sizes)), key=lambda one: (-sizes[one], one)):
        place = next((one for one, room in enumerate(rooms) if room >= sizes[number]), None)
        if place is None:
            bins.append([])
            rooms.append(capacity)
            place = len(bins) - 1
        bins[place].append(number)
        rooms[place] -= sizes[number]
    return tuple(tuple(one) for one in bins)


def pack(sizes: Sequence[int], capacity: int, *, seconds: int = 30, watch: Watch | None = None) -> Bins:
    """
    Bins for things of these sizes, all above 0, in one unit with the capacity.

    Raises ``BinTooSmall`` for a thing larger than a bin, ``AmountImpossible`` for a size that is none.
    """
    for number, size in enumerate(sizes):
        if size <= 0:
            raise AmountImpossible(what="size", name=str(number + 1), value=str(size), rule="> 0")
        if size > capacity:
            raise BinTooSmall(number=number + 1, size=size, capacity=capacity)
    simple = first_fit(sizes, capacity)
    least = -(-sum(sizes) // capacity)
    if len(simple) <= least:
        return Bins(simple, least)
    found = _flow(sizes, capacity, len(simple), seconds, watch)
    if found is None:
        return Bins(simple, least)
    bins, bound = found
    return Bins(bins if len(bins) < len(simple) else simple, max(least, bound))


def _flow(
    sizes: Sequence[int], capacity: int, most: int, seconds: int, watch: Watch | None
) -> tuple[tuple[tuple[int, ...], ...], int] | None:
    wanted = Counter(sizes)
    arcs = _arcs(wanted, capacity)
    columns = [Column(0, min(most, wanted[end - start]) if real else most) for start, end, real in arcs]
    columns.append(Column(1, most))
    flow = len(arcs)
    nodes = sorted({node for start, end, _ in arcs for node in (start, end)})
    balance: dict[int, dict[int, int]] = {node: {} for node in nodes}
    demand: dict[int, dict[int, int]] = {size: {} for size in wanted}
    for number, (start, end, real) in enumerate(arcs):
        balance[start][number] = balance[start].get(number, 0) - 1
        balance[end][number] = balance[end].get(number, 0) + 1
        if real:
            demand[end - start][number] = 1
    balance[0][flow], balance[capacity][flow] = 1, -1
    rows = [Row(terms, 0, 0) for terms in balance.values()]
    rows += [Row(terms, wanted[size], wanted[size]) for size, terms in demand.items()]
    found = solve(columns, rows, seconds=seconds, watch=watch)
    if found is None:
        return None
    return _bins(sizes, capacity, arcs, found.values), found.bound


def _arcs(wanted: Counter[int], capacity: int) -> list[tuple[int, int, bool]]:
    """(from, to, whether a thing): things lie largest first; what stays empty is an arc from node to node."""
    reached = {0}
    arcs: list[tuple[int, int, bool]] = []
    for size in sorted(wanted, reverse=True):
        starts = set(reached)
        added: set[tuple[int, int]] = set()
        for _ in range(wanted[size]):
            new = {(start, start + size) for start in starts if start + size <= capacity} - added
            added |= new
            starts = {end for _, end in new}
        arcs += [(start, end, True) for start, end in sorted(added)]
        reached |= {end for _, end in added}
    nodes = sorted(reached | {capacity})
    return arcs + [(start, end, False) for start, end in pairwise(nodes[1:])]


def _bins(
    sizes: Sequence[int], capacity: int, arcs: list[tuple[int, int, bool]], values: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """The paths of a flow, each a bin; things of one size in their order."""
    leaving: dict[int, list[tuple[int, bool]]] = {}
    for (start, end, real), value in zip(arcs, values, strict=False):
        leaving.setdefault(start, []).extend([(end, real)] * value)
    left: dict[int, list[int]] = {}
    for number in reversed(range(len(sizes))):
        left.setdefault(sizes[number], []).append(number)
    bins = []
    for _ in range(values[-1]):
        here, things = 0, []
        while here != capacity:
            end, real = leaving[here].pop()
            if real:
                things.append(left[end - here].pop())
            here = end
        bins.append(tuple(things))
    return tuple(bins)

"""The order of a product graph: levels from what needs nothing, and the circles that have no such order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


def layers(nodes: int, parents: Numbers, children: Numbers) -> tuple[Numbers, int]:
    """
    Each node's level and how many levels there are: 0 needs nothing, others stand above all that they need.

    Nodes on a circle, or above one, get -1. Linear in nodes and edges.
    """
    level = np.full(nodes, -1, np.int64)
    waiting = np.bincount(parents, minlength=nodes)
    by_child = np.argsort(children)
    place = np.empty(nodes, np.int64)
    starts = np.searchsorted(children[by_child], np.arange(nodes + 1))
    above = parents[by_child]
    front, depth = np.flatnonzero(waiting == 0), 0
    while front.size:
        level[front] = depth
        depth += 1
        reached = above[_spread(starts[front], starts[front + 1])]
        if not reached.size:
            break
        np.subtract.at(waiting, reached, 1)
        ready = reached[waiting[reached] == 0]
        place[ready] = np.arange(ready.size)  # of a node reached several times, the last is kept
        front = ready[place[ready] == np.arange(ready.size)]
    return level, depth


def _spread(first: Numbers, last: Numbers) -> Numbers:
    """All positions of several runs ``[first, last)``, one after another."""
    lengths = last - first
    ends = np.cumsum(lengths)
    if not ends.size or not ends[-1]:
        return np.empty(0, np.int64)
    shifts = np.repeat(first - np.concatenate(([0], ends[:-1])), lengths)
    spread: Numbers = np.arange(ends[-1]) + shifts
    return spread


def runs(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Sorted keys, each once, and where the run of each begins."""
    if not keys.size:
        return keys, np.empty(0, np.int64)
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], starts


def circles(nodes: int, parents: Numbers, children: Numbers) -> tuple[tuple[int, ...], ...]:
    """
    Sets of nodes that need each other, and single nodes that need themselves; each sorted, in the order of the first.

    What merely stands above or below a circle is set aside before the search (Tarjan's, without recursion).
    """
    below, _ = layers(nodes, parents, children)
    above, _ = layers(nodes, children, parents)
    held = (below < 0) & (above < 0)
    kept = held[parents] & held[children]
    parents, children = parents[kept], children[kept]
    order = np.argsort(parents)
    starts = np.searchsorted(parents[order], np.arange(nodes + 1)).tolist()
    needs, selves = children[order].tolist(), set(parents[parents == children].tolist())
    found = [
        tuple(sorted(members))
        for members in _components(np.flatnonzero(held).tolist(), starts, needs)
        if len(members) > 1 or members[0] in selves
    ]
    return tuple(sorted(found))


def _components(roots: list[int], starts: list[int], needs: list[int]) -> Iterator[list[int]]:
    """Strongly connected components (R. Tarjan, 1972); edges of node n are ``needs[starts[n]:starts[n + 1]]``."""
    number, low, stack, on_stack = dict[int, int](), dict[int, int](), list[int](), set[int]()
    for root in roots:
        if root in number:
            continue
        path = [(root, starts[root])]
        number[root] = low[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while path:
            node, at = path.pop()
            if at < starts[node + 1]:
                path.append((node, at + 1))
                needed = needs[at]
                if needed not in number:
                    number[needed] = low[needed] = len(number)
                    stack.append(needed)
                    on_stack.add(needed)
                    path.append((needed, starts[needed]))
                elif needed in on_stack:
                    low[node] = min(low[node], number[needed])
                continue
            if path:
                low[path[-1][0]] = min(low[path[-1][0]], low[node])
            if low[node] == number[node]:
                members = list[int]()
                while not members or members[-1] != node:
                    members.append(stack.pop())
                    on_stack.discard(members[-1])
                yield members

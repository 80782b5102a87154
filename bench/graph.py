"""
The product graph: 100,000 products, 300,000 needs, rolled up exactly, circles among them.

``python -m bench graph``, some seconds. The baseline is the obvious way: ``graphlib`` for the order and a dictionary of
``Decimal``, which knows no circles, so it is given the graph without them.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from graphlib import TopologicalSorter
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bench.table import Line, show
from ledger.footprint.graph import Plan, ProductGraph, plan, roll_up

PRODUCTS, NEEDS, CIRCLES, TIERS = 100_000, 300_000, 20, 12
TARGET_MS = 100
ROUNDS = 5
SCALE = 1000


def sample(circles: int) -> tuple[ProductGraph, Any]:
    """A supply chain of some tiers, amounts in thousandths, and pairs that need each other; own emissions in grams."""
    random = np.random.default_rng(1)
    tiers = np.sort(random.integers(0, TIERS, PRODUCTS))
    below = np.searchsorted(tiers, np.arange(TIERS + 1))
    parents = random.integers(below[1], PRODUCTS, NEEDS)
    children = (random.random(NEEDS) * below[tiers[parents]]).astype(np.int64)
    amounts = random.integers(1, SCALE, NEEDS)
    if circles:
        low = below[1] + 2 * np.arange(circles)
        parents, children = np.concatenate((parents, low, low + 1)), np.concatenate((children, low + 1, low))
        amounts = np.concatenate((amounts, np.ones(2 * circles, np.int64)))
    own = np.array(random.integers(0, 10**6, PRODUCTS).tolist(), object)
    return ProductGraph(PRODUCTS, parents, children, amounts, SCALE), own


def obvious(graph: ProductGraph, own: Any) -> dict[int, Decimal]:
    """Every product's value, one after another."""
    needs: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    edges = zip(graph.parents.tolist(), graph.children.tolist(), graph.amounts.tolist(), strict=True)
    for parent, child, amount in edges:
        needs[parent].append((child, Decimal(amount) / SCALE))
    order = TopologicalSorter({node: [child for child, _ in needs[node]] for node in range(graph.nodes)})
    values: dict[int, Decimal] = {}
    for node in order.static_order():
        values[node] = Decimal(int(own[node])) + sum((a * values[c] for c, a in needs[node]), Decimal(0))
    return values


def measure() -> list[dict[str, Any]]:
    """Order and roll-up, roll-up alone (another factor), with and without circles, and the obvious way."""
    plain, own = sample(0)
    started = perf_counter()
    expected = obvious(plain, own)
    baseline = perf_counter() - started
    found = roll_up(plan(plain), own)
    for node in range(0, PRODUCTS, 1009):  # Decimal rounds at 28 digits, and deep sums have more
        assert abs(float(found.value(node)) / float(expected[node] or 1) - 1) < 1e-12 or not expected[node]
    both, again = _timed(plain, own)
    with_circles, again_circles = _timed(*sample(CIRCLES))
    rows = [
        ("rolled up, order found first", both, True),
        ("rolled up again, order known", again, True),
        (f"with {CIRCLES} circles, order found first", with_circles, False),
        (f"with {CIRCLES} circles, order known", again_circles, False),
    ]
    lines = [
        Line(name, 1000 * took, "ms", f"{baseline / took:.1f} times", 1000 * took <= TARGET_MS if asked else None)
        for name, took, asked in rows
    ]
    lines.append(Line("graphlib and a dictionary of Decimal, no circles", 1000 * baseline, "ms"))
    show(f"product graph, {PRODUCTS:,} products, {NEEDS:,} needs", lines)
    return [{"what": line.name, "ms": line.value, "against": line.against} for line in lines]


def _timed(graph: ProductGraph, own: Any) -> tuple[float, float]:
    ordering, rolling = [], []
    for _ in range(ROUNDS):
        started = perf_counter()
        made: Plan = plan(graph)
        ordered = perf_counter()
        roll_up(made, own)
        rolling.append(perf_counter() - ordered)
        ordering.append(ordered - started)
    return median(ordering) + median(rolling), median(rolling)

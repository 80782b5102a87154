"""The product graph: published systems, random graphs against fractions, circles, and a sparse solve in floats."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from ledger.footprint.bill.errors import CircleTooWide, GraphUnsolvable
from ledger.footprint.bill.network import network
from ledger.footprint.bill.reader import BillReader, Line
from ledger.footprint.bill.supply import Supply
from ledger.footprint.factor import FactorSet
from ledger.footprint.graph import WIDEST, ProductGraph, plan, roll_up
from tests.unit.footprint.bills import DAY, STEEL_KG, A, B, C, bill, part, steel

Edges = list[tuple[int, int, Fraction]]
EXAMPLES = json.loads((Path(__file__).parents[2] / "vectors" / "product_systems.json").read_text("utf-8"))["systems"]


def rolled(nodes: int, edges: Edges, own: list[Fraction]) -> list[Fraction]:
    common = np.lcm.reduce([value.denominator for value in own], dtype=object)
    whole = np.array([int(value * common) for value in own], object)
    return roll_up(plan(ProductGraph.of(nodes, edges)), whole, int(common)).values()


@pytest.mark.parametrize("system", EXAMPLES, ids=[one["id"] for one in EXAMPLES])
def test_published_systems(system: dict[str, object]) -> None:
    """Product systems and an economy in a circle, as their authors print them, to the printed digits."""
    edges = [(p, c, Fraction(amount)) for p, c, amount in system["edges"]]
    for own, expected in zip(system["own"], system["expected"], strict=True):
        found = rolled(system["nodes"], edges, [Fraction(value) for value in own])
        asked = sum((Fraction(f) * v for f, v in zip(system["demand"], found, strict=True)), Fraction(0))
        assert abs(asked - Fraction(expected)) <= Fraction(system["tolerance"])


amounts = st.fractions(min_value=0, max_value=3, max_denominator=12)


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, Edges]:
    """Edges from higher to lower numbers: no circles."""
    nodes = draw(st.integers(1, 12))
    pairs = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)).filter(lambda pair: pair[0] > pair[1])
    return nodes, [(p, c, draw(amounts)) for p, c in draw(st.lists(pairs, max_size=30))] if nodes > 1 else []


@st.composite
def webs(draw: st.DrawFn) -> tuple[int, Edges]:
    """Any edges, circles among them; each product needs less than one unit of all others together."""
    nodes = draw(st.integers(1, 9))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    pairs = draw(st.lists(ends, max_size=25))
    share = Fraction(1, len(pairs) + 1)
    return nodes, [(p, c, share * draw(st.fractions(0, 1, max_denominator=7))) for p, c in pairs]


@settings(max_examples=40)
@given(trees(), st.data())
def test_a_tree_is_its_sums(tree: tuple[int, Edges], data: st.DataObject) -> None:
    """Every node is its own and the sum of amount x value below, exactly."""
    nodes, edges = tree
    own = data.draw(st.lists(st.fractions(-5, 50, max_denominator=9), min_size=nodes, max_size=nodes))
    values = list(own)
    for node in range(nodes):
        values[node] += sum((amount * values[c] for p, c, amount in edges if p == node), Fraction(0))
    assert rolled(nodes, edges, own) == values


@settings(max_examples=40)
@given(webs(), st.data())
def test_circles_satisfy_their_own_equation(web: tuple[int, Edges], data: st.DataObject) -> None:
    """v = b + A v holds to the last digit, whatever needs whatever."""
    nodes, edges = web
    own = data.draw(st.lists(st.fractions(0, 50, max_denominator=9), min_size=nodes, max_size=nodes))
    found = rolled(nodes, edges, own)
    for node in range(nodes):
        assert found[node] == own[node] + sum((amount * found[c] for p, c, amount in edges if p == node), Fraction(0))


def test_equal_to_a_sparse_solve() -> None:
    """10,000 products, 30,000 needs, 50 pairs that need each other: what scipy finds in floats, within tolerance."""
    random = np.random.default_rng(20_260_501)
    nodes, count = 10_000, 30_000
    parents = random.integers(1, nodes, count)
    children = (random.random(count) * parents).astype(np.int64)
    low = np.arange(100, 2 * 50 + 100, 2)
    parents, children = np.concatenate((parents, low, low + 1)), np.concatenate((children, low + 1, low))
    units = random.integers(1, 300, count + 100)
    units[count:] = 1
    own = random.integers(0, 10**6, nodes)
    made = plan(ProductGraph(nodes, parents, children, units, 1000))
    found = roll_up(made, np.array(own.tolist(), object), 1000)
    needs = csr_array((units / 1000, (parents, children)), shape=(nodes, nodes))
    expected = spsolve((eye_array(nodes) - needs).tocsc(), own / 1000)
    assert len(made.circles) == 50
    assert np.allclose([float(value) for value in found.values()], expected, rtol=1e-9)


@pytest.mark.parametrize(
    "edges",
    [
        [(0, 0, Fraction(1))],
        [(0, 1, Fraction(2)), (1, 0, Fraction(1, 2))],
        [(0, 1, Fraction(3)), (1, 2, Fraction(1)), (2, 0, Fraction(1))],
    ],
)
def test_a_circle_that_gives_nothing_is_refused(edges: Edges) -> None:
    """As much of itself as it gives, or more: no finite footprint, and no negative one is printed."""
    with pytest.raises(GraphUnsolvable):
        plan(ProductGraph.of(3, edges))


def test_a_circle_too_wide_is_refused() -> None:
    """The number of products in one circle is bounded."""
    nodes = WIDEST + 1
    with pytest.raises(CircleTooWide):
        plan(ProductGraph.of(nodes, [(n, (n + 1) % nodes, Fraction(1, 2)) for n in range(nodes)]))


def test_amounts_of_any_size() -> None:
    """Amounts whose common denominator passes 64 bits stay exact."""
    fine = Fraction(1, 10**25)
    assert rolled(2, [(1, 0, fine), (1, 0, Fraction(10**12))], [Fraction(3), Fraction(0)])[1] == 3 * fine + 3 * 10**12


def test_bills_as_a_graph_agree_with_their_tree(bundled: FactorSet) -> None:
    """Where there is no circle, the graph gives what reading each bill down through its tiers gives."""
    shared = {"co_products": [{"name": "slag", "share": "0.4"}], "rule": "economic", "share": "0.6"}
    bills = [
        (0, bill(A, inputs=[part(B, "2", loss_pct="3"), part(C, "1.5"), steel("0.2")], allocation=shared)),
        (1, bill(B, inputs=[part(C, "3"), steel("1")])),
        (2, bill(C, inputs=[steel("0.7")])),
    ]
    supply = Supply.of((), bills)
    found = network(supply, bundled, DAY).rolled_up()
    for entry, record in bills:
        lines = BillReader(supply, bundled, DAY).lines(entry, record)
        tree = [line.rated.split.total for line in lines if isinstance(line, Line)]
        assert found[entry] == sum(tree, Fraction(0))


def test_bills_in_a_circle_are_solved(bundled: FactorSet) -> None:
    """A needs half of B, B a tenth of A: a = s + b/2 and b = s + a/10, where s is 1 kg of steel."""
    bills = [(0, bill(A, inputs=[steel("1"), part(B, "0.5")])), (1, bill(B, inputs=[steel("1"), part(A, "0.1")]))]
    found = network(Supply.of((), bills), bundled, DAY)
    assert found.plan().circles == ((0, 1),)
    values = found.rolled_up()
    assert values[0] == STEEL_KG * Fraction(3, 2) / Fraction(19, 20)
    assert values[1] == STEEL_KG * Fraction(11, 10) / Fraction(19, 20)


def test_what_is_missing_below_makes_everything_above_incomplete(bundled: FactorSet) -> None:
    """C lacks a factor: B that needs C and A that needs B are short of it, and nothing else is."""
    bills = [
        (0, bill(A, inputs=[part(B)])),
        (1, bill(B, inputs=[part(C), steel("1")])),
        (2, bill(C, inputs=[steel("1", factor="NONE")])),
        (3, bill(C, "other", inputs=[steel("1")])),
    ]
    found = network(Supply.of((), bills), bundled, DAY)
    assert set(found.missing) == {2}
    assert found.short() == {0, 1, 2}

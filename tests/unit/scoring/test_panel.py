"""Methods for panels: published examples, a kept library as oracle, then what must hold for any table."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymcdm.methods import PROMETHEE_II, TOPSIS
from pymcdm.normalizations import vector_normalization

from ledger.scoring.formulas import Direction
from ledger.scoring.panel import PanelTableWrong, Preference, Table, ahp, places, promethee, topsis, weighted_sum
from ledger.units import shown

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "scoring_panel.json").read_text("utf-8"))
VALUES = st.fractions(Fraction(1, 10), 100, max_denominator=100)
SIZES = st.tuples(st.integers(2, 5), st.integers(1, 4))


def numbers(rows: list[list[str]]) -> tuple[tuple[Fraction, ...], ...]:
    """Rows of exact numbers."""
    return tuple(tuple(Fraction(value) for value in row) for row in rows)


def table(vector: dict[str, list[str]], rows: list[list[str]]) -> Table:
    """A table out of a vector."""
    directions: tuple[Direction, ...] = tuple("lower" if d == "lower" else "higher" for d in vector["directions"])
    return Table(numbers(rows), tuple(map(Fraction, vector["weights"])), directions)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Two to five alternatives on one to four criteria, not all alike."""
    height, width = draw(SIZES)
    rows = draw(st.lists(st.tuples(*[VALUES] * width), min_size=height, max_size=height, unique_by=lambda row: row[0]))
    weights = tuple(draw(st.integers(1, 9)) for _ in range(width))
    directions: tuple[Direction, ...] = tuple(draw(st.sampled_from(("lower", "higher"))) for _ in range(width))
    return Table(tuple(rows), tuple(map(Fraction, weights)), directions)


def floats(one: Table) -> tuple[object, object, object]:
    """The table as the library takes it."""
    return (
        np.array([[float(x) for x in row] for row in one.rows]),
        np.array([float(w) for w in one.shares]),
        np.array([1 if d == "higher" else -1 for d in one.directions]),
    )


def test_topsis_of_tzeng_and_huang() -> None:
    """Closeness to four places."""
    vector = VECTORS["topsis_tzeng_huang"]
    assert [shown(score, 4) for score in topsis(table(vector, vector["rows"]))] == vector["scores"]


def test_weighted_sum_of_kracka() -> None:
    """Scores to eight places."""
    vector = VECTORS["wsm_kracka2010"]
    scores = weighted_sum(table(vector, vector["rows"]))
    assert all(
        abs(score - Fraction(right)) <= Fraction(1, 10**8)
        for score, right in zip(scores, vector["scores"], strict=True)
    )
    assert sum(scores) == 1


def test_ahp_of_saatys_drinks() -> None:
    """Weights to three places and the consistency ratio."""
    vector = VECTORS["ahp_drinks"]
    found = ahp(numbers(vector["matrix"]))
    assert [shown(weight, 3) for weight in found.weights] == vector["weights"]
    assert shown(found.consistency_ratio, 3) == vector["consistency_ratio"]
    assert found.consistent
    values, vectors = np.linalg.eig(np.array([[float(x) for x in row] for row in numbers(vector["matrix"])]))
    first = int(np.argmax(values.real))
    principal = vectors[:, first].real / vectors[:, first].real.sum()
    assert [float(w) for w in found.weights] == pytest.approx(principal.tolist(), abs=1e-11)
    assert float(found.eigenvalue) == pytest.approx(values[first].real, abs=1e-11)


@settings(max_examples=15, deadline=None)
@given(tables())
def test_topsis_agrees_with_the_library(one: Table) -> None:
    """pymcdm with the vector normalisation of Hwang and Yoon."""
    assert [float(s) for s in topsis(one)] == pytest.approx(
        TOPSIS(vector_normalization)(*floats(one), validation=False).tolist(), abs=1e-9
    )


@settings(max_examples=15, deadline=None)
@given(tables())
def test_promethee_agrees_with_the_library(one: Table) -> None:
    """pymcdm's usual preference; net flows sum to zero and lie between -1 and 1."""
    flows = promethee(one, [Preference()] * len(one.weights))
    assert [float(f) for f in flows] == pytest.approx(
        PROMETHEE_II("usual")(*floats(one), validation=False).tolist(), abs=1e-9
    )
    assert sum(flows) == 0
    assert all(-1 <= flow <= 1 for flow in flows)


@settings(max_examples=15, deadline=None)
@given(tables())
def test_better_on_everything_never_ranks_lower(one: Table) -> None:
    """An alternative that is better on every criterion than the first has at least its score, by every method."""
    better = tuple(x * 2 if d == "higher" else x / 2 for x, d in zip(one.rows[0], one.directions, strict=True))
    more = Table((*one.rows, better), one.weights, one.directions)
    for scores in (weighted_sum(more), topsis(more), promethee(more, [Preference()] * len(one.weights))):
        assert scores[-1] >= scores[0]
        assert places(scores)[-1] <= places(scores)[0]


@given(st.lists(st.integers(1, 3), min_size=2, max_size=3))
def test_consistent_comparisons_give_back_their_weights(weights: list[int]) -> None:
    """Ratios of weights are consistent: the ratio is zero and the weights are exact to twelve places."""
    found = ahp([[Fraction(a, b) for b in weights] for a in weights])
    assert found.consistency_ratio == 0
    assert found.eigenvalue == len(weights)
    for weight, part in zip(found.weights, weights, strict=True):
        assert abs(weight - Fraction(part, sum(weights))) <= Fraction(1, 2 * 10**12)


def test_shapes_of_preference() -> None:
    """Five shapes at hand-worked points."""
    q, p = Fraction(1), Fraction(3)
    points: dict[str, list[int | str]] = {
        "usual": [0, 1, 1, 1],
        "u-shape": [0, 0, 1, 1],
        "v-shape": [0, "1/3", "2/3", 1],
        "level": [0, 0, "1/2", 1],
        "linear": [0, 0, "1/2", 1],
    }
    for shape, degrees in points.items():
        one = Preference(shape, q, p)  # type: ignore[arg-type]
        assert [one.degree(Fraction(d)) for d in (0, 1, 2, 4)] == [Fraction(degree) for degree in degrees]


def test_what_no_method_can_judge_is_refused() -> None:
    """Ragged tables, weights below zero, matrices that are not reciprocal, thresholds in the wrong order."""
    one = Fraction(1)
    for wrong in (
        lambda: Table(((one,), (one, one)), (one,), ("higher",)),
        lambda: Table(((one,),), (-one,), ("higher",)),
        lambda: topsis(Table(((one,), (one,)), (one,), ("higher",))),
        lambda: topsis(Table(((one - 1,), (one - 1,)), (one,), ("higher",))),
        lambda: weighted_sum(Table(((one - 1,),), (one,), ("higher",))),
        lambda: ahp([[one, one], [one * 2, one]]),
        lambda: Preference("linear", one, one),
        lambda: promethee(Table(((one,),), (one,), ("higher",)), [Preference()]),
    ):
        with pytest.raises(PanelTableWrong):
            wrong()

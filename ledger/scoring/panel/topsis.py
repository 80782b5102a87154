"""TOPSIS: closeness to the ideal and distance from the worst, with vector normalisation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ledger.scoring.logarithm import part_of_roots
from ledger.scoring.panel.table import PanelTableWrong, Table


def topsis(table: Table) -> tuple[Fraction, ...]:
    """
    The closeness d- / (d+ + d-) of each alternative, correctly rounded, half to even, to twelve places.

    The squares of both distances are exact: w^2 (x - x_ideal)^2 / sum of x^2. Only the last step needs roots.
    Source: Hwang, Yoon, Multiple Attribute Decision Making (1981), with their vector normalisation.
    """
    return tuple(part_of_roots(away, near) for away, near in squared_distances(table))


def squared_distances(table: Table) -> tuple[tuple[Fraction, Fraction], ...]:
    """For each alternative the exact squares of its distances from the ideal and from the worst."""
    squares = [sum((x * x for x in column), Fraction(0)) for column in table.columns]
    if not all(squares):
        raise _undefined("a criterion on which all are zero", "某项全部为零")
    ends = [
        (max(column), min(column)) if direction == "higher" else (min(column), max(column))
        for column, direction in zip(table.columns, table.directions, strict=True)
    ]
    factors = [w * w / s for w, s in zip(table.shares, squares, strict=True)]
    found = []
    for row in table.rows:
        away, near = (_distance(row, [end[side] for end in ends], factors) for side in (0, 1))
        if away == near == 0:
            raise _undefined("alternatives that are all alike", "各方案完全相同")
        found.append((away, near))
    return tuple(found)


def _distance(row: Sequence[Fraction], to: Sequence[Fraction], factors: Sequence[Fraction]) -> Fraction:
    return sum((f * (x - t) ** 2 for x, t, f in zip(row, to, factors, strict=True)), Fraction(0))


def _undefined(problem: str, problem_zh: str) -> PanelTableWrong:
    return PanelTableWrong(method="TOPSIS", problem=f"not defined for {problem}", problem_zh=f"{problem_zh}，无定义")

"""AHP: weights from pairwise comparisons by the principal eigenvector, with the consistency ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.scoring.logarithm import PLACES
from ledger.scoring.panel.table import PanelTableWrong

RANDOM_INDEX = tuple(map(Fraction, ("0", "0", "0.58", "0.90", "1.12", "1.24", "1.32", "1.41", "1.45", "1.49")))
"""Of matrices of 1 to 10 rows. Saaty, The Analytic Hierarchy Process (1980), table 1-5."""

CONSISTENT_BELOW = Fraction(1, 10)
_GRID = 10**60
_WIDTH = Fraction(1, 10**40)
_UNIT = 10**PLACES


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Weights that sum to 1 but for rounding, the principal eigenvalue and the consistency ratio.

    Each the multiple of 10^-12 nearest to the true value; a true value within 10^-40 of half way between two counts as
    half way and goes to the even one.
    """

    weights: tuple[Fraction, ...]
    eigenvalue: Fraction
    consistency_ratio: Fraction

    @property
    def consistent(self) -> bool:
        """Whether the ratio is below 0.10, Saaty's limit."""
        return self.consistency_ratio < CONSISTENT_BELOW


def ahp(matrix: Sequence[Sequence[Fraction]]) -> Comparison:
    """
    The comparison of up to ten things; ``matrix[i][j]`` says how much more i counts than j, from 1/9 to 9.

    Source: Saaty (1980). Raises ``PanelTableWrong`` unless the matrix is square and reciprocal.
    """
    size = len(matrix)
    _check(matrix)
    # Collatz and Wielandt: the eigenvalue lies between the least and the greatest quotient (A v)_i / v_i. Birkhoff: A
    # brings directions closer by tanh(D / 4), with e^D = T below, so v is within (T + 1) / 2 x log(max / min) of its
    # limit, in the metric in which that log is the distance of v and A v.
    spread = max(
        matrix[i][k] * matrix[j][m] / (matrix[j][k] * matrix[i][m])
        for i in range(size)
        for j in range(size)
        for k in range(size)
        for m in range(size)
    )
    vector = [Fraction(1, size)] * size
    while True:
        image = [sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]
        quotients = [after / before for after, before in zip(image, vector, strict=True)]
        if (max(quotients) / min(quotients) - 1) * (spread + 1) < _WIDTH / 2:
            break
        total = sum(image, Fraction(0))
        vector = [Fraction(round(part / total * _GRID), _GRID) for part in image]
    total = sum(vector, Fraction(0))
    eigenvalue = (max(quotients) + min(quotients)) / 2
    ratio = Fraction(0)
    if size > 2:
        ratio = (eigenvalue - size) / (size - 1) / RANDOM_INDEX[size - 1]
    return Comparison(
        tuple(_rounded(v / total) for v in vector), _rounded(eigenvalue), _rounded(max(ratio, Fraction(0)))
    )


def _check(matrix: Sequence[Sequence[Fraction]]) -> None:
    size = len(matrix)
    square = 1 <= size <= len(RANDOM_INDEX) and all(len(row) == size for row in matrix)
    reciprocal = square and all(
        Fraction(1, 9) <= matrix[i][j] <= 9 and matrix[i][j] * matrix[j][i] == 1
        for i in range(size)
        for j in range(size)
    )
    if not reciprocal:
        raise PanelTableWrong(
            method="AHP",
            problem="a square matrix of up to ten rows from 1/9 to 9 with a_ij x a_ji = 1",
            problem_zh="须为不超过十阶的互反方阵，取值 1/9 至 9",
        )


def _rounded(value: Fraction) -> Fraction:
    """To twelve places; what lies within 10^-40 of half way is taken as half way."""
    half = Fraction(round(value * 2 * _UNIT), 2 * _UNIT)
    return Fraction(round((half if abs(value - half) < _WIDTH else value) * _UNIT), _UNIT)

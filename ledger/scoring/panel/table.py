"""A table that a panel judges: alternatives by criteria, with weights; and the refusals of what is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ledger.errors import ScoringError
from ledger.scoring.formulas.base import Direction


class PanelTableWrong(ScoringError):
    """A table or matrix that the method has no answer for."""

    code = "scoring.panel"
    method: str
    problem: str
    problem_zh: str
    en = "{method}: {problem}"
    zh = "{method} 无法计算：{problem_zh}"
    fix_en = "Correct the table of marks and weights"
    fix_zh = "请更正评分表与权重"


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` of alternatives, each with one value per criterion; ``weights`` of zero or more, not all zero."""

    rows: tuple[tuple[Fraction, ...], ...]
    weights: tuple[Fraction, ...]
    directions: tuple[Direction, ...]

    def __post_init__(self) -> None:
        width = len(self.weights)
        if not self.rows or any(len(row) != width for row in self.rows) or len(self.directions) != width:
            raise PanelTableWrong(
                method="table", problem="every row needs one value per criterion", problem_zh="每行须逐项填写"
            )
        if any(weight < 0 for weight in self.weights) or not any(self.weights):
            raise PanelTableWrong(
                method="table", problem="weights of zero or more, not all zero", problem_zh="权重不得为负，且不得全为零"
            )

    @property
    def columns(self) -> tuple[tuple[Fraction, ...], ...]:
        """Values by criterion."""
        return tuple(zip(*self.rows, strict=True))

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Weights that sum to 1."""
        total = sum(self.weights, Fraction(0))
        return tuple(weight / total for weight in self.weights)


def places(scores: Sequence[Fraction]) -> tuple[int, ...]:
    """The rank of each score, from 1 for the highest; equal scores share a rank."""
    return tuple(1 + sum(other > score for other in scores) for score in scores)

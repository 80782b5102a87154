"""PROMETHEE II: net flows of pairwise preference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.scoring.panel.table import PanelTableWrong, Table

Shape = Literal["usual", "u-shape", "v-shape", "level", "linear"]


@dataclass(frozen=True, slots=True)
class Preference:
    """
    How far a difference d is preferred, 0 to 1: indifferent up to ``q``, wholly from ``p`` on.

    ``usual``: any d; ``u-shape``: d > q; ``v-shape``: d / p; ``level``: a half between q and p; ``linear``:
    (d - q) / (p - q). The sixth shape of the source, Gaussian, is irrational and not offered.
    """

    shape: Shape = "usual"
    q: Fraction = Fraction(0)
    p: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        needs_p = self.shape in {"v-shape", "level", "linear"}
        if self.q < 0 or (needs_p and self.p <= self.q):
            raise PanelTableWrong(
                method="PROMETHEE II", problem="thresholds with 0 <= q < p", problem_zh="阈值须满足 0 <= q < p"
            )

    def degree(self, difference: Fraction) -> Fraction:
        """The preference for an alternative that is better by ``difference``."""
        if difference <= 0:
            return Fraction(0)
        whole = Fraction(1)
        match self.shape:
            case "usual":
                return whole
            case "u-shape":
                return whole if difference > self.q else Fraction(0)
            case "v-shape":
                return min(difference / self.p, whole)
            case "level":
                return Fraction(0) if difference <= self.q else whole if difference > self.p else Fraction(1, 2)
            case "linear":
                return min(max((difference - self.q) / (self.p - self.q), Fraction(0)), whole)


def promethee(table: Table, preferences: Sequence[Preference]) -> tuple[Fraction, ...]:
    """
    The net flow of each alternative, -1 to 1, exact; net flows sum to zero.

    Source: Brans, Vincke, Management Science 31 (1985); Brans, Mareschal, Vincke, Operational Research '84.
    """
    count = len(table.rows)
    if count < 2 or len(preferences) != len(table.weights):
        raise PanelTableWrong(
            method="PROMETHEE II",
            problem="two alternatives or more and one preference function per criterion",
            problem_zh="至少两个方案，且每项一个偏好函数",
        )
    flows = [Fraction(0)] * count
    for column, direction, share, preference in zip(
        table.columns, table.directions, table.shares, preferences, strict=True
    ):
        sign = 1 if direction == "higher" else -1
        for a in range(count):
            for b in range(count):
                degree = share * preference.degree(sign * (column[a] - column[b]))
                flows[a] += degree
                flows[b] -= degree
    return tuple(flow / (count - 1) for flow in flows)

"""The weighted sum of normalised marks."""

from __future__ import annotations

from fractions import Fraction

from ledger.scoring.panel.table import PanelTableWrong, Table


def weighted_sum(table: Table) -> tuple[Fraction, ...]:
    """
    Sum of weight x value / sum of the column, exact; where lower is better 1 / value stands for the value.

    All values above zero. The scores of all alternatives sum to 1.
    Source: Fishburn, Operations Research 15 (1967), additive utilities; with inversion and sum normalisation.
    """
    if min(min(row) for row in table.rows) <= 0:
        raise PanelTableWrong(method="weighted sum", problem="values above zero are needed", problem_zh="数值须大于零")
    columns = [
        column if direction == "higher" else tuple(1 / value for value in column)
        for column, direction in zip(table.columns, table.directions, strict=True)
    ]
    scores = [Fraction(0)] * len(table.rows)
    for column, share in zip(columns, table.shares, strict=True):
        whole = sum(column, Fraction(0))
        scores = [score + share * value / whole for score, value in zip(scores, column, strict=True)]
    return tuple(scores)

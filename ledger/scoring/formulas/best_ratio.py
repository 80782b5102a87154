"""The ratio to the best value, in either direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.rational import divided, highest, lowest, plain


class BestRatio(Formula):
    """
    Share = P_best / P when lower is better, P / P_best when higher is.

    Values above zero when lower is better, not below zero when higher is; all zero: nobody has anything.
    """

    key = "best-ratio"
    title_en = "Ratio to the best"
    title_zh = "最优值比率法"
    algebra = "P_min / P (lower is better), P / P_max (higher is better)"
    source = (
        "Ratio to the best bid; among the formulas of Stilger, Siderius, Van Raaij, J. Public Procurement 17(1), 2017"
    )
    relative = True
    of_extremes = True
    warning_en = "Relative to the best remaining value: a losing bid can change the winner"
    warning_zh = "以剩余最优值为基准：落选投标可能改变中标结果"

    def benchmark(
        self,
        field: Sequence[Fraction],
        direction: Direction,
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Benchmark:
        """The best value."""
        low = lowest(field)
        if low < 0 or (low == 0 and direction == "lower"):
            raise Undefined(plain(low))
        return (low if direction == "lower" else highest(field),)

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,
        direction: Direction,
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Working:
        """The ratio of ``value`` and the best, the better one below."""
        (best,) = benchmark
        if direction == "lower":
            return Working(divided(best, value), f"{plain(best)} / {plain(value)}")
        if best == 0:
            return Working(Fraction(0), "all values zero: 0")
        return Working(divided(value, best), f"{plain(value)} / {plain(best)}")

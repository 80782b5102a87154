"""Linear between the worst and the best bid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Working
from ledger.scoring.rational import between, highest, lowest, plain


class MinMax(Formula):
    """Share = (P_max - P) / (P_max - P_min), or from below when higher is better. All equal: everyone has it all."""

    key = "min-max"
    title_en = "Linear between worst and best bid"
    title_zh = "极差线性法"
    algebra = "(P_max - P) / (P_max - P_min) (lower is better), (P - P_min) / (P_max - P_min) (higher is better)"
    source = "Relative linear scoring; offered for comparison, it shows the ranking paradox most strongly"
    relative = True
    of_extremes = True
    warning_en = "The worst bid always gets nothing, however small the gap; one outlier decides the spread"
    warning_zh = "无论差距多小，最差者得零分；一个离群报价即可决定分差"

    def benchmark(
        self,
        field: Sequence[Fraction],
        direction: Direction,
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Benchmark:
        """The worst and the best value."""
        low, high = lowest(field), highest(field)
        return (high, low) if direction == "lower" else (low, high)

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Working:
        """Where ``value`` lies between the worst (0) and the best (1)."""
        worst, best = benchmark
        if worst == best:
            return Working(Fraction(1), "all values equal: 1")
        return Working(
            between(value, worst, best), f"({plain(value)} - {plain(worst)}) / ({plain(best)} - {plain(worst)})"
        )

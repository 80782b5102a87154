"""Distance from the mean of the bids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import lowest, plain, total

ZERO = Fraction(0)


def distance(value: Fraction, benchmark: Fraction, deduction: Fraction) -> Working:
    """One minus the relative distance of ``value`` from the benchmark, times ``deduction`` or, below it, half of it."""
    rate = deduction / (1 if value > benchmark else 2)
    raw = 1 - rate * abs(value - benchmark) / benchmark
    text = f"1 - {plain(rate)} x |{plain(value)} - {plain(benchmark)}| / {plain(benchmark)}"
    return Working(max(raw, ZERO), text + (", cut off at 0" if raw < 0 else ""))


class MeanBenchmark(Formula):
    """
    Benchmark D = mean x ``factor``. Share = 1 - e x (P - D)/D above D, 1 - e/2 x (D - P)/D below, at least 0.

    ``deduction`` e is points lost per percent above, on a scale of 100 points; below the benchmark half of it.
    """

    key = "mean-benchmark"
    title_en = "Distance from the mean"
    title_zh = "平均价基准法"
    algebra = "1 - e (P - D) / D above D, 1 - e/2 (D - P) / D below, D = mean x factor, at least 0"
    source = "Benchmark-mean price scoring of Chinese tenders under 招标投标法 (区间平均价法)"
    directions = ("lower",)
    parameters = (
        Parameter("deduction", "points per %", "points of 100 lost per percent above", "每高出1%扣分", above=ZERO),
        Parameter("factor", "1", "benchmark as a multiple of the mean", "基准价系数", above=ZERO),
    )
    relative = True
    warning_en = "A cover bid moves the mean and with it the winner: use only with a collusion check"
    warning_zh = "陪标报价可移动均值从而改变中标结果：须同时进行串标检查"

    def benchmark(
        self,
        field: Sequence[Fraction],
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Benchmark:
        """The mean of all prices, times the factor."""
        low = lowest(field)
        if low <= 0:
            raise Undefined(plain(low))
        return (total(field) / len(field) * parameters["factor"],)

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Working:
        """One minus the weighted relative distance of ``value`` from the benchmark."""
        return distance(value, benchmark[0], parameters["deduction"])

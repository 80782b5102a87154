"""Distance from the mean of the bids between the extremes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.formulas.mean_benchmark import ZERO, distance
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import lowest, plain, total


class IntervalBenchmark(Formula):
    """
    As the mean benchmark, with the ``trimmed`` lowest and highest values left out of the mean.

    With no more than 2 x ``trimmed`` bids nothing would be left: then all count.
    """

    key = "interval-benchmark"
    title_en = "Distance from the trimmed mean"
    title_zh = "区间平均价法（去高去低）"
    algebra = "1 - e (P - D) / D above D, 1 - e/2 (D - P) / D below, D = trimmed mean x factor, at least 0"
    source = "区间平均价法 of tenders under 招标投标法; not allowed under 财政部令第87号 (2017) 第五十五条"
    directions = ("lower",)
    parameters = (
        Parameter("deduction", "points per %", "points of 100 lost per percent above", "每高出1%扣分", above=ZERO),
        Parameter("factor", "1", "benchmark as a multiple of the mean", "基准价系数", above=ZERO),
        Parameter("trimmed", "bids", "left out at each end", "两端各去除家数", least=Fraction(1), whole=True),
    )
    relative = True
    warning_en = "Cover bids move the mean even when the extremes are left out: use only with a collusion check"
    warning_zh = "即使去高去低，陪标报价仍可移动均值：须同时进行串标检查"

    def benchmark(
        self,
        field: Sequence[Fraction],
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Benchmark:
        """The mean of the prices between the extremes, times the factor."""
        low = lowest(field)
        if low <= 0:
            raise Undefined(plain(low))
        trimmed = int(parameters["trimmed"])
        kept = sorted(field)[trimmed : len(field) - trimmed] or field
        return (total(kept) / len(kept) * parameters["factor"],)

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Working:
        """One minus the weighted relative distance of ``value`` from the benchmark."""
        return distance(value, benchmark[0], parameters["deduction"])

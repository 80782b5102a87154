"""Distance from the mean of the bids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ledger.scoring.errors import SchemeFault
from ledger.scoring.formulas.base import Direction, Formula, Undefined, Working, must
from ledger.scoring.rational import plain


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
    parameters = ("deduction", "factor")
    relative = True
    warning_en = "A cover bid moves the mean and with it the winner: use only with a collusion check"
    warning_zh = "陪标报价可移动均值从而改变中标结果：须同时进行串标检查"

    def _range_faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:  # noqa: ARG002
        if min(parameters.values()) <= 0:
            yield must(self.key, parameters, "deduction and factor above zero", "deduction 与 factor 大于零")

    def work(
        self,
        value: Fraction,
        field: Sequence[Fraction],
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],
    ) -> Working:
        """One minus the weighted relative distance of ``value`` from the benchmark."""
        if min(field) <= 0:
            raise Undefined(plain(min(field)))
        benchmark = sum(field, Fraction(0)) / len(field) * parameters["factor"]
        rate = parameters["deduction"] / (1 if value > benchmark else 2)
        raw = 1 - rate * abs(value - benchmark) / benchmark
        text = f"1 - {plain(rate)} x |{plain(value)} - {plain(benchmark)}| / {plain(benchmark)}"
        return Working(max(raw, Fraction(0)), text + (", cut off at 0" if raw < 0 else ""))

"""The lowest price over the price: the price formula of Chinese government procurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working
from ledger.scoring.rational import divided, lowest, plain


class LowestPrice(Formula):
    """Share = P_min / P over the remaining bids (低价优先法). Prices above zero."""

    key = "lowest-price"
    title_en = "Lowest price over price"
    title_zh = "低价优先法"
    algebra = "P_min / P"
    source = "财政部令第87号 (2017) 第五十五条: 投标报价得分 = (评标基准价 / 投标报价) x 100"
    directions = ("lower",)
    relative = True
    of_extremes = True
    warning_en = "Relative to the lowest remaining price: a losing bid can change the winner"
    warning_zh = "以剩余最低价为基准：落选投标可能改变中标结果"

    def benchmark(
        self,
        field: Sequence[Fraction],
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Benchmark:
        """The lowest price."""
        low = lowest(field)
        if low <= 0:
            raise Undefined(plain(low))
        return (low,)

    def work(
        self,
        value: Fraction,
        benchmark: Benchmark,
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Working:
        """The lowest price over ``value``."""
        (low,) = benchmark
        return Working(divided(low, value), f"{plain(low)} / {plain(value)}")

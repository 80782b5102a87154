"""The utility index: the price as if all bids had the best quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role, quotient
from ledger.scoring.formulas.base import Benchmark
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import highest, lowest, plain


class Utility(AmountRule):
    """U = (1 - (Q_best - Q) x W_Q / W_P) / P x P_best; Q as a share of all marks, 0 to 1. The highest is best."""

    key = "utility"
    title_en = "Utility index"
    title_zh = "效用指数法"
    algebra = "(1 - (Q_max - Q) x W_Q / W_P) / P x P_min"
    source = "Utility formula of Negometrix (Mercell); rational, so no rounding"
    roles = (PRICE_ROLE, Role("quality", "share of the marks, 0 to 1", "quality", "质量得分率"))
    parameters = (
        Parameter("quality_weight", "1", "weight of quality", "质量权重", above=Fraction(0)),
        Parameter("price_weight", "1", "weight of price", "价格权重", above=Fraction(0)),
    )
    direction = "higher"
    relative = True
    warning_en = "Relative to the lowest price and the best quality: a losing bid can change the winner"
    warning_zh = "以最低价与最优质量为基准：落选投标可能改变中标结果"

    def benchmark(self, field: Sequence[Figures], parameters: Mapping[str, Fraction]) -> Benchmark:  # noqa: ARG002
        """The lowest price and the best quality."""
        return lowest([one["price"] for one in field]), highest([one["quality"] for one in field])

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:
        """The index of one bid."""
        low, best = benchmark
        price, quality = figures["price"], figures["quality"]
        weight = parameters["quality_weight"] / parameters["price_weight"]
        value = quotient((1 - (best - quality) * weight) * low, price, plain(price))
        text = f"(1 - ({plain(best)} - {plain(quality)}) x {plain(weight)}) / {plain(price)} x {plain(low)}"
        return Amounted(value, text)

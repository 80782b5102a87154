"""Rated criteria of the World Bank: cost and technical score in one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.amounts.base import Amounted, AmountRule, Figures, Role, quotient
from ledger.scoring.formulas.base import Benchmark
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import highest, lowest, plain


class RatedCriteria(AmountRule):
    """B = C_low / C x X x 100 + T / T_high x (1 - X) x 100, of 100 points; the highest is best."""

    key = "rated-criteria"
    title_en = "World Bank rated criteria"
    title_zh = "世界银行评级标准法"
    algebra = "C_min / C x X x 100 + T / T_max x (1 - X) x 100"
    source = "World Bank, Standard Procurement Documents: evaluation with rated criteria, combined score"
    roles = (
        Role("cost", "currency", "evaluated cost", "评标成本"),
        Role("technical", "marks", "technical score", "技术得分"),
    )
    parameters = (
        Parameter("cost_weight", "1", "X: weight of cost", "成本权重 X", above=Fraction(0), most=Fraction(1)),
    )
    direction = "higher"
    relative = True
    warning_en = "Relative to the lowest cost and the best technical score: a losing bid can change the winner"
    warning_zh = "以最低成本与最高技术分为基准：落选投标可能改变中标结果"

    def benchmark(self, field: Sequence[Figures], parameters: Mapping[str, Fraction]) -> Benchmark:  # noqa: ARG002
        """The lowest cost and the highest technical score."""
        return lowest([one["cost"] for one in field]), highest([one["technical"] for one in field])

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:
        """The combined score of one bid."""
        (low, high), x = benchmark, parameters["cost_weight"]
        cost, technical = figures["cost"], figures["technical"]
        value = quotient(low, cost, plain(cost)) * x * 100
        value += quotient(technical, high, plain(high)) * (1 - x) * 100
        first = f"{plain(low)} / {plain(cost)} x {plain(x)} x 100"
        text = f"{first} + {plain(technical)} / {plain(high)} x {plain(1 - x)} x 100"
        return Amounted(value, text)

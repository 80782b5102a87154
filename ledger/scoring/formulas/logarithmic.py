"""The logarithm of the price over the best price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.scoring.formulas.base import Benchmark, Direction, Formula, Undefined, Working, cut_off
from ledger.scoring.logarithm import PLACES, log_ratio
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import lowest, plain


class Logarithmic(Formula):
    """Share = 1 - log(P / P_min) / log(A), cut off at 0: a price A times the lowest is worth nothing."""

    key = "logarithmic"
    title_en = "Logarithm of price over lowest price"
    title_zh = "对数价格法"
    algebra = "1 - log(P / P_min) / log(A), at least 0"
    source = "Negometrix (Mercell); Stilger, Siderius, Van Raaij, J. Public Procurement 17(1), 2017"
    directions = ("lower",)
    parameters = (
        Parameter(
            "multiple",
            "1",
            "A: multiple of P_min worth nothing",
            "得零分的价格倍数 A",
            above=Fraction(1),
        ),
    )
    relative = True
    of_extremes = True
    warning_en = "Relative to the lowest remaining price: a losing bid can change the winner"
    warning_zh = "以剩余最低价为基准：落选投标可能改变中标结果"
    rounding = f"log(P / P_min) / log(A) correctly rounded, half to even, to {PLACES} decimal places"

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
        parameters: Mapping[str, Fraction],
    ) -> Working:
        """One minus the logarithm of ``value`` over the lowest, to base A."""
        (low,), multiple = benchmark, parameters["multiple"]
        share, cut = cut_off(1 - log_ratio(value / low, multiple))
        return Working(share, f"1 - log({plain(value)} / {plain(low)}) / log({plain(multiple)}){cut}")

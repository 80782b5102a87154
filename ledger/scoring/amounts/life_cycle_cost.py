"""Purchase, yearly costs and end of life at their present value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark, must
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import SchemeFault


class LifeCycleCost(AmountRule):
    """P + sum over t = 1 to years of yearly / (1 + r)^t + end / (1 + r)^years, exact; costs fall due at year's end."""

    key = "life-cycle-cost"
    title_en = "Life-cycle cost"
    title_zh = "全生命周期成本"
    algebra = "P + sum(t = 1..years) yearly / (1 + rate)^t + end / (1 + rate)^years"
    source = "Directive 2014/24/EU, article 68: life-cycle costing; method and data stated in the tender documents"
    roles = (
        PRICE_ROLE,
        Role("yearly", "currency/year", "energy and upkeep a year", "每年能耗与维护"),
        Role("end", "currency", "end of life, a credit below zero", "报废处置（收入为负）"),
    )
    parameters = (
        Parameter("years", "years", "years of use", "使用年限", least=Fraction(1), most=Fraction(50), whole=True),
        Parameter("rate", "1", "discount rate a year", "年折现率", least=Fraction(0), most=Fraction(1)),
    )

    def _range_faults(self, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        # The exact value has years x as many digits as the rate.
        if 1_000_000 % parameters["rate"].denominator:
            yield must(self.key, parameters, "a rate of at most six decimal places", "折现率至多六位小数")

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """The present value of all costs."""
        years, rate = int(parameters["years"]), parameters["rate"]
        price, yearly, end = figures["price"], figures["yearly"], figures["end"]
        value = end
        for _ in range(years):
            value = value / (1 + rate) + yearly / (1 + rate)
        text = (
            f"{plain(price)} + sum(t = 1..{years}) {plain(yearly)} / (1 + {plain(rate)})^t"
            f" + {plain(end)} / (1 + {plain(rate)})^{years}"
        )
        return Amounted(price + value, text)

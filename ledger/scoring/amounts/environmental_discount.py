"""The fictitious discount for a low environmental cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark, cut_off, must
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import SchemeFault


class EnvironmentalDiscount(AmountRule):
    """P - maximum x (reference - ECI) / (reference - lower): nothing at the reference, all of it at the lower limit."""

    key = "environmental-discount"
    title_en = "Price less discount for environmental cost"
    title_zh = "报价减环境成本折扣"
    algebra = "P - maximum x (reference - ECI) / (reference - lower), the quotient held between 0 and 1"
    source = "Rijkswaterstaat, DuboCalc in tenders: fictitious discount between reference and lower limit of the MKI"
    roles = (PRICE_ROLE, Role("cost", "currency", "environmental cost", "环境成本"))
    parameters = (
        Parameter("reference", "currency", "cost without discount", "无折扣基准", above=Fraction(0)),
        Parameter("lower", "currency", "cost with the whole discount", "全额折扣下限", least=Fraction(0)),
        Parameter("maximum", "currency", "the whole discount", "最大折扣", above=Fraction(0)),
    )

    def _range_faults(self, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        if parameters["lower"] >= parameters["reference"]:
            yield must(self.key, parameters, "lower below reference", "lower 小于 reference")

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """The price less the part of the discount that the cost earns."""
        top, low, maximum = parameters["reference"], parameters["lower"], parameters["maximum"]
        share, cut = cut_off((top - figures["cost"]) / (top - low))
        earned = f"({plain(top)} - {plain(figures['cost'])}) / ({plain(top)} - {plain(low)})"
        text = f"{plain(figures['price'])} - {plain(maximum)} x [{earned}{cut}]"
        return Amounted(figures["price"] - maximum * share, text)

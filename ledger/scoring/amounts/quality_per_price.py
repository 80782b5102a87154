"""Quality per unit of price."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role, quotient
from ledger.scoring.formulas.base import Benchmark
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain


class QualityPerPrice(AmountRule):
    """Q / P x X; the highest is best."""

    key = "quality-per-price"
    title_en = "Quality per price"
    title_zh = "性价比法"
    algebra = "Q / P x X"
    source = "Quality divided by price; 性价比法; Stilger, Siderius, Van Raaij, J. Public Procurement 17(1), 2017"
    roles = (PRICE_ROLE, Role("quality", "marks", "quality", "质量得分"))
    parameters = (Parameter("scale", "currency/mark", "X, for readable figures", "换算系数 X", above=Fraction(0)),)
    direction = "higher"
    warning_en = "Price and quality cannot be weighted against each other: the cheapest often wins"
    warning_zh = "价格与质量不能分别赋权：往往低价者胜出"

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """Quality over price, scaled."""
        price, quality, scale = figures["price"], figures["quality"], parameters["scale"]
        text = f"{plain(quality)} / {plain(price)} x {plain(scale)}"
        return Amounted(quotient(quality, price, plain(price)) * scale, text)

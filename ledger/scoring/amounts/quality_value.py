"""Quality as an amount of money that is taken off the price."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark, Undefined
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain

SCALE: dict[Fraction, Fraction] = {
    Fraction(3): Fraction(1),
    Fraction(2): Fraction(60, 100),
    Fraction(1): Fraction(25, 100),
    Fraction(0): Fraction(0),
    Fraction(-1): Fraction(-50, 100),
}
"""Mark to share of the greatest value; -1 stands for "not relevant" (NR), which costs. Rijkswaterstaat, 2023."""


class QualityValue(AmountRule):
    """P - value of the mark: the fictitious price; the lowest wins. Several marks: one amount upon another."""

    key = "quality-value"
    title_en = "Price less the value of quality"
    title_zh = "报价减质量价值"
    algebra = "P - maximum x scale(mark), scale 3/2/1/0/NR(-1) = 100/60/25/0/-50 %"
    source = "Gunnen op waarde (award on value), Rijkswaterstaat, scale of 2023"
    roles = (PRICE_ROLE, Role("mark", "3, 2, 1, 0 or -1", "panel's mark", "评委评级"))
    parameters = (Parameter("maximum", "currency", "value of the best mark", "最高质量价值", above=Fraction(0)),)

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """The price less the mark's part of the greatest value."""
        price, mark, maximum = figures["price"], figures["mark"], parameters["maximum"]
        if mark not in SCALE:
            raise Undefined(plain(mark))
        return Amounted(price - maximum * SCALE[mark], f"{plain(price)} - {plain(maximum)} x {plain(SCALE[mark])}")

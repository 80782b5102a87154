"""The fictitious discount of the CO2 Performance Ladder, and the sanction for a promise not kept."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.scoring.amounts.base import PRICE_ROLE, Amounted, AmountRule, Figures, Role
from ledger.scoring.formulas.base import Benchmark, Undefined
from ledger.scoring.parameter import Parameter
from ledger.scoring.rational import plain

SANCTION = Fraction(3, 2)
"""At least 1.5 times the advantage that was given for what was not achieved."""


class LadderDiscount(AmountRule):
    """P x (1 - step x level): the price as it is compared; what is paid is P."""

    key = "ladder-discount"
    title_en = "CO2 Performance Ladder discount"
    title_zh = "二氧化碳绩效阶梯折扣"
    algebra = "P x (1 - step x level)"
    source = "SKAO, CO2 Performance Ladder, procurement guide: handbook 4.0 5/10/15 %, handbook 3.1 at most 10 %"
    roles = (PRICE_ROLE, Role("level", "step of the ladder", "level promised", "承诺等级"))
    parameters = (
        Parameter("step", "1", "discount per level", "每级折扣", above=Fraction(0), most=Fraction(1)),
        Parameter("levels", "levels", "highest level", "最高等级", least=Fraction(1), most=Fraction(5), whole=True),
    )

    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:  # noqa: ARG002
        """The price less the discount of the level."""
        price, level, step = figures["price"], figures["level"], parameters["step"]
        if not 0 <= level <= parameters["levels"] or level.denominator != 1:
            raise Undefined(plain(level))
        return Amounted(price * (1 - step * level), f"{plain(price)} x (1 - {plain(step)} x {plain(level)})")


def sanction(promised: Fraction, achieved: Fraction, factor: Fraction = SANCTION) -> Fraction:
    """
    What a bidder owes who achieved less than promised: 1.5 x (value promised - value achieved), never below zero.

    Source: SKAO, CO2 Performance Ladder, procurement guide, on proof within one year after award.
    """
    return max(factor * (promised - achieved), Fraction(0))

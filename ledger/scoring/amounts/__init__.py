"""
Rules of amounts: several figures of a bid in, one to compare out. A new one is one file and one line here.

An amount may read other amounts: a life-cycle cost can be discounted, and the discounted amount be given points.
"""

from __future__ import annotations

from ledger.scoring.amounts.base import Amounted, AmountRule, Role
from ledger.scoring.amounts.environmental_cost import EnvironmentalCost
from ledger.scoring.amounts.environmental_discount import EnvironmentalDiscount
from ledger.scoring.amounts.green_deduction import GreenDeduction
from ledger.scoring.amounts.ladder_discount import LadderDiscount
from ledger.scoring.amounts.life_cycle_cost import LifeCycleCost
from ledger.scoring.amounts.quality_per_price import QualityPerPrice
from ledger.scoring.amounts.quality_value import QualityValue
from ledger.scoring.amounts.rated_criteria import RatedCriteria
from ledger.scoring.amounts.shadow_price import ShadowPrice
from ledger.scoring.amounts.utility import Utility

AMOUNT_RULES: tuple[AmountRule, ...] = (
    ShadowPrice(),
    LifeCycleCost(),
    EnvironmentalCost(),
    EnvironmentalDiscount(),
    LadderDiscount(),
    QualityValue(),
    GreenDeduction(),
    QualityPerPrice(),
    Utility(),
    RatedCriteria(),
)

_BY_KEY = {rule.key: rule for rule in AMOUNT_RULES}


def amount_rule(key: str) -> AmountRule | None:
    """The rule of that key, or ``None``."""
    return _BY_KEY.get(key)


__all__ = ["AMOUNT_RULES", "AmountRule", "Amounted", "Role", "amount_rule"]

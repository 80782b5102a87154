"""
The test for abnormally low prices, applied to footprints as well.

A value is abnormally low when it lies below a share of the mean of all values but the highest, and also further than a
margin below the lowest value that passes the first test.
Source: Scottish Government, Construction Procurement Handbook (2018), chapter 8: 85 % of the adjusted average price;
proximity margin 1 % of the lowest qualifying price, at least 1,000 and at most 100,000 pounds.
What follows, asking for a written explanation, is 财政部令第87号 (2017) 第六十条.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.scoring.form import Value
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import BoundsWrong, SchemeFault

Consequence = Literal["flag", "exclude-unless-accepted"]


class AbnormallyLow(Value, frozen=True, kw_only=True):
    """
    The rule as a scheme states it.

    ``below_mean`` share of the adjusted mean (85/100 in Scotland), ``proximity`` share of the lowest qualifying value
    (1/100); the margin is held between ``margin_min`` and ``margin_max`` [currency, or kg CO2e per declared unit].
    ``flag`` tells and goes on; ``exclude-unless-accepted`` sets the bid aside unless a ruling accepts an explanation.
    """

    subject: Literal["price", "footprint"]
    below_mean: Fraction
    proximity: Fraction
    margin_min: Fraction
    margin_max: Fraction
    consequence: Consequence = "flag"

    def faults(self) -> Iterator[SchemeFault]:
        """What is wrong with this rule on its own."""
        shares = 0 < self.below_mean < 1 and 0 <= self.proximity < 1
        if not (shares and 0 <= self.margin_min <= self.margin_max):
            values = ", ".join(
                f"{name} = {plain(getattr(self, name))}"
                for name in ("below_mean", "proximity", "margin_min", "margin_max")
            )
            yield BoundsWrong(
                rule=f"abnormally-low {self.subject}",
                given=values,
                wanted="0 < below_mean < 1, 0 <= proximity < 1, 0 <= margin_min <= margin_max",
                wanted_zh="0 < below_mean < 1，0 <= proximity < 1，0 <= margin_min <= margin_max",
            )


@dataclass(frozen=True, slots=True)
class LowTest:
    """The figures of the test, the same for every value of one field."""

    adjusted_mean: Fraction
    limit: Fraction
    lowest_qualifying: Fraction
    margin: Fraction

    def catches(self, value: Fraction) -> bool:
        """Whether the value is abnormally low by both halves of the rule."""
        return value < self.limit and value < self.lowest_qualifying - self.margin


def low_test(rule: AbnormallyLow, field: Sequence[Fraction]) -> LowTest | None:
    """The test over the values of the remaining bids, all above zero; ``None`` below two values, which have no mean."""
    if len(field) < 2:
        return None
    mean = (sum(field, Fraction(0)) - max(field)) / (len(field) - 1)
    limit = rule.below_mean * mean
    qualifying = min(value for value in field if value >= limit)
    margin = min(max(rule.proximity * qualifying, rule.margin_min), rule.margin_max)
    return LowTest(mean, limit, qualifying, margin)

"""
Which incentives a supplier earned in a year: computed from the edition for that year and what was recorded.

``MEASURES`` is everything a rule can ask for; a new one is a function and a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.records.incentive import Incentive, IncentiveException, IncentiveRules, IncentiveTest, Measure

EarnedState = Literal["earned", "granted", "not_earned", "withheld"]
_PERCENT: Final = 100


class YearFacts(NamedTuple):
    """
    What is known of a supplier's year.

    ``points``: its assessment in force [points of 100]. ``footprints``: how many in force, and how many of them with a
    review in force. ``kept``: pledges to the six commitments on their path or reached. ``products``: how many put
    forward, and how many of them in the green catalogue.
    """

    points: Decimal | None = None
    footprints: tuple[int, int] = (0, 0)
    kept: int = 0
    products: tuple[int, int] = (0, 0)


def _share(counts: tuple[int, int]) -> Fraction | None:
    whole, part = counts
    return Fraction(part * _PERCENT, whole) if whole else None


MEASURES: Final[Mapping[Measure, Callable[[YearFacts], Fraction | None]]] = {
    "assessment_points": lambda facts: None if facts.points is None else Fraction(facts.points),
    "verified_share": lambda facts: _share(facts.footprints),
    "commitments_kept": lambda facts: Fraction(facts.kept),
    "catalogue_share": lambda facts: _share(facts.products),
}
"""Each measure, exact: points of 100, % of footprints, a count of commitments, % of products; ``None`` is no value."""


class Checked(NamedTuple):
    """A test of a year: the value that it was held against, and whether it holds. No value never holds."""

    test: IncentiveTest
    value: Fraction | None
    holds: bool


class Earned(NamedTuple):
    """An incentive of a year with every test; ``exception`` is the entry and record that decided it otherwise."""

    incentive: Incentive
    checked: tuple[Checked, ...]
    exception: tuple[int, IncentiveException] | None

    @property
    def state(self) -> EarnedState:
        """By the rules, unless somebody decided otherwise for a stated reason."""
        if self.exception is not None:
            return self.exception[1].decision
        return "earned" if all(one.holds for one in self.checked) else "not_earned"


def checked(test: IncentiveTest, facts: YearFacts) -> Checked:
    """One test."""
    value = MEASURES[test.measure](facts)
    return Checked(test, value, value is not None and value >= Fraction(test.at_least))


def earned(
    rules: IncentiveRules, facts: YearFacts, exceptions: Iterable[tuple[int, IncentiveException]] = ()
) -> tuple[Earned, ...]:
    """Every incentive of an edition for one supplier's year; of several exceptions the one entered last counts."""
    last = {one.incentive: (at, one) for at, one in sorted(exceptions, key=lambda pair: pair[0])}
    return tuple(
        Earned(one, tuple(checked(test, facts) for test in one.tests), last.get(one.key)) for one in rules.incentives
    )


def rules_for(editions: Iterable[tuple[int, IncentiveRules]], year: int) -> tuple[int, IncentiveRules] | None:
    """The edition for a year: of those that hold on its first day, the one that began last."""
    begun = [pair for pair in editions if pair[1].valid_from <= date(year, 1, 1)]
    return max(begun, key=lambda pair: (pair[1].valid_from, pair[1].edition), default=None)

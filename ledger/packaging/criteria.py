"""
Whether packaging is green: computed from its list and the edition of the house's rules in force, never typed.

``CRITERIA`` is every kind of condition; a new one is a function and a line. No threshold is built in. Chinese
standards set none for equipment: GB/T 37422-2019 grades green packaging by attributes of resources, energy,
environment and product, and GB 23350-2021 limits layers and empty space of food and cosmetics alone. What counts is
what the house's standard says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.packaging.measure import Measured
from ledger.records.packaging import CriterionKind, PackagingCriterion, PackagingRules


class Met(NamedTuple):
    """A condition and what was found of it: a share [%], a number; ``None`` where the list does not say."""

    criterion: PackagingCriterion
    holds: bool
    found: Fraction | None


class Verdict(NamedTuple):
    """Green or not by an edition, with every condition."""

    rules: PackagingRules
    green: bool
    met: tuple[Met, ...]

    @property
    def missing(self) -> tuple[Met, ...]:
        """What keeps it from being green: conditions that have to hold, or all of those of which one has to."""
        if self.green:
            return ()
        ways = [one for one in self.met if one.criterion.need == "one"]
        lost = not any(one.holds for one in ways)
        return tuple(one for one in self.met if not one.holds and (one.criterion.need == "all" or lost))


Judge = Callable[[Measured, str], tuple[bool, Fraction | None]]


def _at_least(part: Callable[[Measured], Fraction]) -> Judge:
    """A share of the mass that is moved [%]."""

    def judge(of: Measured, value: str) -> tuple[bool, Fraction | None]:
        share = part(of) / of.moved_kg * 100
        return share >= Fraction(value), share

    return judge


def _ratio(of: Measured, value: str) -> tuple[bool, Fraction | None]:
    return of.ratio is not None and of.ratio <= Fraction(value), of.ratio


def _layers(of: Measured, value: str) -> tuple[bool, Fraction | None]:
    return of.layers <= Fraction(value), Fraction(of.layers)


def _without(of: Measured, value: str) -> tuple[bool, Fraction | None]:
    share = next((mass for material, mass in of.by_material.items() if material == value), Fraction(0))
    return not share, share / of.moved_kg * 100


CRITERIA: Final[Mapping[CriterionKind, Judge]] = {
    "reusable": _at_least(lambda of: of.reusable_kg),
    "recyclable": _at_least(lambda of: of.recyclable_kg),
    "mono_material": _at_least(lambda of: max(of.by_material.values())),
    "recycled": _at_least(lambda of: of.recycled_kg),
    "volume_ratio": _ratio,
    "layers": _layers,
    "without": _without,
}


def judged(rules: PackagingRules, of: Measured) -> Verdict:
    """Every condition of an edition. What the list does not say holds nothing."""
    met = tuple(Met(one, *CRITERIA[one.kind](of, one.value)) for one in rules.criteria)
    ways = [one.holds for one in met if one.criterion.need == "one"]
    green = all(one.holds for one in met if one.criterion.need == "all") and (any(ways) or not ways)
    return Verdict(rules, green, met)


def in_force(editions: Iterable[PackagingRules], day: date) -> PackagingRules | None:
    """The edition that holds on a day: of those that began, the one that began last."""
    begun = [one for one in editions if one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.edition), default=None)

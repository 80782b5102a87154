"""
Whether a product is in the green catalogue: computed from the rules in force and what is recorded, never typed.

``RULES`` is every kind of condition; a new one is a function and a line. A product whose conditions all hold is
``listed``; one that was once and is not now is ``suspended``; one that never was, ``waiting``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.programme.schemes import satisfies
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules, EntryRule, EntryRuleKind

ListingState = Literal["listed", "suspended", "waiting"]


class StatedFootprint(NamedTuple):
    """A product's footprint as it stands: kg CO2e per declared unit, whether a review is in force, its last day."""

    kg: Fraction
    verified: bool
    last: date


class Known(NamedTuple):
    """
    What is recorded on a day: the supplier's certificates in force (scheme, last day), the product's footprint, and the
    supplier's assessment in force (points of 100, last day).
    """

    certificates: Sequence[tuple[str, date]] = ()
    footprint: StatedFootprint | None = None
    points: tuple[Decimal, date] | None = None


class Met(NamedTuple):
    """A condition on a day: whether it holds, by what until when (both empty where it does not)."""

    rule: EntryRule
    holds: bool
    what: str
    until: date | None


Judge = Callable[[EntryRule, Known], Met]


def _certificate(rule: EntryRule, known: Known) -> Met:
    held = [(last, scheme) for scheme, last in known.certificates if satisfies(rule.value, scheme)]
    last, scheme = max(held, default=(None, ""))
    return Met(rule, last is not None, scheme, last)


def _footprint(rule: EntryRule, known: Known) -> Met:
    one = known.footprint
    good = one is not None and one.verified
    return Met(rule, good, _kg(one) if one and good else "", one.last if one and good else None)


def _most(rule: EntryRule, known: Known) -> Met:
    one = known.footprint
    good = one is not None and one.kg <= Fraction(rule.value)
    return Met(rule, good, _kg(one) if one else "", one.last if one and good else None)


def _assessment(rule: EntryRule, known: Known) -> Met:
    if known.points is None:
        return Met(rule, holds=False, what="", until=None)
    points, last = known.points
    good = points >= Decimal(rule.value)
    return Met(rule, good, f"{points.normalize():f}", last if good else None)


def _kg(one: StatedFootprint) -> str:
    return f"{one.kg.numerator / Decimal(one.kg.denominator):f}"


RULES: Final[Mapping[EntryRuleKind, Judge]] = {
    "certificate": _certificate,
    "footprint": _footprint,
    "footprint_most": _most,
    "assessment": _assessment,
}


def conditions(rules: CatalogueRules, category: str) -> tuple[EntryRule, ...] | None:
    """What a category's products have to meet; ``None`` for a category that the edition does not have."""
    found = next((one for one in rules.categories if one.key == category), None)
    return None if found is None else (*rules.rules, *found.rules)


def judged(rules: CatalogueRules, category: str, known: Known) -> tuple[Met, ...] | None:
    """Each condition of a category on a day."""
    asked = conditions(rules, category)
    return None if asked is None else tuple(RULES[rule.kind](rule, known) for rule in asked)


def in_force(editions: Iterable[CatalogueRules], catalogue: str, day: date) -> CatalogueRules | None:
    """The edition of a catalogue that holds on a day: of those that began, the one that began last."""
    begun = [one for one in editions if one.catalogue == catalogue and one.valid_from <= day]
    return max(begun, key=lambda one: (one.valid_from, one.edition), default=None)


class Turn(NamedTuple):
    """From ``day`` on a product stood so, by this edition, for these conditions that did not hold."""

    day: date
    state: ListingState
    edition: int
    failed: tuple[EntryRule, ...]


def history(
    product: CatalogueProduct, editions: Sequence[CatalogueRules], days: Iterable[date], known: Callable[[date], Known]
) -> list[Turn]:
    """How a product stood on these days, put together where nothing changed; what is known of a day, ``known`` says."""
    found, was_listed = list[Turn](), False
    for day in sorted(set(days)):
        edition = in_force(editions, product.catalogue, day)
        met = judged(edition, product.category, known(day)) if edition else None
        if edition is None or met is None:
            continue
        failed = tuple(one.rule for one in met if not one.holds)
        state: ListingState = "listed" if not failed else "suspended" if was_listed else "waiting"
        was_listed = was_listed or not failed
        turn = Turn(day, state, edition.edition, failed)
        if not found or (found[-1].state, found[-1].failed) != (turn.state, turn.failed):
            found.append(turn)
    return found

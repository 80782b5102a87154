"""
Internal verification: how many entries are drawn, which, and how a sample stands. Exact, and the same for everybody.

The size is that of discovery sampling (attributes, without replacement): the smallest n for which the hypergeometric
chance of drawing no wrong entry is at most 100 - confidence %, if the tolerable share is wrong. ISO 19011:2018, A.6.3
asks for a stated confidence and sampling risk and leaves the arithmetic to statistics.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from hashlib import sha256
from heapq import nsmallest
from typing import Final, Literal, NamedTuple

from ledger.records.internal_verification import (
    FOUND,
    SampledKind,
    VerificationPlan,
    VerificationSample,
    VerificationStep,
)

ItemState = Literal["error", "in_order", "open", "overdue", "restated"]
PlanState = Literal["checking", "closed", "planned"]
_FULL: Final = 100


def sample_size(population: int, confidence_pct: int, tolerable_pct: int) -> int:
    """How many of ``population`` entries are drawn: none of none, all where nothing less is enough."""
    wrong = max(1, population * tolerable_pct // _FULL) if population else 0
    missed, ways, drawn = 1, 1, 0
    while drawn < population and missed * _FULL > ways * (_FULL - confidence_pct):
        missed *= max(population - wrong - drawn, 0)
        ways *= population - drawn
        drawn += 1
    return drawn


def rank(root: bytes, kind: SampledKind, entry: int) -> bytes:
    """SHA-256 of the root, the kind in ASCII, a zero byte and the entry as eight bytes, most significant first."""
    return sha256(root + kind.encode() + b"\0" + entry.to_bytes(8, "big")).digest()


def drawn_of(root: bytes, kind: SampledKind, entries: Iterable[int], count: int) -> tuple[int, ...]:
    """The ``count`` entries of the lowest rank, in the order of the log."""
    return tuple(sorted(nsmallest(count, entries, key=lambda entry: rank(root, kind, entry))))


class Item(NamedTuple):
    """A sampled entry: what was found last, and what it was restated by, each with the step's entry."""

    kind: SampledKind
    entry: int
    finding: tuple[int, VerificationStep] | None
    restated: tuple[int, VerificationStep] | None

    def state(self, day: date) -> ItemState:
        """How it stands on a day; an error past its deadline that nothing restated is ``overdue``."""
        if self.finding is None:
            return "open"
        if self.finding[1].step == "found_in_order":
            return "in_order"
        if self.restated is not None:
            return "restated"
        due = self.finding[1].due
        return "overdue" if due is not None and day > due else "error"

    @property
    def is_error(self) -> bool:
        """Whether it was found wrong, restated since or not."""
        return self.finding is not None and self.finding[1].step == "found_error"


class StratumResult(NamedTuple):
    """A stratum's counts. ``rate`` is errors of what was checked, ``extrapolated`` that of the population; exact."""

    kind: SampledKind
    population: int
    drawn: int
    checked: int
    errors: int

    @property
    def rate(self) -> Fraction | None:
        """Share of checked entries that were wrong."""
        return Fraction(self.errors, self.checked) if self.checked else None

    @property
    def extrapolated(self) -> Fraction | None:
        """Wrong entries of the population, if it is as the checked ones are."""
        return None if self.rate is None else self.rate * self.population


class Verification(NamedTuple):
    """A plan with its entry, its sample once drawn, and its steps in the order of the log."""

    entry: int
    plan: VerificationPlan
    sample: tuple[int, VerificationSample] | None
    steps: tuple[tuple[int, VerificationStep], ...]

    @property
    def statement(self) -> tuple[int, VerificationStep] | None:
        """The signed statement that closed it."""
        return next((one for one in self.steps if one[1].step == "closed"), None)

    @property
    def state(self) -> PlanState:
        """Planned, then checking, then closed."""
        if self.statement is not None:
            return "closed"
        return "planned" if self.sample is None else "checking"

    @property
    def items(self) -> list[Item]:
        """Every sampled entry; a finding made again counts anew, and takes a restatement back."""
        found: dict[int, tuple[int, VerificationStep]] = {}
        restated: dict[int, tuple[int, VerificationStep]] = {}
        for at, step in self.steps:
            if step.entry is None:
                continue
            if step.step in FOUND:
                found[step.entry] = (at, step)
                restated.pop(step.entry, None)
            else:
                restated[step.entry] = (at, step)
        strata = self.sample[1].strata if self.sample else ()
        return [
            Item(each.of_kind, entry, found.get(entry), restated.get(entry)) for each in strata for entry in each.drawn
        ]

    @property
    def results(self) -> list[StratumResult]:
        """Each stratum's counts."""
        items = self.items
        return [
            StratumResult(
                each.of_kind,
                each.population,
                len(each.drawn),
                sum(one.finding is not None for one in items if one.kind == each.of_kind),
                sum(one.is_error for one in items if one.kind == each.of_kind),
            )
            for each in (self.sample[1].strata if self.sample else ())
        ]

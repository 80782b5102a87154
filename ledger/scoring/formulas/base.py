"""What a formula is: a value and what the remaining bids set as benchmark in, a share of the criterion's points out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Literal

import msgspec

from ledger.scoring.parameter import Parameter, parameter_faults
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import BoundsWrong, DirectionNotAllowed, SchemeFault

Direction = Literal["lower", "higher"]
"""Which value is better."""

Benchmark = tuple[Fraction, ...]
"""What a formula takes from all remaining bids at once, such as their lowest value; empty for an absolute one."""


class Undefined(Exception):
    """The formula has no answer for a value. ``pipeline`` makes it ``FormulaUndefined`` with bidder and criterion."""


class Working(msgspec.Struct, frozen=True):
    """A share of the points in [0, 1], and the same arithmetic with the numbers put in."""

    share: Fraction
    text: str


class Formula(ABC):
    """
    One way from values to points. One class, one file, one line in ``FORMULAS``.

    Every formula gives a share in [0, 1] of the criterion's weight: exactly, or where the true share is irrational,
    rounded in the way its ``rounding`` says, so that any other program gets the same digits.
    """

    key: ClassVar[str]
    title_en: ClassVar[str]
    title_zh: ClassVar[str]
    algebra: ClassVar[str]
    """The share in letters: P own value, P_min, P_max and mean over the remaining bids."""
    source: ClassVar[str]
    directions: ClassVar[tuple[Direction, ...]] = ("lower", "higher")
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    relative: ClassVar[bool]
    """True when the points of a bid depend on the other bids, so that a loser's presence can change the winner."""
    of_extremes: ClassVar[bool] = False
    """True when the benchmark is made of the lowest or highest values themselves."""
    warning_en: ClassVar[str] = ""
    warning_zh: ClassVar[str] = ""
    rounding: ClassVar[str] = ""
    """Empty when every share is exact."""

    def faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        """What is wrong with using this formula so."""
        if direction not in self.directions:
            yield DirectionNotAllowed(formula=self.key, direction=direction)
        wrong = tuple(parameter_faults(self.key, self.parameters, parameters))
        yield from wrong or self._range_faults(direction, parameters)

    def _range_faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:  # noqa: ARG002
        """What is wrong with parameters that are each in range."""
        yield from ()

    def benchmark(
        self,
        field: Sequence[Fraction],  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
        parameters: Mapping[str, Fraction],  # noqa: ARG002
    ) -> Benchmark:
        """
        What ``field``, the values of all remaining bids, set for each of them; worked out once for the whole field.

        Raises ``Undefined`` when the formula has no answer for such a field.
        """
        return ()

    def moved_by(self, value: Fraction, benchmark: Benchmark) -> bool:
        """Whether the benchmark can be another one without a bid of that value."""
        return value in benchmark if self.of_extremes else bool(benchmark)

    @abstractmethod
    def work(
        self, value: Fraction, benchmark: Benchmark, direction: Direction, parameters: Mapping[str, Fraction]
    ) -> Working:
        """The share for ``value``, one of the field that set ``benchmark``. Raises ``Undefined`` without an answer."""


def must(rule: str, parameters: Mapping[str, Fraction], wanted: str, wanted_zh: str) -> BoundsWrong:
    """The fault of parameters out of range."""
    values = ", ".join(f"{name} = {plain(value)}" for name, value in parameters.items())
    return BoundsWrong(rule=rule, given=values, wanted=wanted, wanted_zh=wanted_zh)


def cut_off(raw: Fraction) -> tuple[Fraction, str]:
    """The share held between 0 and 1, and words for it where that changes it."""
    numerator, denominator = raw.as_integer_ratio()
    if 0 <= numerator <= denominator:
        return raw, ""
    share = Fraction(int(numerator > 0))
    return share, f", cut off at {plain(share)}"

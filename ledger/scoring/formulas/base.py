"""What a formula is: a value among the values of the remaining bids in, a share of the criterion's points out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Literal

from ledger.scoring.errors import BoundsWrong, DirectionNotAllowed, ParametersWrong, SchemeFault
from ledger.scoring.rational import plain

Direction = Literal["lower", "higher"]
"""Which value is better."""


class Undefined(Exception):
    """The formula has no answer for a value. ``award`` turns it into ``FormulaUndefined`` with bidder and criterion."""


@dataclass(frozen=True, slots=True)
class Working:
    """A share of the points in [0, 1], and the same arithmetic with the numbers put in."""

    share: Fraction
    text: str


class Formula(ABC):
    """
    One way from values to points. One class, one file, one line in ``FORMULAS``.

    Every formula gives a share in [0, 1] of the criterion's weight, exactly.
    """

    key: ClassVar[str]
    title_en: ClassVar[str]
    title_zh: ClassVar[str]
    algebra: ClassVar[str]
    """The share in letters: P own value, P_min, P_max and mean over the remaining bids."""
    source: ClassVar[str]
    directions: ClassVar[tuple[Direction, ...]] = ("lower", "higher")
    parameters: ClassVar[tuple[str, ...]] = ()
    relative: ClassVar[bool]
    """True when the points of a bid depend on the other bids, so that a loser's presence can change the winner."""
    warning_en: ClassVar[str] = ""
    warning_zh: ClassVar[str] = ""

    def faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        """What is wrong with using this formula so."""
        if direction not in self.directions:
            yield DirectionNotAllowed(formula=self.key, direction=direction)
        if set(parameters) != set(self.parameters):
            yield ParametersWrong(
                formula=self.key, expected=", ".join(self.parameters), got=", ".join(sorted(parameters))
            )
        else:
            yield from self._range_faults(direction, parameters)

    def _range_faults(self, direction: Direction, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:  # noqa: ARG002
        yield from ()

    @abstractmethod
    def work(
        self, value: Fraction, field: Sequence[Fraction], direction: Direction, parameters: Mapping[str, Fraction]
    ) -> Working:
        """
        The share for ``value``, which is one of ``field``, the values of all remaining bids.

        Raises ``Undefined`` when the formula has no answer.
        """


def must(rule: str, parameters: Mapping[str, Fraction], wanted: str, wanted_zh: str) -> BoundsWrong:
    """The fault of parameters out of range."""
    values = ", ".join(f"{name} = {plain(value)}" for name, value in parameters.items())
    return BoundsWrong(rule=rule, given=values, wanted=wanted, wanted_zh=wanted_zh)

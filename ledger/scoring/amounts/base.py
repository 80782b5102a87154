"""What a rule of amounts is: several figures of one bid in, one amount out that a criterion or another amount reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ledger.scoring.formulas.base import Benchmark, Direction, Undefined
from ledger.scoring.parameter import Parameter, parameter_faults
from ledger.scoring.scheme_errors import SchemeFault

Figures = Mapping[str, Fraction]
"""Figures of one bid by role."""


@dataclass(frozen=True, slots=True)
class Role:
    """A figure the rule takes; the scheme says which of a bid's figures it is."""

    name: str
    unit: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Amounted:
    """The amount, and the same arithmetic with the numbers put in."""

    value: Fraction
    text: str


class AmountRule(ABC):
    """One way from several figures of a bid to one amount. One class, one file, one line in ``AMOUNT_RULES``."""

    key: ClassVar[str]
    title_en: ClassVar[str]
    title_zh: ClassVar[str]
    algebra: ClassVar[str]
    source: ClassVar[str]
    roles: ClassVar[tuple[Role, ...]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    direction: ClassVar[Direction] = "lower"
    """Which amount is better."""
    relative: ClassVar[bool] = False
    """True when the amount of a bid depends on the other bids."""
    warning_en: ClassVar[str] = ""
    warning_zh: ClassVar[str] = ""

    def faults(self, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
        """What is wrong with using this rule so."""
        wrong = tuple(parameter_faults(self.key, self.parameters, parameters))
        yield from wrong or self._range_faults(parameters)

    def _range_faults(self, parameters: Mapping[str, Fraction]) -> Iterator[SchemeFault]:  # noqa: ARG002
        """What is wrong with parameters that are each in range."""
        yield from ()

    def benchmark(self, field: Sequence[Figures], parameters: Mapping[str, Fraction]) -> Benchmark:  # noqa: ARG002
        """What all remaining bids set for each of them; empty unless the rule is relative."""
        return ()

    @abstractmethod
    def work(self, figures: Figures, benchmark: Benchmark, parameters: Mapping[str, Fraction]) -> Amounted:
        """The amount of one bid. Raises ``Undefined`` without an answer."""


PRICE_ROLE = Role("price", "currency", "price", "报价")
EMISSIONS_ROLE = Role("footprint", "kg CO2e per declared unit", "footprint", "碳足迹")


def quotient(numerator: Fraction, denominator: Fraction, shown: str) -> Fraction:
    """``numerator / denominator``. Raises ``Undefined`` for a denominator of zero or less."""
    if denominator <= 0:
        raise Undefined(shown)
    return numerator / denominator

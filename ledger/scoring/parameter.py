"""A parameter of a formula or of an amount, as a scheme states it and as a form asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import BoundsWrong, ParametersWrong, SchemeFault


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One number that the scheme fixes.

    ``unit`` as people read it, ``1`` for a plain number or share; it must be more than ``above`` or at least
    ``least``, and at most ``most``; ``whole`` when it counts something.
    """

    name: str
    unit: str
    en: str
    zh: str
    above: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    whole: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the value is in range."""
        return not (
            (self.above is not None and value <= self.above)
            or (self.least is not None and value < self.least)
            or (self.most is not None and value > self.most)
            or (self.whole and value.denominator != 1)
        )

    @property
    def wanted(self) -> str:
        """The range in signs: ``deduction > 0``."""
        parts = [f"> {plain(self.above)}"] if self.above is not None else []
        parts += [f">= {plain(self.least)}"] if self.least is not None else []
        parts += [f"<= {plain(self.most)}"] if self.most is not None else []
        return f"{self.name} {', '.join(parts)}" + (" (integer)" if self.whole else "")


def parameter_faults(rule: str, wanted: tuple[Parameter, ...], given: Mapping[str, Fraction]) -> Iterator[SchemeFault]:
    """Parameters missing, too many, or out of range."""
    if set(given) != {p.name for p in wanted}:
        yield ParametersWrong(formula=rule, expected=", ".join(p.name for p in wanted), got=", ".join(sorted(given)))
        return
    for one in wanted:
        if not one.holds(given[one.name]):
            stated = f"{one.name} = {plain(given[one.name])}"
            yield BoundsWrong(rule=rule, given=stated, wanted=one.wanted, wanted_zh=one.wanted)

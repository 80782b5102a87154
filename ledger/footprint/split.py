"""
Kinds of greenhouse gas in a figure: fossil, biogenic, land-use change, aircraft, each apart (ISO 14067:2018, 7.2).

The kinds are disjoint and add up to the figure. What a source gives in one sum stays ``unsplit``; it is never guessed
apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text, total

_NONE: Final = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """
    Emissions by kind [kg CO2e], exact.

    ``fossil`` is without aircraft; ``removals`` are what biomass took up, positive here and subtracted in the total.
    """

    fossil: Fraction = _NONE
    biogenic: Fraction = _NONE
    removals: Fraction = _NONE
    land_use_change: Fraction = _NONE
    aviation: Fraction = _NONE
    unsplit: Fraction = _NONE

    @property
    def total(self) -> Fraction:
        """All kinds, removals subtracted [kg CO2e]."""
        return self.fossil + self.biogenic - self.removals + self.land_use_change + self.aviation + self.unsplit

    @property
    def stated(self) -> bool:
        """Whether the sources gave the kinds apart."""
        return not self.unsplit

    def __mul__(self, by: Fraction | int) -> Split:
        """Scaled, kind by kind."""
        return Split(**{name: getattr(self, name) * by for name in KINDS})

    def to_record(self) -> dict[str, str]:
        """JSON-able, every kind [kg CO2e] as exact text."""
        return {f"{name}_kg": exact_text(getattr(self, name)) for name in KINDS}


KINDS: Final[tuple[str, ...]] = tuple(field.name for field in fields(Split))
NOTHING: Final = Split()


def summed(splits: Iterable[Split]) -> Split:
    """The sum, kind by kind, each reduced once."""
    held = [astuple(split) for split in splits]
    return Split(**{name: total(row[at] for row in held) for at, name in enumerate(KINDS)})

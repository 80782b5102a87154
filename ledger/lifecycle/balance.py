"""
What goes into a transformation must come out: mass and length, added up exactly.

A drum that is cut, a cabinet that is taken apart, a battery that becomes lots of material. Offcuts and waste are
outputs too. Where a thing or a quantity states no amount, nothing is guessed: the balance is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from ledger.lifecycle.event import Stated

Dimension = Literal["mass_g", "length_mm"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("mass_g", "length_mm")


class Balance(NamedTuple):
    """Sums of one dimension [g or mm] on both sides, and how many things or quantities there state none."""

    dimension: Dimension
    taken: int
    given: int
    taken_unstated: int
    given_unstated: int

    @property
    def difference(self) -> int:
        """What came out less what went in."""
        return self.given - self.taken

    @property
    def closed(self) -> bool:
        """Whether everything on both sides is stated."""
        return not self.taken_unstated and not self.given_unstated

    @property
    def contradicts(self) -> bool:
        """Whether the sides cannot both be right: unequal when closed, or one exceeding a side that is complete."""
        if self.closed:
            return self.difference != 0
        return (not self.taken_unstated and self.given > self.taken) or (
            not self.given_unstated and self.taken > self.given
        )


def balances(taken: Iterable[Stated], given: Iterable[Stated]) -> list[Balance]:
    """The balance of each dimension in which both sides state something."""
    into, out = list(taken), list(given)
    found = []
    for dimension in DIMENSIONS:
        before, after = ([int(getattr(one, dimension)) for one in side] for side in (into, out))
        if any(before) and any(after):
            found.append(Balance(dimension, sum(before), sum(after), before.count(0), after.count(0)))
    return found

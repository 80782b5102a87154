"""
Cartons and what goes into them: measures in whole millimetres, board by its area, fit by turning.

One thing fits when its sides, sorted, are no longer than the carton's. Several things fit when the loading search lays
them all in (``loads.stowage``), which never says yes to what does not fit, and may miss a way in that exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.planning.errors import AmountImpossible
from ledger.planning.loads.stowage import Box, Hold, stow
from ledger.units import Grams

JOINT: Final = 35
"""[mm] The flap at which the blank of a slotted carton is glued."""
_EFFORT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Carton:
    """Inside measures [mm], ``board_g`` its own mass, ``most_g`` what it may hold."""

    name: str
    length: int
    width: int
    height: int
    board_g: Grams
    most_g: Grams

    def __post_init__(self) -> None:
        least = min(self.length, self.width, self.height, self.most_g)
        if least < 1 or self.board_g < 0:
            raise AmountImpossible(what="measure", name=self.name, value=str(min(least, self.board_g)), rule=">= 1")

    @property
    def volume(self) -> int:
        """[mm3]"""
        return self.length * self.width * self.height

    @property
    def sides(self) -> list[int]:
        """Shortest first."""
        return sorted((self.length, self.width, self.height))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """``count`` orders of the same things; a thing's ``stop`` is of no account here."""

    name: str
    things: tuple[Box, ...]
    count: int = 1
    row: int | None = None

    def __post_init__(self) -> None:
        if self.count < 1 or not self.things:
            raise AmountImpossible(what="count", name=self.name, value=str(self.count), rule=">= 1")

    @property
    def mass_g(self) -> Grams:
        """Of one order."""
        return Grams(sum(thing.mass_g * thing.count for thing in self.things))


def slotted_board(length: int, width: int, height: int, grams_per_m2: int) -> Grams:
    """
    Mass of a regular slotted carton of these inside measures [mm], rounded up to whole grams.

    Blank: two lengths, two widths and a joint around; the height and the flaps of half a width at both ends (FEFCO code
    0201). What the scores take up is left out.
    """
    area = (2 * (length + width) + JOINT) * (height + width)
    return Grams(-(-area * grams_per_m2 // 10**6))


def fits(parcel: Parcel, carton: Carton) -> bool:
    """Whether one order goes into one carton."""
    if parcel.mass_g > carton.most_g:
        return False
    sides = carton.sides
    if any(mine > its for thing in parcel.things for mine, its in zip(_sides(thing), sides, strict=True)):
        return False
    if len(parcel.things) == 1 and parcel.things[0].count == 1:
        return True
    if sum(thing.length * thing.width * thing.height * thing.count for thing in parcel.things) > carton.volume:
        return False
    return not stow(parcel.things, as_hold(carton), effort=_EFFORT).refused


def as_hold(carton: Carton) -> Hold:
    """The carton as something that is loaded."""
    return Hold(
        name=carton.name, length=carton.length, width=carton.width, height=carton.height, capacity_g=carton.most_g
    )


def void(parcel: Parcel, carton: Carton) -> Fraction:
    """The share of a carton that its order leaves empty."""
    return 1 - Fraction(sum(t.length * t.width * t.height * t.count for t in parcel.things), carton.volume)


def largest(cartons: Sequence[Carton]) -> Carton:
    """The one of most volume."""
    return max(cartons, key=lambda carton: carton.volume)


def _sides(thing: Box) -> list[int]:
    return sorted((thing.length, thing.width, thing.height))

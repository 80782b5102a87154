"""
Drums of cable: how long a cable fits, how small a flange a length needs, and the room it takes on a vehicle.

A layer of t turns at the middle diameter m takes pi x t x m of cable; layer i of n has m = barrel + (2 i - 1) x cable,
so that n layers take pi x t x n x (barrel + n x cable). Tighter winding puts more turns into a layer, a layer fewer
makes the flange smaller by two cables. Lengths use a pi that is a little too small, so that none is ever overstated.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.planning.errors import AmountImpossible

PI: Final = Fraction("3.14159265358979323846264338327950288")
"""Below pi by less than 10^-35."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drum:
    """Measures [mm]: ``traverse`` between the flanges, ``wall`` each flange's thickness, ``rim`` left free of cable."""

    barrel: int
    traverse: int
    wall: int
    rim: int

    def __post_init__(self) -> None:
        if min(self.barrel, self.traverse) < 1 or min(self.wall, self.rim) < 0:
            raise AmountImpossible(what="measure", name="drum", value=str(self), rule=">= 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Winding:
    """A cable of diameter ``cable`` [mm], laid with ``pitch`` [mm] from turn to turn, at least its diameter."""

    cable: Fraction
    pitch: Fraction

    def __post_init__(self) -> None:
        if not 0 < self.cable <= self.pitch:
            raise AmountImpossible(what="pitch", name="cable", value=str(self.pitch), rule=f">= {self.cable} > 0")


def turns(drum: Drum, winding: Winding) -> int:
    """In one layer."""
    return int(drum.traverse // winding.pitch)


def length_of(drum: Drum, winding: Winding, layers: int) -> Fraction:
    """[mm] of cable in so many layers, never overstated."""
    return PI * turns(drum, winding) * layers * (drum.barrel + layers * winding.cable)


def layers_for(drum: Drum, winding: Winding, length: int) -> int:
    """The fewest layers that take a length [mm]. Raises ``AmountImpossible`` when not one turn fits."""
    if not turns(drum, winding):
        raise AmountImpossible(what="traverse", name="drum", value=str(drum.traverse), rule=f">= {winding.pitch}")
    layers = 0
    while length_of(drum, winding, layers) < length:
        layers += 1
    return layers


def flange_for(drum: Drum, winding: Winding, length: int) -> Fraction:
    """[mm] The smallest diameter of the flanges that holds the length and leaves the rim free."""
    return drum.barrel + 2 * (layers_for(drum, winding, length) * winding.cable + drum.rim)


def room_of(drum: Drum, flange: Fraction) -> Fraction:
    """[mm3] A drum stands in a box of its flange's height and length and of its whole width."""
    return flange * flange * (drum.traverse + 2 * drum.wall)

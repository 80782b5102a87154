"""
Before and after: what packaging uses up, and the volume it takes, of one list beside another.

``Between`` (of two lists as ``packed``) is what others call; by record ids ``services.packaging.between``. Packaging
mass is its ``mass_kg``: mass used up x factor of the pinned set, component by component, nothing where a factor is
missing. Packaging volume is its ``volume_kg``: trips in proportion (a vehicle of a room, filled to a share, at grams
a trip), which is what a package answers for when others fill the vehicle up. Whoever measures trips himself takes
``moved_kg`` and ``volume_mm3`` and leaves the trip out, so that nothing is counted twice. Mass effect plus volume
effect is the whole; nothing of the goods themselves is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from ledger.errors import FootprintError
from ledger.footprint.bill.errors import PackagingFactorMissing
from ledger.footprint.bill.rated import Rated, material
from ledger.footprint.factor import FactorSet
from ledger.packaging.measure import Measured, measured, used_kg
from ledger.planning.cartons.effect import Trip, trips_for
from ledger.records.packaging import PackagingBill, PackagingComponent

_GRAMS: Final = 1000


class Making(NamedTuple):
    """A component of one piece: mass used up [kg], its figure with the factors it rests on, or why there is none."""

    component: PackagingComponent
    used_kg: Fraction
    rated: Rated | None
    fault: FootprintError | None


@dataclass(frozen=True, slots=True)
class Packed:
    """A list with its sums and the making of its components, for one piece of the product."""

    bill: PackagingBill
    measured: Measured
    making: tuple[Making, ...]

    @property
    def kg(self) -> Fraction:
        """[kg CO2e] of making what one piece uses up, as far as it can be computed."""
        return sum((one.rated.split.total for one in self.making if one.rated), Fraction(0))

    @property
    def complete(self) -> bool:
        """Whether every component has a figure."""
        return all(one.rated for one in self.making)

    @property
    def factors(self) -> tuple[str, ...]:
        """Every factor that was used."""
        return tuple(dict.fromkeys(name for one in self.making if one.rated for name in one.rated.factors))


def packed(bill: PackagingBill, factors: FactorSet, day: date) -> Packed:
    """The figures of a list at the factors of a day. A component that cannot be computed says why."""
    return Packed(bill, measured(bill), tuple(_made(one, factors, day) for one in bill.components))


def _made(one: PackagingComponent, factors: FactorSet, day: date) -> Making:
    mass = used_kg(one)
    try:
        if one.factor is None:
            raise PackagingFactorMissing(component=one.name)
        return Making(one, mass, material(factors, one, mass, "kg", day), None)
    except FootprintError as error:
        return Making(one, mass, None, error)


class Between(NamedTuple):
    """
    What changed from one list to another, for ``pieces`` of the product: before less after, a saving is above 0.

    Masses [kg] moved and used up, volume [mm3], making and carriage [kg CO2e]. ``volume_kg`` is ``None`` without a
    trip, ``mass_kg`` ``None`` while a component of either list has no figure.
    """

    before: Packed
    after: Packed
    pieces: int
    trip: Trip | None

    @property
    def moved_kg(self) -> Fraction:
        """[kg] less that is moved."""
        return self.pieces * (self.before.measured.moved_kg - self.after.measured.moved_kg)

    @property
    def used_kg(self) -> Fraction:
        """[kg] less that is used up."""
        return self.pieces * (self.before.measured.used_kg - self.after.measured.used_kg)

    @property
    def volume_mm3(self) -> Fraction:
        """[mm3] less that is packed."""
        return self.pieces * (self.before.measured.packed_mm3 - self.after.measured.packed_mm3)

    @property
    def mass_kg(self) -> Fraction | None:
        """[kg CO2e] less by what has to be made."""
        if not (self.before.complete and self.after.complete):
            return None
        return self.pieces * (self.before.kg - self.after.kg)

    @property
    def volume_kg(self) -> Fraction | None:
        """[kg CO2e] less by trips in proportion to the volume."""
        return None if self.trip is None else trips_for(self.volume_mm3, self.trip).share_grams / _GRAMS

    @property
    def total_kg(self) -> Fraction | None:
        """Mass effect + volume effect; ``None`` while either is."""
        if self.mass_kg is None or self.volume_kg is None:
            return None
        return self.mass_kg + self.volume_kg

    @property
    def factors(self) -> Sequence[str]:
        """Every factor of both lists."""
        return tuple(dict.fromkeys((*self.before.factors, *self.after.factors)))

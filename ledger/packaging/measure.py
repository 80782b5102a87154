"""
What a list of packaging comes to for one piece of the product, exact.

A component packs ``pieces`` together, so that one piece moves mass x count / pieces of it, and uses up that over the
``cycles`` it serves. Mass that is moved decides shares and transport, mass that is used up what has to be made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.records.packaging import Material, PackagingBill, PackagingComponent, Size


class Measured(NamedTuple):
    """
    Of one piece: masses [kg], the volume that it takes up packed [mm3], the product's own [mm3] where it is stated.

    ``layers`` are the components that are more than parts; ``by_material`` is the mass that is moved.
    """

    moved_kg: Fraction
    used_kg: Fraction
    packed_mm3: Fraction
    product_mm3: Fraction | None
    layers: int
    by_material: Mapping[Material, Fraction]
    recycled_kg: Fraction
    recyclable_kg: Fraction
    reusable_kg: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """Volume packed / volume of the product."""
        return None if self.product_mm3 is None else self.packed_mm3 / self.product_mm3

    @property
    def empty(self) -> Fraction | None:
        """The share of what is moved that is not product; ``None`` without the product's size, or of a soft package."""
        if self.product_mm3 is None or self.product_mm3 > self.packed_mm3:
            return None
        return 1 - self.product_mm3 / self.packed_mm3


def moved_kg(one: PackagingComponent) -> Fraction:
    """[kg] of a component that one piece of the product moves."""
    return Fraction(one.mass_kg) * Fraction(one.count, one.pieces)


def used_kg(one: PackagingComponent) -> Fraction:
    """[kg] of a component that one piece uses up: what it moves over the times it serves."""
    return moved_kg(one) / one.cycles


def volume(size: Size) -> int:
    """[mm3] of the box around it."""
    length, width, height = size
    return length * width * height


def outermost(bill: PackagingBill) -> PackagingComponent:
    """The layer that is seen from outside: of those that pack the most pieces the largest."""
    layers = [one for one in bill.components if one.level != "part" and one.size is not None]
    return max(layers, key=lambda one: (one.pieces, volume(one.size or (1, 1, 1))))


def layers_of(bill: PackagingBill) -> tuple[PackagingComponent, ...]:
    """The layers from outside in."""
    layers = [one for one in bill.components if one.level != "part" and one.size is not None]
    return tuple(sorted(layers, key=lambda one: (-one.pieces, -volume(one.size or (1, 1, 1)), one.name)))


def measured(bill: PackagingBill) -> Measured:
    """The sums over all components, for one piece."""
    by_material: dict[Material, Fraction] = defaultdict(Fraction)
    moved = used = recycled = recyclable = reusable = Fraction(0)
    for one in bill.components:
        mass = moved_kg(one)
        by_material[one.material] += mass
        moved, used = moved + mass, used + mass / one.cycles
        recycled += mass * Fraction(one.recycled_pct) / 100
        recyclable += mass if one.recyclable else 0
        reusable += mass if one.cycles > 1 else 0
    outside = outermost(bill)
    return Measured(
        moved_kg=moved,
        used_kg=used,
        packed_mm3=Fraction(volume(outside.size or (1, 1, 1)) * outside.count, outside.pieces),
        product_mm3=None if bill.size is None else Fraction(volume(bill.size)),
        layers=sum(one.level != "part" for one in bill.components),
        by_material=dict(by_material),
        recycled_kg=recycled,
        recyclable_kg=recyclable,
        reusable_kg=reusable,
    )

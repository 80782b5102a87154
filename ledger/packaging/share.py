"""
The share of green packaging in a period, by pieces and by mass, and what it is weighed by.

Where pieces were shipped, they are the weights, and a piece whose packaging nobody stated is not green. Where nothing
was shipped, each product with a list counts once. By mass the packaging that is moved counts, of products with a list
alone, because nobody knows the mass of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.records.packaging import CountedBy, PackagingRules

WeighedBy = Literal["products", "shipments"]


class Counted(NamedTuple):
    """
    ``pieces`` of a product, ``kg`` of packaging moved with each (``None`` without a list), and whether it is green.

    ``green`` is ``None`` where no rules or no list say.
    """

    product: str
    pieces: int
    kg: Fraction | None
    green: bool | None


class GreenShare(NamedTuple):
    """Sums of a period: ``unstated`` are pieces without a list, which count as not green."""

    weighed_by: WeighedBy
    pieces: int
    green: int
    unstated: int
    kg: Fraction
    green_kg: Fraction

    @property
    def by_count(self) -> Fraction | None:
        """Green pieces / all pieces, 0 to 1; ``None`` of nothing."""
        return Fraction(self.green, self.pieces) if self.pieces else None

    @property
    def by_mass(self) -> Fraction | None:
        """Packaging of green pieces / packaging of all with a list, 0 to 1; ``None`` of nothing."""
        return self.green_kg / self.kg if self.kg else None

    def by(self, basis: CountedBy) -> Fraction | None:
        """The share of the basis that an edition counts by, 0 to 1."""
        return self.by_count if basis == "pieces" else self.by_mass

    def reaches(self, rules: PackagingRules) -> bool:
        """Whether the share is above the target of an edition: more than, as the programme says it; not at it."""
        share = self.by(rules.counted_by)
        return share is not None and share * 100 > Fraction(rules.target_pct)


def green_share(counted: Iterable[Counted], weighed_by: WeighedBy) -> GreenShare:
    """The sums over products, or over products and months."""
    pieces = green = unstated = 0
    kg = green_kg = Fraction(0)
    for one in counted:
        pieces += one.pieces
        unstated += one.pieces if one.kg is None else 0
        kg += one.pieces * (one.kg or 0)
        if one.green:
            green += one.pieces
            green_kg += one.pieces * (one.kg or 0)
    return GreenShare(weighed_by, pieces, green, unstated, kg, green_kg)

"""
Figures by category, exact: tagged share, reuse rate by count and by mass, idle stock by age and value.

- **tagged share** = assets with a chip that was encoded or read / all assets.
- **reuse rate** = times an asset went back into use after it came off a site / times one came off a site. By mass: the
  same, each time weighed with the mass of the thing; things of unknown mass are left out and counted.
- **idle ratio** = value of stock held unused for at least the limit / value of all stock. Stock is what is in a stage
  of ``stage.IN_STOCK``; its age runs from when it came into stock; moving it between shelves does not make it young.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

AGE_LIMITS: Final = (30, 90, 180, 365)
"""Days that part the ages of stock."""
IDLE_AFTER: Final = 180
"""Days after which stock counts as idle unless another limit is asked for: one of ``AGE_LIMITS``."""
DAY: Final = 86_400_000_000


def share(part: int, whole: int) -> Fraction | None:
    """An exact share; ``None`` of nothing."""
    return Fraction(part, whole) if whole else None


@dataclass(slots=True)
class Figures:
    """Sums over a category. Mass [g], value [0.01 CNY]; ``ages``: (things, valued, value) for each age of stock."""

    assets: int = 0
    tagged: int = 0
    in_use: int = 0
    in_stock: int = 0
    ended: int = 0
    dismantled: int = 0
    reused: int = 0
    dismantled_weighed: int = 0
    dismantled_g: int = 0
    reused_g: int = 0
    ages: list[tuple[int, int, int]] = field(default_factory=lambda: [(0, 0, 0)] * (len(AGE_LIMITS) + 1))

    def add(self, other: Figures) -> None:
        """Add another's sums."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ages = [(a[0] + b[0], a[1] + b[1], a[2] + b[2]) for a, b in zip(self.ages, other.ages, strict=True)]

    @property
    def tagged_share(self) -> Fraction | None:
        """Of the assets."""
        return share(self.tagged, self.assets)

    @property
    def reuse_by_count(self) -> Fraction | None:
        """Of the times a thing came off a site."""
        return share(self.reused, self.dismantled)

    @property
    def reuse_by_mass(self) -> Fraction | None:
        """Of the mass that came off a site, as far as it is known."""
        return share(self.reused_g, self.dismantled_g)

    @property
    def stock_value(self) -> int:
        """Of all stock whose value is stated."""
        return sum(value for _, _, value in self.ages)

    def idle_value(self, days: int = IDLE_AFTER) -> int:
        """Of stock held for at least so many days (one of ``AGE_LIMITS``)."""
        return sum(value for _, _, value in self.ages[AGE_LIMITS.index(days) + 1 :])

    def idle_things(self, days: int = IDLE_AFTER) -> int:
        """How many things that is, valued or not."""
        return sum(things for things, _, _ in self.ages[AGE_LIMITS.index(days) + 1 :])

    def idle_ratio(self, days: int = IDLE_AFTER) -> Fraction | None:
        """Idle value of stock value."""
        return share(self.idle_value(days), self.stock_value)

    @property
    def unvalued(self) -> int:
        """Things in stock whose value nobody stated."""
        return sum(things - valued for things, valued, _ in self.ages)

    @property
    def unweighed(self) -> int:
        """Times a thing of unknown mass came off a site."""
        return self.dismantled - self.dismantled_weighed


_SUMS: Final = tuple(name for name in Figures.__slots__ if name != "ages")


def by_category(found: Iterable[tuple[str, Figures]]) -> dict[str, Figures]:
    """Sums by category; empty for those that state none."""
    sums: dict[str, Figures] = {}
    for category, figures in found:
        sums.setdefault(category, Figures()).add(figures)
    return sums


def total(found: Mapping[str, Figures]) -> Figures:
    """Sums over all categories."""
    whole = Figures()
    for figures in found.values():
        whole.add(figures)
    return whole

"""Wire shapes of packaging."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.records.packaging import CriterionKind


class CriterionView(msgspec.Struct, frozen=True, kw_only=True):
    """A condition of the edition in force; ``found`` is exact text, or null where the list does not say."""

    kind: CriterionKind
    need: str
    value: str
    holds: bool
    found: str | None


class PackagedView(msgspec.Struct, frozen=True, kw_only=True):
    """A product's list today. Masses [kg] and volume [mm3] are of one piece, as exact text."""

    id: str
    entry: int
    product: str
    name: str
    supplier: str
    valid_from: date
    valid_to: date
    verified_by: str | None
    moved_kg: str
    used_kg: str
    packed_mm3: str
    volume_ratio: str | None
    green: bool | None
    conditions: list[CriterionView]


class PackagingListView(msgspec.Struct, frozen=True, kw_only=True):
    """Products by code; ``next_after`` begins the next page."""

    products: list[PackagedView]
    next_after: str | None


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """A share; ``by_count`` and ``by_mass`` are exact text, 0 to 1."""

    weighed_by: str
    pieces: int
    green: int
    unstated: int
    kg: str
    green_kg: str
    by_count: str | None
    by_mass: str | None


class MonthView(msgspec.Struct, frozen=True, kw_only=True):
    """A month, 2026-03."""

    month: str
    share: ShareView


class PeriodView(msgspec.Struct, frozen=True, kw_only=True):
    """A period with its months; ``rules`` is the edition in force at its end."""

    first: str
    last: str
    rules: str | None
    counted_by: str | None
    target_pct: str | None
    reached: bool | None
    share: ShareView
    months: list[MonthView]


class BetweenView(msgspec.Struct, frozen=True, kw_only=True):
    """
    Before less after, as exact text: masses [kg], volume [mm3], making and carriage [kg CO2e].

    ``making_kg_co2e`` is null while a component of either list has no factor, ``volume_kg_co2e`` without a journey.
    """

    product: str
    before: str
    after: str
    pieces: int
    by_scans: bool
    moved_kg: str
    used_kg: str
    packed_mm3: str
    making_kg_co2e: str | None
    volume_kg_co2e: str | None
    total_kg_co2e: str | None
    factors: list[str]
    factor_set: str


class ReturnedView(msgspec.Struct, frozen=True, kw_only=True):
    """
    A component that is said to serve ``stated_cycles`` times, and what scans of its type show.

    ``confirmed``: scans show as many cycles; otherwise they are recorded, not confirmed by scans. ``rate`` and
    ``cycles`` are exact text. ``more`` when there are assets beyond those that were read.
    """

    component: str
    stated_cycles: int
    confirmed: bool
    returnable: str | None
    assets: int
    out: int
    back: int
    ended: int
    rate: str | None
    cycles: str | None
    more: bool


class ReturnsView(msgspec.Struct, frozen=True, kw_only=True):
    """What is reusable in a product's newest list."""

    components: list[ReturnedView]

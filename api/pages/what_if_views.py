"""What would be with other weights or another carbon price, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from api.pages.comparison_views import ComparisonView, comparison, criterion_title
from api.pages.tender_views import title_of
from ledger.errors import LedgerError, Locale
from ledger.footprint.amount import exact_text
from ledger.scoring.criterion import Criterion
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.scheme import Scheme
from ledger.scoring.what_if import can_carry_carbon, carbon_price
from ledger.units import shown

LEAST_MOST: Final = 1000
"""How far the slider of the carbon price goes at least [currency / t CO2e]."""
PER_CRITERION: Final = "w"


class Slider(NamedTuple):
    """A weight to try: the name it is sent by, its criterion, where it stands, and what the scheme says."""

    name: str
    title: str
    value: str
    published: str
    used: str
    """After rescaling; empty where it drops out."""


class MovedRow(NamedTuple):
    """A bid's place in the award and in what was tried."""

    bidder: str
    before: str
    after: str
    total: str


class WhatIfView(NamedTuple):
    """The page."""

    id: str
    title: str
    currency: str
    points: str
    awarded: bool
    """Whether the places before are those of a score sheet."""
    sliders: list[Slider]
    carbon: str | None
    carbon_published: str
    carbon_most: int
    rows: list[MovedRow]
    comparison: ComparisonView | None
    winner_before: str
    winner_after: str
    fault: str
    fix: str


def what_if_view(
    before: Evaluation,
    after: Evaluation | LedgerError,
    tried: tuple[Mapping[str, Fraction], Fraction | None],
    locale: Locale,
    *,
    awarded: bool,
) -> WhatIfView:
    """The page: places before and after, or why that cannot be tried."""
    scheme, (weights, per_tonne) = before.scheme, tried
    done = None if isinstance(after, LedgerError) else after
    used = {c.key: c.weight for c in done.scheme.criteria} if done else {}
    published = carbon_price(scheme) or Fraction(0)
    carbon = per_tonne if per_tonne is not None else published
    places = {r.bidder: str(r.rank) for r in before.ranks}
    totals = {total.bidder: total.shown for total in done.totals} if done else {}
    return WhatIfView(
        id=scheme.id,
        title=title_of(scheme, locale),
        currency=scheme.currency,
        points=exact_text(scheme.points),
        awarded=awarded,
        sliders=[_slider(index, c, weights, used, locale) for index, c in enumerate(scheme.criteria)],
        carbon=exact_text(carbon) if can_carry_carbon(scheme) else None,
        carbon_published=exact_text(published),
        carbon_most=max(LEAST_MOST, int(2 * published), int(carbon)),
        rows=[MovedRow(r.bidder, places.get(r.bidder, "–"), str(r.rank), totals[r.bidder]) for r in done.ranks]
        if done
        else [],
        comparison=comparison(done, locale) if done else None,
        winner_before=before.winner or "",
        winner_after=(done.winner or "") if done else "",
        fault=after.message(locale) if isinstance(after, LedgerError) else "",
        fix=after.fix(locale) if isinstance(after, LedgerError) else "",
    )


def weight_names(scheme: Scheme) -> dict[str, str]:
    """The key of each criterion by the name under which its weight is sent."""
    return {f"{PER_CRITERION}{index}": c.key for index, c in enumerate(scheme.criteria)}


def _slider(
    index: int, c: Criterion, weights: Mapping[str, Fraction], used: Mapping[str, Fraction], locale: Locale
) -> Slider:
    return Slider(
        name=f"{PER_CRITERION}{index}",
        title=criterion_title(c, locale),
        value=shown(weights.get(c.key, c.weight), 0),
        published=exact_text(c.weight),
        used=shown(used[c.key], 2) if c.key in used else "",
    )

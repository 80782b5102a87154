"""
The data-quality adjustment: which footprint is scored when the declared one is not verified and in validity.

``E_score = E`` if verified and valid on the day of closing, else ``max(E, default) x (1 + m)``; a missing one is
``default x (1 + m)``; m by the year of closing. Declaring too little without proof therefore never pays.
Precedent: CBAM, default values marked up by 10 % (2026), 20 % (2027), 30 % (from 2028), Regulation (EU) 2023/956
and its implementing act on default values, (EU) 2025/2621.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction

from ledger.scoring.bid import Footprint, FootprintStatus
from ledger.scoring.form import Value
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import AmountNotPositive, BoundsWrong, MarkupYearAbsent, SchemeFault, TextAbsent


class Markup(Value, frozen=True, kw_only=True):
    """The mark-up ``share`` (10 % is 1/10) from a year of closing on, until the next year stated."""

    year: int
    share: Fraction


class FootprintRule(Value, frozen=True, kw_only=True):
    """The default value [kg CO2e per declared unit] with its source, and the mark-ups by year."""

    default: Fraction
    default_source: str
    markups: tuple[Markup, ...]

    def faults(self, closing_year: int) -> Iterator[SchemeFault]:
        """What is wrong with this rule on its own, for bids that close in that year."""
        if self.default <= 0:
            yield AmountNotPositive(field="default", value=plain(self.default))
        if not self.default_source.strip():
            yield TextAbsent(field="default_source")
        years = [m.year for m in self.markups]
        if not years or years != sorted(set(years)) or min(m.share for m in self.markups) < 0:
            yield BoundsWrong(
                rule="markups",
                given=", ".join(f"{m.year}: {plain(m.share)}" for m in self.markups),
                wanted="at least one year, rising, with shares of zero or more",
                wanted_zh="至少一个年份，年份递增，比例不小于零",
            )
        elif closing_year < years[0]:
            yield MarkupYearAbsent(year=closing_year, first=years[0])

    def markup(self, year: int) -> Fraction:
        """The share that holds in a year; years before the first are refused when the scheme is checked."""
        return next(m.share for m in reversed(self.markups) if m.year <= year)


class ScoredFootprint(Value, frozen=True, kw_only=True):
    """The footprint [kg CO2e per declared unit] that is scored for a bid, and how it came about."""

    bidder: str
    status: FootprintStatus
    """As it stands on the day of closing, which may be worse than declared."""
    declared: Fraction | None
    markup: Fraction
    scored: Fraction
    working: str


def status_at(footprint: Footprint, closes_at: datetime) -> FootprintStatus:
    """The status at closing: late is missing, past its last day is expired, before its first day is unverified."""
    day: date = closes_at.date()
    late = footprint.received_at is not None and footprint.received_at > closes_at
    if footprint.value is None or late:
        return "missing"
    if footprint.valid_to is not None and footprint.valid_to < day:
        return "expired"
    if footprint.status == "verified" and footprint.valid_from is not None and footprint.valid_from > day:
        return "unverified"
    return footprint.status


def scored_footprint(bidder: str, footprint: Footprint, rule: FootprintRule, closes_at: datetime) -> ScoredFootprint:
    """The footprint that is scored for a bid. The footprint is comparable: same declared unit, same boundary."""
    status = status_at(footprint, closes_at)
    declared = None if status == "missing" else footprint.value
    if status == "verified" and declared is not None:
        markup, scored, working = Fraction(0), declared, plain(declared)
    else:
        markup = rule.markup(closes_at.year)
        base = rule.default if declared is None else max(declared, rule.default)
        scored = base * (1 + markup)
        chosen = plain(base) if declared is None else f"max({plain(declared)}, {plain(rule.default)})"
        working = f"{chosen} x (1 + {plain(markup)})"
    return ScoredFootprint(
        bidder=bidder, status=status, declared=declared, markup=markup, scored=scored, working=working
    )

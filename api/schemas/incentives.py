"""Wire shapes of suppliers' incentives."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.programme.incentives import EarnedState
from ledger.records.incentive import Benefit, Measure


class CheckedView(msgspec.Struct, frozen=True, kw_only=True):
    """A test: ``value`` is an exact decimal or fraction, empty without one."""

    measure: Measure
    at_least: str
    value: str
    holds: bool


class EarnedView(msgspec.Struct, frozen=True, kw_only=True):
    """An incentive with its reasons: every test, and what was decided otherwise, with the entry that says so."""

    incentive: str
    zh: str
    en: str
    benefit: Benefit
    amount: str
    state: EarnedState
    tests: list[CheckedView]
    reason: str | None
    entry: int | None


class SupplierYearView(msgspec.Struct, frozen=True, kw_only=True):
    """One supplier's year."""

    supplier: str
    incentives: list[EarnedView]


class IncentivesView(msgspec.Struct, frozen=True, kw_only=True):
    """A year as known on ``day``, by the edition ``rules``; ``next_after`` begins the next page."""

    year: int
    day: date
    rules: str | None
    rules_entry: int | None
    suppliers: list[SupplierYearView]
    next_after: int | None

"""A line of an inventory: one subject's emissions in one scope, with what it takes to compute it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text
from ledger.footprint.factor import Category
from ledger.records.inventory_boundary import Scope

Entries = tuple[int, int, int]
"""(count, first index, last index)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    ``kg`` [kg] of ``gases``, location-based. ``market`` is the market-based figure of scope 2, ``None`` elsewhere.

    ``amount`` in ``unit`` times ``factors`` by ``formula`` is what was computed; ``primary`` the primary share of the
    figure, 0 to 1; ``gram_metres`` its transport activity. ``certificates`` are those behind the market-based figure.
    """

    scope: Scope
    subject: str
    what: str
    kg: Fraction
    gases: Literal["CO2", "CO2e"]
    amount: Fraction
    unit: str
    formula: str
    factors: tuple[str, ...]
    entries: Entries
    gwp_set: str
    category: Category = "primary"
    primary: Fraction = Fraction(1)
    verification: Literal["recorded", "verified"] = "recorded"
    flags: tuple[str, ...] = ()
    market: Fraction | None = None
    market_factors: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    gram_metres: int = 0

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text."""
        count, first, last = self.entries
        scope2 = {
            "market_based_kg": None if self.market is None else exact_text(self.market),
            "market_factors": list(self.market_factors),
            "certificates": list(self.certificates),
        }
        return {
            "scope": self.scope,
            "subject": self.subject,
            "what": self.what,
            "kg": exact_text(self.kg),
            "gases": self.gases,
            "amount": exact_text(self.amount),
            "unit": self.unit,
            "formula": self.formula,
            "factors": list(self.factors),
            "entries": {"count": count, "first": first, "last": last},
            "gwp_set": self.gwp_set,
            "data_category": self.category,
            "primary_share": exact_text(self.primary),
            "verification": self.verification,
            "flags": list(self.flags),
            **(scope2 if self.market is not None else {}),
        }


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not in the totals: the ``error`` says why, in both languages. ``entries`` are those it is about."""

    scope: Scope
    subject: str
    error: LedgerError
    entries: Entries | None = None

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        spans = None if self.entries is None else dict(zip(("count", "first", "last"), self.entries, strict=True))
        return {
            "scope": self.scope,
            "subject": self.subject,
            "code": self.error.code,
            "en": self.error.message("en"),
            "zh": self.error.message("zh-CN"),
            "fix_en": self.error.fix("en"),
            "fix_zh": self.error.fix("zh-CN"),
            "entries": spans,
        }


Found = Line | Missing


def span_of(entries: Iterable[int]) -> Entries:
    """(count, first, last) of some entries, of which there is one at least."""
    held = sorted(set(entries))
    return len(held), held[0], held[-1]


def joined(spans: Iterable[Entries]) -> Entries:
    """Several spans as one."""
    held = list(spans)
    return sum(s[0] for s in held), min(s[1] for s in held), max(s[2] for s in held)

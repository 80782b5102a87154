"""Wire shapes of the green catalogue."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.records.green_catalogue import EntryRuleKind


class ConditionView(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on the day: whether it holds, by what, until when."""

    kind: EntryRuleKind
    value: str
    holds: bool
    what: str
    until: date | None


class ListedView(msgspec.Struct, frozen=True, kw_only=True):
    """A product put forward, and whether it is in the catalogue."""

    id: str
    entry: int
    product: str
    name: str
    supplier: str
    category: str
    listed: bool
    conditions: list[ConditionView]


class CatalogueView(msgspec.Struct, frozen=True, kw_only=True):
    """Products by category and name; ``rules`` is the edition in force, ``next_after`` begins the next page."""

    rules: str | None
    listed: int
    products: list[ListedView]
    next_after: int | None

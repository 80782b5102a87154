"""Products put forward for the green catalogue, as rows that are sought, counted and read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from ledger.ports.projections import Folding


class Sought(NamedTuple):
    """
    Products put forward until a ``day`` (a proleptic Gregorian ordinal) for ``categories`` of a ``catalogue``.

    Those that ``reader`` may see, where one is given: what is listed on the day, and its own. Those that hold ``words``
    (casefolded) in name or code, or in what the supplier is called: of ``called`` that is known to be so, of those in
    ``otherwise`` known not to be; others are called by their id.
    """

    day: int
    catalogue: str
    categories: Sequence[str]
    reader: str | None = None
    words: str = ""
    called: Sequence[str] = ()
    otherwise: Sequence[str] = ()


class Spot(NamedTuple):
    """Where a product stands in the list: in the order of the categories, then by name and entry."""

    category: str
    name: str
    seq: int


class Tallied(NamedTuple):
    """Products of a category, and those of them that are listed on the day."""

    every: int
    listed: int


@runtime_checkable
class CatalogueRows(Folding, Protocol):
    """The rows, a projection of its own. What a correction withdraws is not in it."""

    def page(self, tenant: str, sought: Sought, after: Spot | None = None, limit: int = 50) -> list[int]:
        """At most ``limit`` entries of products behind a place, in their order."""
        ...

    def tally(self, tenant: str, sought: Sought) -> dict[str, Tallied]:
        """How many there are by category; none of what has none."""
        ...

    def left(self, tenant: str, sought: Sought) -> int:
        """How many of the reader's, or of all, are of no such category."""
        ...

"""What lists show, page by page: one row for each thing that people wait for, with the days that order and count it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol, Self, runtime_checkable

from ledger.ports.projections import Folding

Span = tuple[int, int]
EVER: Final[Span] = (0, 2**62)
NEVER: Final = date.max.toordinal()
"""The day of what does not end, or is not due."""
ENDED: Final = 10**15
"""Requests that ended stand behind this in their list, the one that ended last first."""


class Place(NamedTuple):
    """Where a row stands in its list; as text it is handed on to ask for what follows."""

    at: int
    seq: int

    @property
    def text(self) -> str:
        """As an address carries it: two whole numbers."""
        return f"{self.at}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The place of a text of two whole numbers with a hyphen between."""
        at, _, seq = text.partition("-")
        return cls(int(at), int(seq))


class Listed(NamedTuple):
    """
    A thing of a list, by the entry ``seq`` that began it. Days are proleptic Gregorian ordinals.

    ``pcf_request``: its state; ``at`` the day due and, once it ended, 2 × ``ENDED`` less its last entry;
    ``late`` the day an extension is asked for until.
    ``pcf``, ``product_footprint``: open, verified or superseded, by statements on it alone; ``at`` its entry; it holds
    from ``begins`` and before ``ends``.
    ``supplier_certificate``: recorded, in_force, suspended or revoked; ``at`` the last day it counts; valid from
    ``begins``.
    ``assessment``: open, answered or scored; ``begins`` and ``at`` the first and last day of its period; its result
    counts until ``ends``; ``late`` the day its answers are due or, once scored, the first of its open actions.
    ``assessment_step``: an action that is not closed; ``at`` the day due.
    ``pledge``: its state; ``at`` the number of its commitment.
    ``scheme``: the newest version of a tender's; sealed or open; ``at`` the microsecond at which bids close;
    ``supplier`` and ``holder`` are the tender.

    Whatever depends on the day a reader looks is told from these days.
    """

    seq: int
    supplier: str
    holder: str
    """Who acts for the supplier; the supplier itself where nobody else does."""
    state: str
    at: int
    begins: int = 0
    ends: int = NEVER
    late: int = NEVER

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.at, self.seq)


class Among(NamedTuple):
    """Rows of a kind: of one organisation, as supplier or holder, or of all; of some states; within bounds, both in."""

    kind: str
    of: str | None = None
    states: Sequence[str] = ()
    at: Span = EVER
    begins: Span = EVER
    ends: Span = EVER
    late: Span = EVER


@runtime_checkable
class Listing(Folding, Protocol):
    """Rows of lists, a projection of its own. What a correction withdraws is not in it."""

    def page(
        self, tenant: str, among: Among, after: Place | None = None, limit: int = 100, *, descending: bool = False
    ) -> tuple[list[Listed], Place | None]:
        """At most ``limit`` rows behind a place, in the order of places; and the last one's, where more follow."""
        ...

    def count(self, tenant: str, among: Among) -> int:
        """How many there are."""
        ...

    def tally(self, tenant: str, among: Among) -> dict[tuple[int, str], int]:
        """How many by ``at`` and state."""
        ...

    def suppliers(self, tenant: str, among: Among) -> int:
        """Of how many suppliers they are."""
        ...

"""What is known of the bids of one tender while the steps of ``pipeline`` go on, and what each of them writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from ledger.scoring.bid import Bid, Ruling
from ledger.scoring.data_quality import ScoredFootprint
from ledger.scoring.form import Value
from ledger.scoring.reason import Reason
from ledger.scoring.scheme import Scheme


class Figure(Value, frozen=True, kw_only=True):
    """One of the scheme's amounts worked out for one bid [the amount's unit], with the working."""

    bidder: str
    amount: str
    value: Fraction
    working: str


class Cell(Value, frozen=True, kw_only=True):
    """One bid on one criterion: what went in [the criterion's unit], the working, the share and the points."""

    bidder: str
    criterion: str
    input: Fraction
    working: str
    share: Fraction
    points: Fraction
    shown: str


class Total(Value, frozen=True, kw_only=True):
    """The points of one bid over all criteria."""

    bidder: str
    points: Fraction
    shown: str


class Rank(Value, frozen=True, kw_only=True):
    """
    A bid's place, from 1. ``decided_by`` says what put it below the one above: ``total``, the key of a tie-break, or
    ``undecided`` when it shares the rank; empty for the first.
    """

    rank: int
    bidder: str
    decided_by: str


def first_of(ranks: Iterable[Rank]) -> str | None:
    """The only bidder at rank 1; ``None`` without bids, or when a draw must decide."""
    first = [r.bidder for r in ranks if r.rank == 1]
    return first[0] if len(first) == 1 else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is known so far."""

    scheme: Scheme
    bids: tuple[Bid, ...]
    rulings: tuple[Ruling, ...] = ()
    reasons: tuple[Reason, ...] = ()
    footprints: tuple[ScoredFootprint, ...] = ()
    figures: tuple[Figure, ...] = ()
    cells: tuple[Cell, ...] = ()
    totals: tuple[Total, ...] = ()
    ranks: tuple[Rank, ...] = ()

    @property
    def remaining(self) -> tuple[Bid, ...]:
        """The bids not set aside."""
        aside = {reason.bidder for reason in self.reasons if reason.excludes}
        return tuple(bid for bid in self.bids if bid.bidder not in aside)

    @property
    def winner(self) -> str | None:
        """The only bidder at rank 1; ``None`` without bids, or when a draw must decide."""
        return first_of(self.ranks)

    def footprint_of(self, bidder: str) -> ScoredFootprint | None:
        """The footprint scored for a remaining bid."""
        return next((f for f in self.footprints if f.bidder == bidder), None)

    def without(self, bidder: str) -> Evaluation:
        """The remaining bids less one, as they stand before anything is compared; who was set aside stays aside."""
        return replace(
            self,
            bids=tuple(bid for bid in self.remaining if bid.bidder != bidder),
            footprints=tuple(f for f in self.footprints if f.bidder != bidder),
            figures=(),
            cells=(),
            totals=(),
            ranks=(),
        )

    def with_reasons(self, reasons: Iterable[Reason]) -> Evaluation:
        """The same with more reasons."""
        return replace(self, reasons=(*self.reasons, *reasons))

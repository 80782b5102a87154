"""
What decides between bids with equal totals. A scheme states which of these it uses, and in which order.

Totals are compared as exact fractions, never as displayed. Where no tie-break decides, the bids share their rank and
the tender's own recorded draw must decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from ledger.scoring.bid import Bid
from ledger.scoring.data_quality import ScoredFootprint
from ledger.scoring.own_records import Lot

SortKey = tuple[int, Fraction]
"""Sorts ascending: 0 before 1, then the smaller figure."""


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One rule; ``order`` sorts the better bid first."""

    key: str
    title_en: str
    title_zh: str
    order: Callable[[Bid, ScoredFootprint | None], SortKey]
    reads_footprint: bool = False


def _verified_footprint(bid: Bid, footprint: ScoredFootprint | None) -> SortKey:  # noqa: ARG001
    verified = footprint is not None and footprint.status == "verified"
    return (0, footprint.scored) if verified and footprint else (1, Fraction(0))


def _price(bid: Bid, footprint: ScoredFootprint | None) -> SortKey:  # noqa: ARG001
    return 0, bid.price


def _primary_data(bid: Bid, footprint: ScoredFootprint | None) -> SortKey:
    share = bid.footprint.primary_data_share
    stated = footprint is not None and footprint.status != "missing" and share is not None
    return (0, -share) if stated and share is not None else (1, Fraction(0))


def _sealed(bid: Bid, footprint: ScoredFootprint | None) -> SortKey:  # noqa: ARG001
    since = bid.sealed_at - datetime(1970, 1, 1, tzinfo=UTC)
    return 0, Fraction(since.days * 86_400 + since.seconds) + Fraction(since.microseconds, 1_000_000)


def _drawn(bid: Bid, footprint: ScoredFootprint | None) -> SortKey:  # noqa: ARG001
    return (0, bid.lot.number(bid.bidder)) if isinstance(bid.lot, Lot) else (1, Fraction(0))


DRAW = "recorded-draw"
TIE_BREAKS: tuple[TieBreak, ...] = (
    TieBreak(
        "verified-footprint",
        "Lower verified footprint",
        "经核查碳足迹较低者优先",
        _verified_footprint,
        reads_footprint=True,
    ),
    TieBreak("price", "Lower price", "报价较低者优先", _price),
    TieBreak(
        "primary-data-share", "Higher primary data share", "初级数据占比较高者优先", _primary_data, reads_footprint=True
    ),
    TieBreak("sealed-time", "Sealed earlier", "封标时间较早者优先", _sealed),
    TieBreak(DRAW, "Draw by the first checkpoint after closing", "以截标后首个检查点抽签", _drawn),
)
"""Every tie-break, in the usual order."""

DEFAULT_ORDER = tuple(t.key for t in TIE_BREAKS if t.key != DRAW)
"""Of a scheme that states none. A draw is asked for by name."""


def tie_break(key: str) -> TieBreak | None:
    """The tie-break of that key, or ``None``."""
    return next((t for t in TIE_BREAKS if t.key == key), None)

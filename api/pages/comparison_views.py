"""The comparison of bids: their points by criterion as stacked bars."""

from __future__ import annotations

from typing import NamedTuple

from api.charts.stacked import TONES, stacked
from api.charts.waterfall import Segment
from ledger.errors import Locale
from ledger.scoring.criterion import Criterion
from ledger.scoring.evaluation import Evaluation


class PartView(NamedTuple):
    """The points of one criterion in a bar."""

    segment: Segment
    said: str


class BarView(NamedTuple):
    """One bid: its points by criterion, one after the other."""

    rank: int
    bidder: str
    total: str
    parts: list[PartView]


class ComparisonView(NamedTuple):
    """Bars from first to last, and what each tone is."""

    bars: list[BarView]
    keys: list[tuple[str, str]]


def comparison(e: Evaluation, locale: Locale) -> ComparisonView:
    """The remaining bids of an evaluation as bars of points."""
    points = {(cell.bidder, cell.criterion): cell for cell in e.cells}
    totals = {total.bidder: total.shown for total in e.totals}
    titles = [criterion_title(c, locale) for c in e.scheme.criteria]
    bars = []
    for rank in e.ranks:
        cells = [points[rank.bidder, c.key] for c in e.scheme.criteria]
        segments = stacked([cell.points for cell in cells], e.scheme.points)
        said = [f"{title}: {cell.shown}" for title, cell in zip(titles, cells, strict=True)]
        parts = [PartView(*one) for one in zip(segments, said, strict=True)]
        bars.append(BarView(rank.rank, rank.bidder, totals[rank.bidder], parts))
    return ComparisonView(bars, [(str(index % TONES + 1), title) for index, title in enumerate(titles)])


def criterion_title(criterion: Criterion, locale: Locale) -> str:
    """The criterion in the reader's language."""
    return criterion.title_zh if locale == "zh-CN" else criterion.title_en

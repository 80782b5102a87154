"""What the page of a robustness card shows: how firm an award is, in words and pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from api.background_runs import Run
from api.charts.crossing import Crossing, crossing
from api.charts.heat import HeatMap, heat_map
from api.pages.catalogue import Translate
from api.pages.tender_views import Flip, flip_view, title_of
from ledger.errors import Locale
from ledger.scoring.award import ScoreSheet
from ledger.scoring.card import Card, Shift
from ledger.scoring.robustness import FlipPrice
from ledger.services.tender_examination import USUAL_UNCERTAINTY, Carded
from ledger.units import shown

MOST_DRAWN: Final = 24
"""Bids and ranks in the heat map; all are in the table below it."""


class RunView(NamedTuple):
    """A card on its way, or why there is none."""

    stage: str
    done: int
    total: int
    running: bool
    percent: int
    fault: str
    fix: str


class ShiftRow(NamedTuple):
    """One weight before and at the point where the challenger draws level [points]."""

    criterion: str
    before: str
    after: str


class ShiftView(NamedTuple):
    """The smallest change of weights that lets another bid draw level."""

    challenger: str
    size: str
    rows: list[ShiftRow]


class BidRow(NamedTuple):
    """One bid in the award's order: shares of first places, and who would win without it."""

    bidder: str
    firsts: str
    firsts_width: int
    wins: str
    wins_width: int
    ranks: list[str]
    counts: tuple[int, ...]
    without: str


class FlipPicture(NamedTuple):
    """What the first two bids cost as the price of carbon rises."""

    flip: Flip
    lines: Crossing
    twice: str
    at: str


class CardPage(NamedTuple):
    """The card of a sheet."""

    entry: int
    sheet_entry: int
    winner: str
    flip: FlipPicture | None
    shift: ShiftView | None
    bids: list[BidRow]
    map: HeatMap
    drawn: int
    changed: int
    """Losers without whom another bid would win."""
    seed: str
    samples: int
    variations: int
    uncertainty: list[tuple[str, str]]


class TenderCardView(NamedTuple):
    """The page: a card, one on its way, or neither."""

    id: str
    title: str
    card: CardPage | None
    run: RunView | None
    may_start: bool
    offered: list[tuple[str, str, int]]
    """Status, its word, and the half width offered [%]."""


def run_view(run: Run | None, locale: Locale) -> RunView | None:
    """A run that goes on or failed; ``None`` where there is none, or it is done."""
    if run is None or (run.finished and run.fault is None and run.stage not in {"failed", "cancelled"}):
        return None
    fault = run.fault
    return RunView(
        stage="failed" if fault else run.stage,
        done=run.done,
        total=run.total,
        running=not run.finished,
        percent=run.done * 100 // run.total if run.total else 0,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )


def card_page(known: Carded, sheet: ScoreSheet, t: Translate, locale: Locale) -> CardPage:
    """A card with everything it tells."""
    card = known.card
    left = {one.bidder: one for one in card.left_out}
    wins = {one.bidder: one.count for one in card.wins}
    counts = [one.counts for one in card.acceptability]
    rows = [
        BidRow(
            bidder=one.bidder,
            firsts=percent(one.counts[0], card.terms.samples),
            firsts_width=one.counts[0] * 1000 // card.terms.samples,
            wins=percent(wins[one.bidder], card.terms.variations) if card.terms.variations else "–",
            wins_width=wins[one.bidder] * 1000 // max(card.terms.variations, 1),
            ranks=[percent(count, card.terms.samples) for count in one.counts],
            counts=one.counts,
            without=_without(left[one.bidder].winner, t) if one.bidder in left else "–",
        )
        for one in card.acceptability
    ]
    return CardPage(
        entry=known.entry,
        sheet_entry=known.sheet_entry,
        winner=card.winner,
        flip=_flip(card.flip_price, sheet),
        shift=_shift(card.shift, sheet, locale),
        bids=rows,
        map=heat_map([row[:MOST_DRAWN] for row in counts[:MOST_DRAWN]]),
        drawn=min(MOST_DRAWN, len(counts)),
        changed=sum(one.changes for one in card.left_out),
        seed=card.terms.seed,
        samples=card.terms.samples,
        variations=card.terms.variations,
        uncertainty=uncertainties(card, t),
    )


def card_view(
    sheet: ScoreSheet, known: Carded | None, run: Run | None, words: tuple[Translate, Locale], *, may_start: bool
) -> TenderCardView:
    """The page of a tender's card."""
    t, locale = words
    return TenderCardView(
        id=sheet.scheme.id,
        title=title_of(sheet.scheme, locale),
        card=card_page(known, sheet, t, locale) if known else None,
        run=run_view(run, locale),
        may_start=may_start and sheet.winner is not None,
        offered=[(key, t(f"tender.footprint.{key}"), int(share * 100)) for key, share in USUAL_UNCERTAINTY.items()],
    )


def uncertainties(card: Card, t: Translate) -> list[tuple[str, str]]:
    """How far footprints were varied, by status in words."""
    widths = card.terms.uncertainty
    known = [key for key in USUAL_UNCERTAINTY if key in widths]
    return [(t(f"tender.footprint.{key}"), f"± {shown(widths[key] * 100, 0)} %") for key in known]


def percent(count: int, of: int) -> str:
    """A share to one decimal."""
    return f"{shown(Fraction(count * 100, of), 1)} %"


def _without(winner: str | None, t: Translate) -> str:
    return winner if winner is not None else t("card.draw")


def _shift(shift: Shift | None, sheet: ScoreSheet, locale: Locale) -> ShiftView | None:
    if shift is None:
        return None
    rows = [
        ShiftRow(
            c.title_zh if locale == "zh-CN" else c.title_en,
            shown(c.weight, 2),
            shown(c.weight + shift.moved.get(c.key, Fraction(0)), 2),
        )
        for c in sheet.scheme.criteria
    ]
    return ShiftView(shift.challenger, shown(shift.size, 2), rows)


def _flip(flip: FlipPrice | None, sheet: ScoreSheet) -> FlipPicture | None:
    said = flip_view(flip, sheet.scheme)
    if flip is None or flip.per_kg is None or flip.per_tonne is None or said is None:
        return None
    prices = {bid.bidder: bid.price for bid in sheet.bids}
    kilograms = {one.bidder: one.scored * sheet.scheme.quantity for one in sheet.footprints}
    first, second = ((prices[name], kilograms[name]) for name in (flip.first, flip.second))
    at = flip.per_tonne
    return FlipPicture(said, crossing(first, second, flip.per_kg), shown(2 * at, 0), shown(at, 0))

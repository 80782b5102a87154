"""What our own log says of each bidder, as the page of an award and its files show it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from api.pages.catalogue import Translate
from api.pages.words import figure, segment
from ledger.scoring.award import ScoreSheet
from ledger.scoring.bid import Bid
from ledger.scoring.own_records import Bonus, Judgement, Listing, Lot, SecondLife


class OwnRow(NamedTuple):
    """One fact of our own records: of whom, what, and the entry or checkpoint that it comes from."""

    bidder: str
    text: str
    href: str


def own_rows(sheet: ScoreSheet, t: Translate) -> list[OwnRow]:
    """Every fact of our own records that the sheet holds, by bidder."""
    return [OwnRow(bid.bidder, text, href) for bid in sheet.bids for text, href in _facts(bid, t)]


def _facts(bid: Bid, t: Translate) -> Iterator[tuple[str, str]]:
    if isinstance(bid.catalogue, tuple):
        yield from [_listed(one, t) for one in bid.catalogue] or [(t("own.not-listed"), "")]
    if isinstance(bid.bonuses, tuple):
        yield from [_bonus(one, t) for one in bid.bonuses] or [(t("own.no-bonus"), "")]
    if isinstance(bid.second_lives, tuple):
        yield from [_second_life(one, t) for one in bid.second_lives] or [(t("own.no-second-life"), "")]
    if isinstance(bid.assessed, tuple):
        yield from [_judged(one, t) for one in bid.assessed] or [(t("own.not-assessed"), "")]
    if isinstance(bid.lot, Lot):
        yield t("own.lot", number=f"{int(bid.lot.number(bid.bidder)):064x}"[:12]), f"/checkpoints/{bid.lot.checkpoint}"


def _listed(one: Listing, t: Translate) -> tuple[str, str]:
    return t("own.listed", category=one.category), f"/catalogue/{segment(one.product)}"


def _bonus(one: Bonus, t: Translate) -> tuple[str, str]:
    points = figure(one.points, 0).shown
    return t("own.bonus", points=points, year=one.year, name=one.incentive), f"/entries/{one.rules}"


def _judged(one: Judgement, t: Translate) -> tuple[str, str]:
    status = t(f"assessments.status.{one.status}")
    return t("own.assessed", points=figure(one.points).shown, status=status), f"/assessments/{segment(one.assessment)}"


def _second_life(one: SecondLife, t: Translate) -> tuple[str, str]:
    return t("own.second-life", asset=one.asset), f"/entries/{one.entry}"

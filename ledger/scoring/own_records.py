"""
What of a bidder stands in our own log when bids close, and counts in a tender whose scheme asks for it.

Whoever scores finds these facts and puts them beside the bid, with the entries they come from; a bid's own word about
them counts for nothing. The sheet keeps them, so that a replay needs no log.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.scoring.form import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

BONUS = "incentive-points"
"""The mark that criteria read for bonus points earned in the last full year before closing [points of 100]."""
SECOND_LIFE = "second-life-share"
"""The mark that criteria read for the part of the quantity offered that has a first life in the log [0 to 1]."""
ASSESSMENT = "assessment-points"
"""The mark that criteria read for the supplier's assessment that was in force at closing [points of 100]."""
FROM_LOG = frozenset({ASSESSMENT, BONUS, SECOND_LIFE})


class Listing(Value, frozen=True, kw_only=True):
    """A product of the bidder's in the green catalogue on the day of closing, by the entry that put it forward."""

    entry: int
    product: str
    category: str


class Bonus(Value, frozen=True, kw_only=True):
    """Bonus points [of 100] of a year by an incentive of the edition recorded as entry ``rules``."""

    incentive: str
    year: int
    points: Fraction
    rules: int


class Judgement(Value, frozen=True, kw_only=True):
    """A supplier's assessment as it was known at closing, by the entry of its last marks; it counts while in force."""

    entry: int
    assessment: str
    scheme: str
    points: Fraction
    status: str


class SecondLife(Value, frozen=True, kw_only=True):
    """An asset offered that came off a site before, by the event recorded as ``entry``, and was not ended since."""

    asset: str
    entry: int
    stage: str


class Lot(Value, frozen=True, kw_only=True):
    """
    A draw. A bidder's number is SHA-256 of root, zero byte, tender, zero byte, bidder, as an integer; the lowest wins.

    ``root`` is that of the first ``checkpoint`` (its size) made after bids closed, in hexadecimal. It was known to
    nobody before: the salts of entries are in it.
    """

    checkpoint: int
    root: str
    tender: str

    def number(self, bidder: str) -> Fraction:
        """The bidder's number."""
        text = bytes.fromhex(self.root) + b"\0" + self.tender.encode() + b"\0" + bidder.encode()
        return Fraction(int.from_bytes(hashlib.sha256(text).digest(), "big"))


def bonus_points(bonuses: Sequence[Bonus]) -> Fraction:
    """All bonus points together."""
    return sum((one.points for one in bonuses), Fraction(0))


def assessment_points(found: Sequence[Judgement]) -> Fraction:
    """The points of the assessment in force; none where there is none, it is suspended or over."""
    return max((one.points for one in found if one.status == "in_force"), default=Fraction(0))


def second_life_share(lives: Sequence[SecondLife], quantity: Fraction) -> Fraction:
    """The part of the quantity that has a first life in the log; each asset once, never more than all."""
    return min(Fraction(len({one.asset for one in lives})) / quantity, Fraction(1))

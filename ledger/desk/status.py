"""
How a recorded footprint stands at a moment: computed from entries, never stored.

``superseded`` when its supplier deprecated it or a later version names it as preceding; ``expired`` once its validity
is over, the statement's end included; ``verified`` or ``returned`` by the last review; else ``recorded``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.records.pcf_review import GOOD, PcfReview

PcfStatus = Literal["expired", "recorded", "returned", "superseded", "verified"]
STATUSES: Final[tuple[PcfStatus, ...]] = ("recorded", "returned", "verified", "expired", "superseded")


class Stated(NamedTuple):
    """
    A footprint of any kind of record, as far as its standing goes.

    ``kg_co2e`` is the figure as stated, per declared unit, which is ``amount`` of ``unit``; ``sha256`` that of the
    record's RFC 8785 bytes. It holds from ``valid_from`` and before ``valid_end``. ``replaces`` are ids of earlier
    versions, as the footprint names them; ``footprint_id`` is its own there.
    """

    entry: int
    id: str
    kind: str
    supplier: str
    product: str
    name: str
    kg_co2e: Fraction
    amount: Fraction
    unit: str
    sha256: str
    valid_from: date
    valid_end: date
    footprint_id: str
    replaces: tuple[str, ...] = ()

    @property
    def kg_per_unit(self) -> Fraction:
        """The figure per one of its unit [kg CO2e]."""
        return self.kg_co2e / self.amount


class Standing(NamedTuple):
    """How it stands, by which review, and by which entry it is superseded."""

    status: PcfStatus
    review: PcfReview | None = None
    entry: int | None = None

    @property
    def is_verified(self) -> bool:
        """Whether it may be used as verified."""
        return self.status == "verified"


def standing_of(
    stated: Stated, reviews: Iterable[tuple[int, PcfReview]], replaced_at: Sequence[int], day: date
) -> Standing:
    """
    How a footprint stands on a day by these reviews, and entries that deprecate or replace it.

    Of how things stood at a moment, hand in what was recorded by then. A review of other bytes, of another figure or
    by the supplier itself is none.
    """
    held = [pair for pair in reviews if _about(pair[1], stated)]
    last = max(held, key=lambda pair: pair[0], default=None)
    review = None if last is None else last[1]
    if replaced_at:
        return Standing("superseded", review, min(replaced_at))
    if day >= stated.valid_end:
        return Standing("expired", review)
    if review is None:
        return Standing("recorded")
    if review.verdict not in GOOD:
        return Standing("returned", review)
    over = review.valid_until is not None and day > review.valid_until
    return Standing("expired" if over else "verified", review)


def _about(review: PcfReview, stated: Stated) -> bool:
    return (
        review.pcf == stated.id
        and review.sha256 == stated.sha256
        and review.supplier == stated.supplier != review.verifier
        and Fraction(review.stated_kg_co2e) == stated.kg_co2e
    )

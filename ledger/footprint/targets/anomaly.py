"""
Months out of line with months like them, by a rule that is exact and says what it compared.

Like a month are the same calendar month of other years, when there are ``SAME_MONTHS`` or more; else the twelve months
before it, when ``MONTHS_BEFORE`` or more of them have a value; with fewer, nothing is said. A month is out of line when
it lies more than the limit times the median absolute deviation (MAD, not scaled) from their median. Where the MAD is
zero, any other value than the median is out of line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.footprint.amount import exact_text
from ledger.footprint.inventory.inventory import month_text
from ledger.footprint.targets.actual import Actual

SAME_MONTHS: Final = 3
MONTHS_BEFORE: Final = 5


class Anomaly(NamedTuple):
    """A month out of line: ``multiples`` of the MAD from the median of ``like`` months, ``None`` where the MAD is 0."""

    month: int
    value: Actual
    median: Fraction
    mad: Fraction
    multiples: Fraction | None
    like: Literal["months_before", "same_month"]
    compared: int

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text."""
        return {
            "month": month_text(self.month),
            "value": exact_text(self.value.value),
            "entries": list(self.value.entries),
            "median": exact_text(self.median),
            "mad": exact_text(self.mad),
            "multiples": None if self.multiples is None else exact_text(self.multiples),
            "like": self.like,
            "months_compared": self.compared,
        }


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two, of one value at least."""
    held = sorted(values)
    half = len(held) // 2
    return held[half] if len(held) % 2 else (held[half - 1] + held[half]) / 2


def anomalies(months: Mapping[int, Actual], limit: Fraction) -> list[Anomaly]:
    """Every month out of line by more than ``limit`` MADs, in order."""
    found = []
    for month in sorted(months):
        like, others = _like(months, month)
        if like is None:
            continue
        value, middle = months[month].value, median(others)
        mad = median([abs(other - middle) for other in others])
        off = abs(value - middle)
        if off > limit * mad:
            found.append(Anomaly(month, months[month], middle, mad, off / mad if mad else None, like, len(others)))
    return found


def _like(
    months: Mapping[int, Actual], month: int
) -> tuple[Literal["months_before", "same_month"] | None, list[Fraction]]:
    same = [one.value for at, one in months.items() if at != month and at % 12 == month % 12]
    if len(same) >= SAME_MONTHS:
        return "same_month", same
    before = [months[at].value for at in range(month - 12, month) if at in months]
    return ("months_before", before) if len(before) >= MONTHS_BEFORE else (None, [])

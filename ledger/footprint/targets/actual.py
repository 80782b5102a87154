"""What was reached, by month or in longer periods; a longer one is made of stated ones, without gap or overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.records.target import TargetActual


class Actual(NamedTuple):
    """A value over the months ``first`` to ``last`` (year x 12 + month - 1) and the entries that state it."""

    first: int
    last: int
    value: Fraction
    entries: tuple[int, ...]
    standing: Literal["recorded", "verified"] = "recorded"
    origin: Literal["inventory", "stated"] = "stated"
    gaps: int = 0
    """What the inventory behind it lists as not counted."""


def month_number(text: str) -> int:
    """``2023-05`` as year x 12 + month - 1."""
    return int(text[:4]) * 12 + int(text[5:]) - 1


def stated(records: Iterable[tuple[int, TargetActual]]) -> dict[tuple[int, int], Actual]:
    """Statements by their months; of several on the same ones the one entered last."""
    found: dict[tuple[int, int], Actual] = {}
    for entry, one in sorted(records, key=lambda pair: pair[0]):
        span = month_number(one.first), month_number(one.last)
        standing: Literal["recorded", "verified"] = "verified" if one.verified_by else "recorded"
        found[span] = Actual(*span, Fraction(one.value), (entry,), standing)
    return found


def covered(held: Mapping[tuple[int, int], Actual], first: int, last: int) -> Actual | None:
    """
    The sum over a run of months, for figures that add up; ``None`` when stated periods do not cover it exactly.

    From each month on the longest statement that fits is taken.
    """
    parts, at = [], first
    while at <= last:
        longest = max((end for start, end in held if start == at and end <= last), default=None)
        if longest is None:
            return None
        parts.append(held[at, longest])
        at = longest + 1
    standing: Literal["recorded", "verified"] = (
        "verified" if all(part.standing == "verified" for part in parts) else "recorded"
    )
    entries = tuple(entry for part in parts for entry in part.entries)
    origin: Literal["inventory", "stated"] = (
        "inventory" if any(part.origin == "inventory" for part in parts) else "stated"
    )
    gaps = sum(part.gaps for part in parts)
    return Actual(first, last, sum((part.value for part in parts), Fraction(0)), entries, standing, origin, gaps)


def of_year(held: Mapping[tuple[int, int], Actual], year: int, *, adds_up: bool) -> Actual | None:
    """A year's value: stated for the year; else, when the metric adds up, the sum of its parts."""
    span = year * 12, year * 12 + 11
    return covered(held, *span) if adds_up else held.get(span)

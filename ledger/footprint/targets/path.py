"""
The path from a base year to a target year, by the reading that the target states.

A straight line takes the same amount off each year. An equal rate takes the same share of what is left: 4 % a year is
18.46 % in five years, and 20 % in five years is 4.365 % a year. Such a rate is seldom rational: figures of it are
rounded at ``PLACES`` decimals, half up, for the eye; whether a value is above the path is decided exactly, by powers.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Final

from ledger.records.target import Target

PLACES: Final = 12


def root(value: Fraction, degree: int, places: int = PLACES) -> Fraction:
    """The root of a value >= 0, half up at ``places`` decimals."""
    scale = 10**places
    # floor(2 x scale x root) by the integer root of the scaled ratio; half of it, rounded up where odd, is half up
    twice = _integer_root(value.numerator * (2 * scale) ** degree // value.denominator, degree)
    return Fraction((twice + 1) // 2, scale)


def _integer_root(value: int, degree: int) -> int:
    if degree == 1:
        return value
    if degree == 2:
        return isqrt(value)
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle - 1)
    return low


def compounded(rate: Fraction, years: int) -> Fraction:
    """The whole reduction, 0 to 1, when ``rate`` of what is left is taken off each year."""
    return 1 - (1 - rate) ** years


def rate_for(reduction: Fraction, years: int) -> Fraction:
    """The equal yearly rate, 0 to 1, that gives a whole reduction in ``years``; rounded at ``PLACES``."""
    return 1 - root(1 - reduction, years)


def goal(target: Target) -> Fraction:
    """What the target year must not exceed; of a saving, what it must add up to."""
    if target.metric == "saving":
        return Fraction(target.total or 0)
    return Fraction(target.base_value or 0) * (1 - Fraction(target.reduction_pct or 0) / 100)


def on_path(target: Target, year: int) -> Fraction:
    """The path's value at the end of a year; of a saving, what must have added up by then."""
    years, elapsed = target.target_year - target.base_year, year - target.base_year
    if target.metric == "saving":
        return goal(target) * elapsed / years
    base = Fraction(target.base_value or 0)
    if elapsed == years:
        return goal(target)
    if target.path == "linear":
        return base + (goal(target) - base) * elapsed / years
    return base * root((goal(target) / base) ** elapsed, years)


def is_behind(target: Target, year: int, value: Fraction) -> bool:
    """Whether a value is off the path to the bad side by more than the target's tolerance. Exact for both paths."""
    slack = Fraction(target.behind_pct) / 100
    if target.metric == "saving":
        return value < on_path(target, year) * (1 - slack)
    if target.path == "linear":
        return value > on_path(target, year) * (1 + slack)
    years, elapsed = target.target_year - target.base_year, year - target.base_year
    base = Fraction(target.base_value or 0)
    return (value / (base * (1 + slack))) ** years > (goal(target) / base) ** elapsed

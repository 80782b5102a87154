"""
Exact numbers as text. A score is a fraction; it is written whole, never rounded, and read back as the same fraction.

Two forms: ``plain`` for figures people hand in (``12.5``, or ``1/3`` when no decimal is exact) and ``ratio`` for
figures the ledger computed (``25/2``), so that both kinds can be told apart in a score sheet.

Sums, extremes and places between two bounds are worked out over whole numbers and reduced once: the same fractions as
step by step, at a fraction of the work. A tender of a thousand bids has fifty thousand cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from functools import lru_cache
from math import lcm

from ledger.units import shown

_WRITTEN = re.compile(r"(-?[0-9]{1,60})(?:\.([0-9]{1,60})|/([0-9]{1,60}))?", re.ASCII)


def ratio(value: Fraction) -> str:
    """``numerator/denominator`` in lowest terms; the denominator is always written."""
    return f"{value.numerator}/{value.denominator}"


def plain(value: Fraction) -> str:
    """The decimal that equals the fraction, without trailing zeros; ``numerator/denominator`` when there is none."""
    return _written(*value.as_integer_ratio())


@lru_cache(4096)
def _written(numerator: int, denominator: int) -> str:
    if denominator == 1:
        return str(numerator)
    places, factor = _places(denominator)
    if not places:
        return f"{numerator}/{denominator}"
    digits = str(abs(numerator) * factor).rjust(places + 1, "0")
    # As few places as can be, so the last digit is none that has to be taken off.
    return f"{'-' if numerator < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def readable(value: Fraction) -> str:
    """``plain``, and where that is no decimal also about how much it is, to two places: ``2490500/3 ≈ 830166.67``."""
    text = plain(value)
    return f"{text} ≈ {shown(value, 2)}" if "/" in text else text


def parse_rational(text: str) -> Fraction:
    """
    The fraction written as an integer, a decimal or ``numerator/denominator``; nothing else.

    Raises ``ValueError`` for exponents, blanks, signs other than one leading minus, and a denominator of zero.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is not an integer, a decimal or a fraction")
    whole, decimals, below = written.groups()
    if decimals:
        return Fraction(int(whole + decimals), 10 ** len(decimals))
    if below and not int(below):
        raise ValueError(f"{text!r} has a denominator of zero")
    return Fraction(int(whole), int(below or 1))


def lowest(values: Collection[Fraction]) -> Fraction:
    """The lowest of one value or more."""
    whole, common = _over_common(values)
    return Fraction(min(whole), common)


def highest(values: Collection[Fraction]) -> Fraction:
    """The highest of one value or more."""
    whole, common = _over_common(values)
    return Fraction(max(whole), common)


def total(values: Collection[Fraction]) -> Fraction:
    """The sum; zero of none."""
    whole, common = _over_common(values)
    return Fraction(sum(whole), common)


def product(one: Fraction, other: Fraction) -> Fraction:
    """One times the other."""
    (n, d), (m, e) = one.as_integer_ratio(), other.as_integer_ratio()
    return Fraction(n * m, d * e)


def divided(one: Fraction, other: Fraction) -> Fraction:
    """One over the other, which is not zero."""
    (n, d), (m, e) = one.as_integer_ratio(), other.as_integer_ratio()
    return Fraction(n * e, d * m)


def between(value: Fraction, start: Fraction, end: Fraction) -> Fraction:
    """``(value - start) / (end - start)``: 0 at the start, 1 at the end, which differ."""
    (v, v_of), (s, s_of), (e, e_of) = value.as_integer_ratio(), start.as_integer_ratio(), end.as_integer_ratio()
    return Fraction((v * s_of - s * v_of) * e_of, (e * s_of - s * e_of) * v_of)


def _over_common(values: Collection[Fraction]) -> tuple[list[int], int]:
    """The values as whole multiples of one over their common denominator."""
    ratios = [value.as_integer_ratio() for value in values]
    common = lcm(*{denominator for _, denominator in ratios})
    return [numerator * (common // denominator) for numerator, denominator in ratios], common


@lru_cache(4096)
def _places(denominator: int) -> tuple[int, int]:
    """Decimal places of fractions over it, and 10^places / denominator; zero where no decimal is exact."""
    twos, rest = _remove(2, denominator)
    fives, rest = _remove(5, rest)
    places = max(twos, fives)
    return (places, 10**places // denominator) if rest == 1 else (0, 0)


def _remove(factor: int, number: int) -> tuple[int, int]:
    """How often ``factor`` divides ``number``, and what is left."""
    count = 0
    while number % factor == 0:
        number, count = number // factor, count + 1
    return count, number

"""
Exact numbers as text. A score is a fraction; it is written whole, never rounded, and read back as the same fraction.

Two forms: ``plain`` for figures people hand in (``12.5``, or ``1/3`` when no decimal is exact) and ``ratio`` for
figures the ledger computed (``25/2``), so that both kinds can be told apart in a score sheet.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from ledger.units import shown

_WRITTEN = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60}|/[0-9]{1,60})?", re.ASCII)


def ratio(value: Fraction) -> str:
    """``numerator/denominator`` in lowest terms; the denominator is always written."""
    return f"{value.numerator}/{value.denominator}"


@lru_cache(4096)
def plain(value: Fraction) -> str:
    """The decimal that equals the fraction, without trailing zeros; ``numerator/denominator`` when there is none."""
    if value.denominator == 1:
        return str(value.numerator)
    twos, rest = _remove(2, value.denominator)
    fives, rest = _remove(5, rest)
    if rest != 1:
        return ratio(value)
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    # As few places as can be, so the last digit is none that has to be taken off.
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def readable(value: Fraction) -> str:
    """``plain``, and where that is no decimal also about how much it is, to two places: ``2490500/3 ≈ 830166.67``."""
    text = plain(value)
    return f"{text} ≈ {shown(value, 2)}" if "/" in text else text


def parse_rational(text: str) -> Fraction:
    """
    The fraction written as an integer, a decimal or ``numerator/denominator``; nothing else.

    Raises ``ValueError`` for exponents, blanks, signs other than one leading minus, and a denominator of zero.
    """
    if not _WRITTEN.fullmatch(text) or re.search(r"/0+\Z", text):
        raise ValueError(f"{text!r} is not an integer, a decimal or a fraction")
    return Fraction(text)


def _remove(factor: int, number: int) -> tuple[int, int]:
    """How often ``factor`` divides ``number``, and what is left."""
    count = 0
    while number % factor == 0:
        number, count = number // factor, count + 1
    return count, number

"""
Ratios of logarithms and square roots of exact numbers, correctly rounded: the same digits in any program that is right.

Rounding is defined on the true value, not on a way of computing it: the multiple of 10^-12 nearest to it. It is found
by enclosing the true value ever more closely, until both ends of the enclosure round to the same.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import isqrt

PLACES = 12
_UNIT = 10**PLACES


@lru_cache(4096)
def log_ratio(x: Fraction, base: Fraction) -> Fraction:
    """
    log(x) / log(base), half to even to ``PLACES`` decimal places; ``x`` above zero, ``base`` above zero and not 1.

    It always ends: the true value could only lie half way between two results if ``base`` were the 2^13th power of a
    fraction, which has thousands of digits, and a scheme's numbers have at most 120.
    """
    if x == 1:
        return Fraction(0)
    for digits in count(40, 40):
        low, high = _log(x, digits)
        base_low, base_high = _log(base, digits)
        if base_low * base_high <= 0:
            continue
        ends = [over / under for over in (low, high) for under in (base_low, base_high)]
        rounded = {round(end * _UNIT) for end in (min(ends), max(ends))}
        if len(rounded) == 1:
            return Fraction(rounded.pop(), _UNIT)
    raise AssertionError


def part_of_roots(a: Fraction, b: Fraction) -> Fraction:
    """sqrt(b) / (sqrt(a) + sqrt(b)), half to even to ``PLACES`` places; both at least zero, not both zero."""
    if b == 0:
        return Fraction(0)
    quotient = a / b
    # sqrt(n/d) = sqrt(n d) / d; scaled by 4^k the integer root encloses it to 2^-k.
    product = quotient.numerator * quotient.denominator
    for bits in count(64, 64):
        root = isqrt(product << (2 * bits))
        exact = root * root == product << (2 * bits)
        scale = quotient.denominator << bits
        ends = [Fraction(scale, scale + r) for r in ((root,) if exact else (root, root + 1))]
        rounded = {round(end * _UNIT) for end in ends}
        if len(rounded) == 1:
            return Fraction(rounded.pop(), _UNIT)
    raise AssertionError


def _log(x: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    """An enclosure of the natural logarithm; each step is rounded outwards, ``Decimal.ln`` by one unit more."""
    ends = []
    for rounding, step in ((ROUND_FLOOR, "next_minus"), (ROUND_CEILING, "next_plus")):
        context = Context(prec=digits, rounding=rounding, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
        quotient = context.divide(Decimal(x.numerator), Decimal(x.denominator))
        ends.append(Fraction(getattr(context, step)(context.ln(quotient))))
    return ends[0], ends[1]

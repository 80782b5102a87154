"""Exact figures as text: a plain decimal when there is one, else ``numerator/denominator`` in lowest terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm

from ledger.units import EXACT, decimal_text, split_exactly


def exact_text(value: Fraction) -> str:
    """How an emission [kg CO2e], an intensity or a share is stored: ``375.66``, or ``1/3`` when no decimal is exact."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    with localcontext(EXACT):
        return decimal_text(Decimal(value.numerator) / value.denominator)


def exact_value(text: str) -> Fraction:
    """The figure that ``exact_text`` wrote. Raises ``ValueError`` for anything else."""
    value = Fraction(text)
    if exact_text(value) != text:
        raise ValueError(f"{text!r} is not in the stored form {exact_text(value)!r}")
    return value


def total(values: Iterable[Fraction]) -> Fraction:
    """The sum, over one common denominator: a single reduction for thousands of parts."""
    parts = [value.as_integer_ratio() for value in values]
    common = lcm(*{denominator for _, denominator in parts})
    return Fraction(sum(numerator * (common // denominator) for numerator, denominator in parts), common)


def shares(weights: Sequence[int]) -> list[Fraction]:
    """
    Exact shares in proportion to non-negative weights with a positive sum; they add up to one.

    For a collection round the weights are gram-metres on the direct distance from the base to each stop, never the
    distance driven (GLEC v3.0, module on allocation; ISO 14083:2023, 8.3).
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative with a positive sum")
    return [Fraction(weight, whole) for weight in weights]


def displayed_parts(amount: Fraction, weights: Sequence[int], places: int) -> list[Decimal]:
    """Parts of an amount for display, at ``places`` decimals, that sum to the amount displayed (largest remainder)."""
    scaled = amount * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return [Decimal(part).scaleb(-places) for part in split_exactly(whole, weights)]

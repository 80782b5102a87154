"""Exact decimal numbers as texts that sort as the numbers do, because SQLite has no exact decimals to compare."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_BIAS: Final = 50_000
_COMPLEMENT: Final = str.maketrans("0123456789", "9876543210")


def ordered(number: Decimal) -> str:
    """
    The text of a finite number, any number of digits: sign, then magnitude, then digits.

    Equal numbers have equal texts however they were written; texts compare by code points as the numbers compare.
    """
    if not number:
        return "1"
    exponent = min(max(number.adjusted() + _BIAS, 0), 2 * _BIAS - 1)
    magnitude = f"{exponent:05}" + "".join(map(str, number.as_tuple().digits)).rstrip("0")
    return f"0{magnitude.translate(_COMPLEMENT)}~" if number < 0 else f"2{magnitude}"

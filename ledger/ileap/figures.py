"""Exact figures as the decimals that the wire has."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ledger.footprint.amount import exact_text
from ledger.units import shown

PLACES: Final = 18
"""Decimals of a figure that no decimal, or only a very long one, gives exactly."""
_LONGEST: Final = 40


def number(value: Fraction) -> str:
    """The figure as a decimal: exact where one of up to 40 characters is, else half up at ``PLACES``."""
    text = exact_text(value)
    if "/" not in text and len(text) <= _LONGEST:
        return text
    rounded = shown(value, PLACES).rstrip("0").rstrip(".")
    return "0" if rounded in {"", "-0"} else rounded


def is_exact(value: Fraction) -> bool:
    """Whether ``number`` gives the figure itself."""
    return Fraction(number(value)) == value

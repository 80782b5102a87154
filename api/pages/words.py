"""How figures, moments and long names are written on a page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from ledger.footprint.amount import exact_text
from ledger.units import shown

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HIDDEN: Final = (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF, 0x061C)
_TURNING: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS: Final = {code: f"⟨U+{code:04X}⟩" for code in (*_HIDDEN, *_TURNING) if chr(code) not in "\t\n\r"}
_BREAKS: Final = re.compile(r"([/.:_?&=-]+)")


class Figure(NamedTuple):
    """A figure for people, and with all its digits."""

    shown: str
    exact: str


def figure(value: Fraction, places: int = 2) -> Figure:
    """A figure at ``places`` decimals, with thousands apart; small ones keep three significant digits."""
    while value and abs(value) * 10**places < 100 and places < 9:
        places += 1
    return Figure(f"{Decimal(shown(value, places)):,}", exact_text(value))


def number(value: int) -> str:
    """A whole number with thousands apart."""
    return f"{value:,}"


def at(microseconds: int) -> datetime:
    """The moment a stored time names, UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def moment(value: datetime) -> str:
    """To the second, UTC, the same in both languages."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def breakable(text: str) -> Markup:
    """Text that may be wrapped after the separators of identifiers and addresses."""
    return Markup("").join(_part(part) for part in _BREAKS.split(text.translate(_CONTROLS)))


def _part(part: str) -> Markup:
    return escape(part) + Markup("<wbr>") if _BREAKS.fullmatch(part) else escape(part)


def visible(value: object) -> object:
    """
    Text with its invisible controls spelled out: none may turn around or hide what stands beside it.

    Markup is ours and stays; what others wrote came through here before it became part of one.
    """
    return value.translate(_CONTROLS) if isinstance(value, str) and not isinstance(value, Markup) else value


def segment(text: str) -> str:
    """Text as one segment of an address."""
    return quote(text, safe="")

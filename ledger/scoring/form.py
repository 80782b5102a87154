"""
The JSON-able form of schemes, bids and score sheets: text, integers, booleans, null, lists and objects with fixed keys.

No binary float can enter or leave. RFC 8785 bytes of this form are what the log records and hashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, TypeVar

import msgspec

from ledger.errors import Place
from ledger.scoring.errors import FormUnreadable
from ledger.scoring.rational import parse_rational, plain

T = TypeVar("T")
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset from UTC; a time without one is refused."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is recorded: immutable, named fields only, an unknown field refused."""


def to_form(value: object, rational: Callable[[Fraction], str] = plain) -> Any:
    """The JSON-able form of a value; fractions are written by ``rational``."""

    def write(odd: Any) -> str:
        if isinstance(odd, Fraction):
            return rational(odd)
        raise TypeError(f"{type(odd).__name__} has no place in a record")

    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=write))


def from_form(form: object, kind: type[T]) -> T:
    """
    The value of type ``kind`` that a form describes.

    Raises ``FormUnreadable`` with a JSON pointer for a missing, unknown or mistyped field, and whatever ``kind``
    itself refuses.
    """
    try:
        return msgspec.convert(form, kind, dec_hook=_read)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at ")
        raise FormUnreadable(kind=kind.__name__, reason=reason).at(Place(pointer=_pointer(path))) from error


def _read(kind: type, value: Any) -> Fraction:
    if kind is not Fraction:
        raise TypeError(f"{kind.__name__} has no place in a record")
    if not isinstance(value, str):
        raise ValueError(f"Expected a number written as text, got `{type(value).__name__}`")  # noqa: TRY004
    return parse_rational(value)


def _pointer(path: str) -> str:
    """An RFC 6901 pointer from the reader's own notation, `` `$.criteria[0].weight` ``."""
    return "".join(f"/{part}" for part in re.findall(r"[^.\[\]`$]+", path))

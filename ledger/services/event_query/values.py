"""Values of query parameters: from text, or from the JSON of a named query, to what is compared."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from ledger.records.event_words import number
from ledger.records.record import microseconds
from ledger.services.event_query.errors import ParameterUnfit

MOST_COUNT: Final = 1_000_000


def as_text(value: Any) -> Any:
    """Numbers and truth values of a JSON query as an address writes them."""
    if isinstance(value, list):
        return [as_text(part) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else value


def single(name: str, value: Any) -> str:
    """One value as text. Raises ``ParameterUnfit``."""
    text = as_text(value)
    if not isinstance(text, str):
        raise unfit(name, value, "one value / 单个值")
    return text


def exact(name: str, text: str) -> Decimal:
    """The number that a text writes. Raises ``ParameterUnfit``."""
    value = number(text)
    if value is None:
        raise unfit(name, text, "a decimal number / 十进制数")
    return value


def moment(name: str, value: Any) -> int:
    """Microseconds since the Unix epoch of a date and time with its zone."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        at = None
    if at is not None and at.tzinfo is not None:
        return microseconds(at)
    raise unfit(name, value, "2026-01-31T08:00:00+08:00")


def truth(name: str, value: Any) -> bool:
    """EXISTS parameters have no value of their own; ``false`` and 0 take them back."""
    text = "" if value is None else str(as_text(value)).lower()
    if text in {"", "true", "1"}:
        return True
    if text in {"false", "0"}:
        return False
    raise unfit(name, value, "true, false")


def count(name: str, value: Any) -> int:
    """How many. Raises ``ParameterUnfit``."""
    text = single(name, value)
    if not re.fullmatch("[0-9]{1,7}", text, re.ASCII) or not 1 <= int(text) <= MOST_COUNT:
        raise unfit(name, value, f"1-{MOST_COUNT}")
    return int(text)


def unfit(name: str, value: Any, expected: str) -> ParameterUnfit:
    """The error for a value of the wrong form."""
    return ParameterUnfit(name=name[:200], value=str(value)[:200], expected=expected)

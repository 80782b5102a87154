"""The forms of single values: decimals, times, URNs. Each check gives ``None``, or what is wrong in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

Wrong = tuple[str, str] | None
Check = Callable[[Any], Wrong]
LONGEST: Final = 10_000
"""Characters of a text."""
MOST: Final = 1_000
"""Items of a list."""
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_URN: Final = re.compile(r"urn:\S{1,500}", re.ASCII | re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:?[0-9]{2})")
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(-[0-9]{8})?", re.ASCII)


def number(text: Any) -> Decimal | None:
    """The decimal in a string, exponent and sign allowed; ``None`` when it is none."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def plain(value: Decimal) -> str:
    """Without exponent, the digits as they are: what is sent."""
    return format(value, "f")


def moment(text: Any) -> datetime | None:
    """The time of an RFC 3339 text with its zone, in UTC; a space from a decoded ``+`` is read as that."""
    if not isinstance(text, str):
        return None
    said = text[:11] + text[11:].replace(" ", "+")
    if not _DAY.fullmatch(said):
        return None
    try:
        return datetime.fromisoformat(said.replace("z", "Z")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def instant(at: datetime) -> str:
    """A time as it is sent: UTC with ``Z``, microseconds only where there are some."""
    return at.astimezone(UTC).isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def uuid(text: Any) -> str | None:
    """The UUID in lower case, of any version; ``None`` when it is none."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def a_text(value: Any) -> Wrong:
    """A string, which may be empty."""
    good = isinstance(value, str) and len(value) <= LONGEST
    return None if good else (f"a text of at most {LONGEST} characters", f"应为不超过 {LONGEST} 字的文本")


def a_name(value: Any) -> Wrong:
    """A string that says something."""
    return a_text(value) or (None if value.strip() else ("it is empty", "不能为空"))


def a_decimal(least: int | None = None, most: int | None = None, *, above: bool = False) -> Check:
    """A decimal string within bounds; ``above`` when the least itself is too little."""

    def check(value: Any) -> Wrong:
        found = number(value)
        if found is None:
            return "a decimal number as a string", "应为以字符串书写的十进制数"
        if least is not None and (found < least or (above and found == least)):
            return f"{'more than' if above else 'at least'} {least}", f"应{'大于' if above else '不小于'} {least}"
        if most is not None and found > most:
            return f"at most {most}", f"应不大于 {most}"
        return None

    return check


def a_moment(value: Any) -> Wrong:
    """A time with its zone."""
    return None if moment(value) else ("a time such as 2026-01-31T00:00:00Z", "应为 2026-01-31T00:00:00Z 形式的时间")


def a_uuid(value: Any) -> Wrong:
    """A UUID."""
    return None if uuid(value) else ("a UUID", "应为 UUID")


def a_urn(value: Any) -> Wrong:
    """A URN (RFC 8141)."""
    good = isinstance(value, str) and _URN.fullmatch(value)
    return None if good else ("a URN such as urn:gtin:4712345060507", "应为 URN，例如 urn:gtin:4712345060507")


def a_version(value: Any) -> Wrong:
    """A version of the specification."""
    good = isinstance(value, str) and _VERSION.fullmatch(value)
    return None if good else ("a version such as 3.0.0", "应为 3.0.0 形式的版本号")


def a_bool(value: Any) -> Wrong:
    """True or false."""
    return None if isinstance(value, bool) else ("true or false", "应为 true 或 false")


def one_of(*words: str) -> Check:
    """One of some words."""
    return lambda value: None if value in words else (f"one of {', '.join(words)}", f"应为其中之一：{', '.join(words)}")


def matching(pattern: str, what: str) -> Check:
    """A string of a pattern."""
    form = re.compile(pattern, re.ASCII)
    return lambda value: None if isinstance(value, str) and form.fullmatch(value) else (what, f"应为 {what}")


def some(check: Check) -> Check:
    """A list of at least one, none twice."""

    def checked(value: Any) -> Wrong:
        if not isinstance(value, list) or not 0 < len(value) <= MOST:
            return f"a list of 1 to {MOST}", f"应为含 1 至 {MOST} 项的列表"
        wrong = next((fault for one in value if (fault := check(one))), None)
        if wrong:
            return wrong
        twice = len({str(one) for one in value}) < len(value)
        return ("an item stands there twice", "列表中有重复项") if twice else None

    return checked

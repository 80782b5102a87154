"""One read of a tag, whoever sent it; and the moments that readers write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from ledger.reads.errors import ReadUnfit

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:?[0-9]{2})",
    re.ASCII,
)
_LATEST: Final = 253_402_300_799_000_000


class TagRead(NamedTuple):
    """What an antenna saw. ``tag`` is hexadecimal, upper case, as the reader gave it."""

    tag: str
    at: int
    antenna: int = 0
    """0 where the reader does not say."""
    rssi_cdbm: int | None = None
    """Hundredths of a dBm."""


def hexadecimal(tag: object) -> str:
    """A tag's content in upper case. Raises ``ReadUnfit``."""
    if not isinstance(tag, str) or not re.fullmatch(r"(?:[0-9A-Fa-f]{4}){1,62}|[0-9A-Fa-f]{1,248}", tag, re.ASCII):
        raise ReadUnfit(why="the tag is not given in hexadecimal digits", why_zh="标签不是十六进制")
    return tag.upper()


def moment(said: object) -> int:
    """ISO 8601 with up to nine decimals and a zone, or milliseconds since the epoch. Raises ``ReadUnfit``."""
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _LATEST // 1000:
        return said * 1000
    parts = _MOMENT.fullmatch(said) if isinstance(said, str) else None
    if parts is None:
        raise ReadUnfit(why="the time is not ISO 8601 with a zone, nor milliseconds", why_zh="时间格式无法识别")
    *numbers, fraction, zone = parts.groups()
    try:
        whole = datetime(*map(int, numbers), tzinfo=UTC) - _offset(zone)  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        raise ReadUnfit(why="there is no such moment", why_zh="时间不存在") from None
    # Finer than a microsecond is cut off, not rounded: a read never moves into the future.
    return (whole - _EPOCH) // timedelta(microseconds=1) + int((fraction or "").ljust(6, "0")[:6])


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta(0)
    size = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -size if zone[0] == "-" else size


def whole_number(value: object, default: int = 0) -> int:
    """A small whole number, or the default for anything else: antenna ports come as numbers, texts, or not at all."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,5}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000 else default

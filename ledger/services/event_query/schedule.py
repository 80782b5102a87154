"""
When a query runs: the schedule of EPCIS 2.0, 8.2.5.3, in UTC.

Each field is a list of numbers and ranges ``[a-b]`` divided by commas; a field that is absent holds always, except that
below the finest field that is given everything starts at zero: ``hour: 3`` is once a day, not every second of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from ledger.records.record import microseconds
from ledger.services.event_query.errors import SubscriptionRefused

_ELEMENT: Final = re.compile(r"([0-9]{1,2})|\[([0-9]{1,2})-([0-9]{1,2})\]", re.ASCII)
_LIMITS: Final = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "day_of_month": (1, 31),
    "month": (1, 12),
    "day_of_week": (1, 7),
}
_FINEST: Final = ("second", "minute", "hour")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS: Final = 366 * 9
"""Days that are searched: 29 February comes within them, also across 2100."""


class Schedule(msgspec.Struct, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Fields as the standard names them; Monday is day 1 of the week."""

    second: str = ""
    minute: str = ""
    hour: str = ""
    day_of_month: str = ""
    month: str = ""
    day_of_week: str = ""


def following(schedule: Schedule, after: int) -> int:
    """The first moment of the schedule after this one, in microseconds. Raises ``SubscriptionRefused``."""
    fields = {name: _numbers(name, getattr(schedule, name)) for name in _LIMITS}
    if not any(getattr(schedule, name) for name in _LIMITS):
        raise SubscriptionRefused(why="schedule: {}")
    for name in _FINEST:
        if getattr(schedule, name):
            break
        fields[name] = [0]
    start = (_EPOCH + timedelta(microseconds=after)).replace(microsecond=0) + timedelta(seconds=1)
    day = start.replace(hour=0, minute=0, second=0)
    for _ in range(_DAYS):
        if (
            day.month in fields["month"]
            and day.day in fields["day_of_month"]
            and day.isoweekday() in fields["day_of_week"]
        ):
            for hour in fields["hour"]:
                for minute in fields["minute"]:
                    for second in fields["second"]:
                        found = day.replace(hour=hour, minute=minute, second=second)
                        if found >= start:
                            return microseconds(found)
        day += timedelta(days=1)
    raise SubscriptionRefused(why="schedule: no such day / 无此日期")


def _numbers(name: str, text: str) -> list[int]:
    least, most = _LIMITS[name]
    if not text:
        return list(range(least, most + 1))
    found: set[int] = set()
    for element in text.split(","):
        match = _ELEMENT.fullmatch(element)
        if match is None:
            raise SubscriptionRefused(why=f"schedule.{name}: {text[:100]}")
        first, last = int(match[1] or match[2]), int(match[1] or match[3])
        if not least <= first <= last <= most:
            raise SubscriptionRefused(why=f"schedule.{name}: {text[:100]}")
        found.update(range(first, last + 1))
    return sorted(found)

"""
A tenant's calendar: its time zone, its weekly days of rest, its holidays and the working days that make up for them.

Days of requests begin and end in that zone. Letters go out on working days in the morning. Data, not rules: countries
publish their days off year by year, and some publish working weekends.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from ledger.desk.errors import CalendarWrong

MOST_DAYS: Final = 1_000
_Days = Annotated[tuple[date, ...], Meta(max_length=MOST_DAYS)]


class WorkCalendar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``zone`` is a name of the IANA database. ``rest`` are weekly days of rest, 1 Monday to 7 Sunday (ISO 8601).

    ``off`` are days off besides, ``on`` working days in spite of ``rest``. Letters go out at ``hour``, local time.
    """

    zone: str = "UTC"
    rest: Annotated[tuple[Annotated[int, Meta(ge=1, le=7)], ...], Meta(max_length=7)] = ()
    off: _Days = ()
    on: _Days = ()
    hour: Annotated[int, Meta(ge=0, le=23)] = 9

    def today(self, now: datetime) -> date:
        """What day it is there."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def start_of(self, day: date) -> datetime:
        """When a day begins there, as UTC."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def works(self, day: date) -> bool:
        """Whether people work on a day."""
        return day in self.on or not (day in self.off or day.isoweekday() in self.rest)

    def letter_at(self, day: date, due: date) -> datetime:
        """
        When a letter of a day goes out, as UTC: on the first working day from then on, but not after ``due``.

        Where no working day is left until then, it goes out on the day itself: late is worse than on a day of rest.
        """
        days = (day + timedelta(days=ahead) for ahead in range((due - day).days + 1))
        chosen = next(filter(self.works, days), day)
        return datetime.combine(chosen, time(self.hour), ZoneInfo(self.zone)).astimezone(UTC)


def calendar_of(text: str | None) -> WorkCalendar:
    """A calendar as it is kept; without one, days are those of UTC and all of them working days."""
    return WorkCalendar() if text is None else msgspec.json.decode(text, type=WorkCalendar)


def made_calendar(said: dict[str, object]) -> WorkCalendar:
    """A calendar of what somebody filled in. Raises ``CalendarWrong``."""
    try:
        made = msgspec.convert(said, WorkCalendar)
        ZoneInfo(made.zone)
    except (msgspec.ValidationError, ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CalendarWrong(why=str(error)[:200]) from None
    return made

"""A tenant's calendar: days by its zone, letters on working days and never after the due date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.desk.calendar import WorkCalendar, calendar_of, made_calendar
from ledger.desk.errors import CalendarWrong

CHINA = made_calendar(
    {"zone": "Asia/Shanghai", "rest": [6, 7], "off": ["2026-10-01", "2026-10-02"], "on": ["2026-10-10"]}
)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


def test_days_are_those_of_the_zone() -> None:
    """Eight hours before UTC (no summer time); of UTC where nothing is set."""
    late = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
    assert CHINA.today(late) == date(2026, 10, 1)
    assert calendar_of(None).today(late) == date(2026, 9, 30)
    assert CHINA.start_of(date(2026, 10, 1)) == datetime(2026, 9, 30, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "due", "sent"),
    [
        (date(2026, 9, 30), date(2026, 10, 14), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 5)),  # holidays, then Saturday and Sunday
        (date(2026, 10, 10), date(2026, 10, 17), date(2026, 10, 10)),  # a Saturday worked
        (date(2026, 10, 3), date(2026, 10, 4), date(2026, 10, 3)),  # no working day is left: better than late
    ],
)
def test_letters_go_out_on_working_days(day: date, due: date, sent: date) -> None:
    """At nine in the morning there, which is one in the morning of UTC."""
    assert CHINA.letter_at(day, due) == datetime(sent.year, sent.month, sent.day, 1, tzinfo=UTC)


@given(DAYS, st.integers(0, 30), st.sets(st.integers(1, 7)), st.sets(DAYS, max_size=9), st.sets(DAYS, max_size=9))
def test_no_letter_is_early_or_late(day: date, ahead: int, rest: set[int], off: set[date], on: set[date]) -> None:
    """From its day to the due date, and on a working day whenever there is one."""
    calendar = WorkCalendar(rest=tuple(rest), off=tuple(off), on=tuple(on))
    due = day + timedelta(days=ahead)
    sent = calendar.letter_at(day, due).date()
    assert day <= sent <= due
    between = [day + timedelta(days=number) for number in range(ahead + 1)]
    assert calendar.works(sent) or not any(map(calendar.works, between))


@pytest.mark.parametrize(
    "said",
    [{"zone": "Mars/Olympus"}, {"zone": "../../etc/passwd"}, {"rest": [8]}, {"off": ["1 October"]}, {"hour": 24}],
)
def test_what_is_no_calendar_is_refused(said: dict[str, object]) -> None:
    """Zones, days and hours that there are not."""
    with pytest.raises(CalendarWrong):
        made_calendar(said)

"""Limits that all processes keep together, on either database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits import COSTLY, LIMITS
from api.operations import TABLE
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.windows import SqlWindows
from ledger.ports import StoreUnavailable
from ledger.ports.windows import Window
from ledger.records.record import microseconds
from ledger.services.attempts import (
    LEFT_ALONE,
    LOOK_AGAIN,
    Allowance,
    Attempts,
    Counting,
    Limit,
    MemoryWindows,
    TooManyAttempts,
    TooManyRequests,
)
from tests.builders import EPOCH, SteppingClock

MINUTE = 60_000_000
NOW = microseconds(EPOCH)
NAME = bytes(32)


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[SqlWindows, SqlWindows]]:
    """Two instances on one database."""
    databases = [Database(open_engine(database_url)) for _ in range(2)]
    yield SqlWindows(databases[0]), SqlWindows(databases[1])
    for database in databases:
        database.engine.dispose()


def _standing_clock() -> SteppingClock:
    return SteppingClock(step=timedelta(0))


def test_a_lockout_holds_on_every_instance(two: tuple[SqlWindows, SqlWindows]) -> None:
    """Failures here and there are one count; who is locked out here is locked out there, until the window ends."""
    clock = _standing_clock()
    here, there = (Attempts(Counting(windows, clock), most=4) for windows in two)
    for attempts in (here, there, here, there):
        attempts.check("place")
        attempts.failed("place")
        clock.forward(LOOK_AGAIN.total_seconds())
    for attempts in (here, there):
        with pytest.raises(TooManyAttempts) as refused:
            attempts.check("place")
        assert refused.value.seconds == 56
        attempts.check("elsewhere")
    clock.forward(56)
    here.check("place")
    there.check("place")


def test_an_instance_learns_within_a_second(two: tuple[SqlWindows, SqlWindows]) -> None:
    """What it saw a moment ago is good enough, so that a right key asks the database once a second."""
    clock = _standing_clock()
    here, there = (Attempts(Counting(windows, clock), most=1) for windows in two)
    there.check("place")
    here.failed("place")
    assert there.recent("place")
    there.check("place")
    clock.forward(LOOK_AGAIN.total_seconds())
    assert not there.recent("place")
    with pytest.raises(TooManyAttempts):
        there.check("place")


def test_many_at_once_are_counted_one_by_one(two: tuple[SqlWindows, SqlWindows]) -> None:
    """Two instances, eight threads: every count from 1 to 200 is given out once."""
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda n: two[n % 2].add(NAME, NOW, MINUTE).times, range(200)))
    assert sorted(counts) == list(range(1, 201))


_COUNT = """
import sys
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.windows import SqlWindows
windows = SqlWindows(Database(open_engine(sys.argv[1])))
for _ in range(30):
    windows.add(bytes(32), int(sys.argv[2]), 60_000_000)
"""


def test_two_processes_count_together(database_url: str) -> None:
    """What two processes counted at once sums up."""
    asked = [sys.executable, "-c", _COUNT, database_url, str(NOW)]
    processes = [subprocess.Popen(asked) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    database = Database(open_engine(database_url))
    assert SqlWindows(database).get(NAME, NOW) == Window(60, NOW + MINUTE)
    database.engine.dispose()


def test_rows_are_swept_when_their_window_is_over(two: tuple[SqlWindows, SqlWindows]) -> None:
    """Then, and not before; a window that is over counts from one again, swept or not."""
    here, there = two
    for number in range(5):
        here.add(number.to_bytes(32, "big"), NOW, MINUTE * (number + 1))
    assert here.add(NAME, NOW + MINUTE - 1, MINUTE).times == 2
    assert there.get(NAME, NOW + MINUTE) is None
    assert there.add(NAME, NOW + MINUTE, MINUTE).times == 1
    assert there.sweep(NOW + 3 * MINUTE) == 3
    assert there.sweep(NOW + 3 * MINUTE) == 0


_HAPPENS = st.lists(st.tuples(st.sampled_from([b"a" * 32, b"b" * 32]), st.integers(-100, 100)), max_size=40)


@given(_HAPPENS)
def test_memory_counts_as_the_rule_says(happens: list[tuple[bytes, int]]) -> None:
    """A window begins with its first count and has one length, also for a clock that is put back."""
    windows, now, length = MemoryWindows(), 10_000, 60
    open_until: dict[bytes, int] = {}
    counts: dict[bytes, int] = {}
    for name, step in happens:
        now += step
        if not now < open_until.get(name, 0) <= now + length:
            open_until[name], counts[name] = now + length, 0
        counts[name] += 1
        assert windows.add(name, now, length) == Window(counts[name], open_until[name])


class _Away:
    """A database that does not answer, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def add(self, *_: Any) -> Window:
        self.asked += 1
        raise StoreUnavailable(reason="away")

    get = sweep = add


def test_with_the_database_away_each_process_counts_for_itself() -> None:
    """The limit holds, memory is bounded, and a database that does not answer is not asked each time."""
    clock, away = _standing_clock(), _Away()
    counting: Any = Counting(away, clock)  # type: ignore[arg-type]
    attempts = Attempts(counting, most=3)
    for _ in range(3):
        attempts.check("place")
        attempts.failed("place")
    with pytest.raises(TooManyAttempts):
        attempts.check("place")
    for number in range(20_000):
        attempts.failed(str(number))
    assert away.asked == 1
    assert max(len(counting._seen), len(counting._alone._kept)) <= 10_000
    clock.forward(LEFT_ALONE.total_seconds())
    attempts.failed("another")
    assert away.asked == 2


def test_a_flood_is_not_one_of_writes(two: tuple[SqlWindows, SqlWindows]) -> None:
    """Past the limit one process counts for itself: the row stays where the limit was passed."""
    clock = _standing_clock()
    allowance = Allowance(Counting(two[0], clock), {"exports": Limit(5, 60)})
    for _ in range(5):
        allowance.take("exports", "one")
    for _ in range(100):
        with pytest.raises(TooManyRequests) as refused:
            allowance.take("exports", "one")
    assert (refused.value.seconds, refused.value.most) == (60, 5)
    allowance.take("exports", "other")
    clock.forward(60)
    allowance.take("exports", "one")
    assert two[1].sweep(microseconds(clock.now()) + 1) == 1, "one of the two rows; the other began anew"


def test_limits_are_rows_of_the_permission_table() -> None:
    """Each costly address is served, and each subject has a limit and an address."""
    assert set(COSTLY) <= set(TABLE)
    assert set(COSTLY.values()) == set(LIMITS)

"""One suite for ``ledger.ports.Sightings`` on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.sightings import KEPT, SqlSightings
from ledger.ports import Sighting

DAY = timedelta(days=1) // timedelta(microseconds=1)


def test_what_was_kept_is_found_until_it_ages(database: Database) -> None:
    """Kept sightings come back by key, move when kept anew, and are forgotten long after they were kept."""
    store = SqlSightings(database)
    first, second = Sighting(-(2**63), "urn:uuid:a", 5), Sighting(7, "urn:uuid:b", -3)
    store.judge([first.key, second.key], DAY, lambda kept: [] if kept else [first, second])
    found: dict[int, Sighting] = {}
    store.judge([first.key, 99], DAY, lambda kept: found.update(kept) or [])
    assert found == {first.key: first}
    moved = first._replace(event_id="urn:uuid:c", at=9)
    store.judge([first.key], 2 * DAY, lambda _: [moved])
    store.judge([], DAY + KEPT + 1, lambda _: [])
    found.clear()
    store.judge([first.key, second.key], 3 * DAY, lambda kept: found.update(kept) or [])
    assert found == {first.key: moved}


def test_an_event_is_forgotten_with_all_it_showed(database: Database) -> None:
    """Forgetting an event takes its sightings and no other's."""
    store = SqlSightings(database)
    rows = [Sighting(1, "urn:uuid:a", 1), Sighting(2, "urn:uuid:a", 1), Sighting(3, "urn:uuid:b", 1)]
    store.judge([1, 2, 3], DAY, lambda _: rows)
    store.forget("urn:uuid:a")
    found: dict[int, Sighting] = {}
    store.judge([1, 2, 3], DAY, lambda kept: found.update(kept) or [])
    assert found == {3: rows[2]}

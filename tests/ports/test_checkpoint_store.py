"""One suite for ``ledger.ports.CheckpointStore`` and ``LeaseStore``, against SQLite and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ledger.adapters.sql.checkpoints import SqlCheckpoints, SqlLeases
from ledger.adapters.sql.database import Database
from ledger.log.checkpoint import Checkpoint
from ledger.ports import ChainReceipt, Lease, LeaseLost, SignedTransaction, TileId
from tests.builders import ORIGIN

TRANSACTION = SignedTransaction(raw=b"raw", hash=bytes(32), sender="0x" + "11" * 20, nonce=7)
RECEIPT = ChainReceipt(31_337, "0x" + "22" * 20, b"t" * 32, 12, b"b" * 32, 1_800_000_000, succeeded=True, gas_used=9)


class Time:
    """Microseconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_000

    def __call__(self) -> int:
        return self.seconds * 1_000_000


@pytest.fixture
def checkpoints(database: Database) -> SqlCheckpoints:
    return SqlCheckpoints(database)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def leases(database: Database, time: Time) -> SqlLeases:
    return SqlLeases(database, time)


def checkpoint(size: int, fill: int = 0) -> Checkpoint:
    return Checkpoint(ORIGIN, size, bytes([fill]) * 32)


def added(store: SqlCheckpoints, previous: int, size: int, fill: int = 0) -> bool:
    return store.add(previous, checkpoint(size, fill), f"note {size}", 5, {})


def held(leases: SqlLeases, holder: str = "one") -> Lease:
    lease = leases.acquire("anchor", holder, 20)
    assert lease is not None
    return lease


# ---------------------------------------------------------------- checkpoints


def test_a_new_store_has_none(checkpoints: SqlCheckpoints) -> None:
    """Every question has an empty answer."""
    assert checkpoints.latest() is None
    assert checkpoints.get(0) is None
    assert checkpoints.covering(0) is None
    assert (checkpoints.all(), checkpoints.newest(3), checkpoints.in_flight(0)) == ([], [], [])
    assert checkpoints.tiles([TileId(0, 0)]) == {}
    assert checkpoints.tiles([]) == {}


def test_a_checkpoint_comes_back_as_it_was_stored(checkpoints: SqlCheckpoints) -> None:
    """State checkpointed, no transaction, no receipt, its note untouched."""
    assert added(checkpoints, 0, 5, 3)
    stored = checkpoints.get(5)
    assert stored is not None
    assert (stored.previous_size, stored.checkpoint, stored.note, stored.created_at) == (
        0,
        checkpoint(5, 3),
        "note 5",
        5,
    )
    assert (stored.state, stored.transaction, stored.receipt, stored.receipt_note) == ("checkpointed", None, None, "")


def test_each_checkpoint_has_one_successor(checkpoints: SqlCheckpoints) -> None:
    """A second checkpoint on the same predecessor, or of the same size, is not stored, nor are its tiles."""
    tile = {TileId(0, 0): b"first"}
    assert checkpoints.add(0, checkpoint(5), "note", 5, tile)
    assert not checkpoints.add(0, checkpoint(6), "note", 5, {TileId(0, 0): b"longer than the first"})
    assert not checkpoints.add(4, checkpoint(5, 9), "note", 5, {})
    assert [stored.checkpoint for stored in checkpoints.all()] == [checkpoint(5)]
    assert checkpoints.tiles([TileId(0, 0)]) == tile


def test_of_many_closers_one_wins(checkpoints: SqlCheckpoints) -> None:
    """Eight workers that close at once, again and again, leave one chain of checkpoints without a gap."""

    def close(worker: int) -> int:
        won = 0
        for previous in range(0, 60, 10):
            won += added(checkpoints, previous, previous + 10, worker)
        return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(close, range(8))) == 6
    assert [(s.previous_size, s.checkpoint.size) for s in checkpoints.all()] == [(n, n + 10) for n in range(0, 60, 10)]


def test_the_questions_about_checkpoints(checkpoints: SqlCheckpoints, leases: SqlLeases) -> None:
    """Which is latest, which cover an entry and in which state, which follow, which are newest."""
    for previous, size in ((0, 3), (3, 7), (7, 8)):
        assert added(checkpoints, previous, size)
    checkpoints.advance(held(leases), 7, "anchored", RECEIPT, "")

    def sizes(*found: object) -> list[int | None]:
        return [stored and stored.checkpoint.size for stored in found]  # type: ignore[attr-defined]

    assert sizes(checkpoints.latest(), checkpoints.get(7), checkpoints.get(6)) == [8, 7, None]
    assert sizes(*(checkpoints.covering(index) for index in (0, 2, 3, 6, 7, 8))) == [3, 3, 7, 7, 8, None]
    assert sizes(*(checkpoints.covering(index, "anchored") for index in (0, 6, 7))) == [7, 7, None]
    assert sizes(checkpoints.covering(0, "confirmed")) == [None]
    assert sizes(*checkpoints.all()) == [3, 7, 8]
    assert sizes(*checkpoints.all(after=3)) == [7, 8]
    assert sizes(*checkpoints.all(limit=2)) == [3, 7]
    assert sizes(*checkpoints.newest(2)) == [8, 7]
    assert sizes(*map(checkpoints.reached, ("checkpointed", "anchored", "confirmed"))) == [8, 7, None]
    assert checkpoints.unsettled() == {"checkpointed": 2, "anchored": 1}
    lease = held(leases)
    checkpoints.note_sent(lease, 8, TRANSACTION)
    checkpoints.advance(lease, 7, "confirmed", RECEIPT, "")
    assert checkpoints.unsettled() == {"sent": 1}


def test_how_a_lease_stands(leases: SqlLeases, time: Time) -> None:
    """Nobody held it; then until when, and how often it went to another."""
    assert leases.holding("anchor") is None
    first = held(leases)
    assert leases.holding("anchor") == (first.fence, 1_020_000_000)
    time.seconds += 30
    second = held(leases, "two")
    assert leases.holding("anchor") == (second.fence, 1_050_000_000)
    assert second.fence > first.fence
    leases.release(second)
    standing = leases.holding("anchor")
    assert standing is not None
    assert standing.expires_at == 0


# ---------------------------------------------------------------- tiles


def test_a_tile_only_grows(checkpoints: SqlCheckpoints) -> None:
    """A longer tile replaces a shorter one; a late writer with a shorter one changes nothing."""
    places = [TileId(0, 0), TileId(0, 1), TileId(1, 0)]
    checkpoints.add(0, checkpoint(1), "", 5, {places[0]: b"ab", places[2]: b"x"})
    checkpoints.add(1, checkpoint(2), "", 5, {places[0]: b"abcd", places[1]: b"e"})
    checkpoints.add(2, checkpoint(3), "", 5, {places[0]: b"abc"})
    assert checkpoints.tiles(places) == {places[0]: b"abcd", places[1]: b"e", places[2]: b"x"}


def test_many_tiles_at_once(checkpoints: SqlCheckpoints) -> None:
    """A checkpoint that grew thousands of tiles stores and returns them all."""
    tiles = {TileId(level, number): bytes([level]) * 32 for level in range(3) for number in range(700)}
    assert checkpoints.add(0, checkpoint(9), "", 5, tiles)
    assert checkpoints.tiles(list(tiles)) == tiles


# ---------------------------------------------------------------- what was sent


def test_sent_bytes_are_kept(checkpoints: SqlCheckpoints, leases: SqlLeases) -> None:
    """The signed transaction comes back byte for byte, and its checkpoint counts as in flight above a head."""
    added(checkpoints, 0, 5)
    added(checkpoints, 5, 9)
    checkpoints.note_sent(held(leases), 5, TRANSACTION)
    stored = checkpoints.get(5)
    assert stored is not None
    assert (stored.transaction, stored.state) == (TRANSACTION, "checkpointed")
    assert [s.checkpoint.size for s in checkpoints.in_flight(0)] == [5]
    assert checkpoints.in_flight(5) == []


def test_a_checkpoint_moves_on_and_back(checkpoints: SqlCheckpoints, leases: SqlLeases) -> None:
    """Anchored, confirmed, and back to checkpointed without a receipt; the sent bytes stay through all of it."""
    added(checkpoints, 0, 5)
    lease = held(leases)
    checkpoints.note_sent(lease, 5, TRANSACTION)
    for state, receipt, note in (("anchored", RECEIPT, ""), ("confirmed", RECEIPT, "note"), ("checkpointed", None, "")):
        checkpoints.advance(lease, 5, state, receipt, note)  # type: ignore[arg-type]
        stored = checkpoints.get(5)
        assert stored is not None
        assert (stored.state, stored.receipt, stored.receipt_note) == (state, receipt, note)
        assert stored.transaction is not None
        assert stored.transaction.raw == TRANSACTION.raw


def test_writes_are_refused_after_a_takeover(checkpoints: SqlCheckpoints, leases: SqlLeases, time: Time) -> None:
    """A worker that paused past its lease and wakes after another took over writes nothing."""
    added(checkpoints, 0, 5)
    paused = held(leases, "one")
    time.seconds += 21
    current = held(leases, "two")
    for write in (
        lambda: checkpoints.note_sent(paused, 5, TRANSACTION),
        lambda: checkpoints.advance(paused, 5, "confirmed", RECEIPT, "note"),
    ):
        with pytest.raises(LeaseLost):
            write()
    stored = checkpoints.get(5)
    assert stored is not None
    assert (stored.transaction, stored.state) == (None, "checkpointed")
    checkpoints.note_sent(current, 5, TRANSACTION)


def test_a_lease_that_never_was_writes_nothing(checkpoints: SqlCheckpoints) -> None:
    """Without a lease on record nothing can be written under it."""
    added(checkpoints, 0, 5)
    with pytest.raises(LeaseLost):
        checkpoints.note_sent(Lease("anchor", "one", 1), 5, TRANSACTION)


# ---------------------------------------------------------------- leases


def test_one_holder_at_a_time(leases: SqlLeases, time: Time) -> None:
    """While it is held nobody else gets it; its holder renews it under the same fence."""
    first = held(leases)
    assert leases.acquire("anchor", "two", 20) is None
    time.seconds += 19
    assert leases.acquire("anchor", "one", 20) == first
    time.seconds += 19
    assert leases.acquire("anchor", "two", 20) is None
    assert leases.acquire("other work", "two", 20) == Lease("other work", "two", 1)


def test_fences_grow_with_every_holder(leases: SqlLeases, time: Time) -> None:
    """After it ran out anyone may take it, the old holder too, and each time under a higher fence."""
    fences = []
    for holder in ("one", "two", "two", "one"):
        fences.append(held(leases, holder).fence)
        time.seconds += 21
    assert fences == [1, 2, 3, 4]


def test_a_lease_can_be_given_up(leases: SqlLeases) -> None:
    """Released early it is free at once; releasing one that was lost changes nothing."""
    first = held(leases, "one")
    leases.release(first)
    second = held(leases, "two")
    assert second.fence > first.fence
    leases.release(first)
    leases.release(replace(second, holder="three"))
    assert leases.acquire("anchor", "one", 20) is None


def test_of_many_workers_one_gets_the_lease(leases: SqlLeases, time: Time) -> None:
    """Eight workers ask at once, in fifty rounds: one gets it each time, and no fence is given twice."""
    fences: Counter[int] = Counter()
    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            won = [
                lease for lease in pool.map(lambda n: leases.acquire("anchor", f"worker {n}", 20), range(8)) if lease
            ]
            assert len(won) == 1
            fences[won[0].fence] += 1
            time.seconds += 21
    assert set(fences.values()) == {1}

"""Group commit at its port: everyone gets the own outcome, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from ledger.adapters.clock import SystemClock
from ledger.adapters.group_commit import MOST_AT_ONCE, MOST_WAITING, GroupCommit, StoreBusy
from ledger.log.errors import RecordConflict
from ledger.ports import Appended, Draft, Receipt, StoreUnavailable
from tests.builders import raw_draft


class Memory:
    """An entry store in memory. ``before`` runs ahead of every append and may refuse it."""

    def __init__(self, before: Callable[[Sequence[Draft]], None] = lambda _: None) -> None:
        self.kept: list[Draft] = []
        self.batches: list[int] = []
        self.before = before

    def append(self, drafts: Sequence[Draft], now: int) -> Appended:
        self.before(drafts)
        first, others = len(self.kept), {}
        for position, draft in enumerate(drafts):
            at = next((n for n, kept in enumerate(self.kept) if kept.record_id == draft.record_id), None)
            if at is None:
                self.kept.append(draft)
            elif self.kept[at].body == draft.body:
                others[position] = Receipt(at, now, fresh=False)
            else:
                others[position] = RecordConflict(record_id=draft.record_id, index=at)
        self.batches.append(len(drafts))
        return Appended(first, len(drafts), now, others)


def _run(store: Memory, work: Callable[[GroupCommit], Coroutine[Any, Any, Any]]) -> Any:
    commits = GroupCommit(store, SystemClock())  # type: ignore[arg-type]
    commits.start()
    try:
        return asyncio.run(work(commits))
    finally:
        commits.stop()


def _drafts(count: int) -> list[Draft]:
    return [raw_draft(str(number).encode(), f"record-{number}") for number in range(count)]


def _all(commits: GroupCommit, drafts: Sequence[Draft]) -> Any:
    return asyncio.gather(*(commits.append(draft) for draft in drafts), return_exceptions=True)


def test_each_gets_the_receipt_of_its_own_draft() -> None:
    """Two thousand at once: every receipt points at its draft, in far fewer transactions, none over the limit."""
    store, drafts = Memory(), _drafts(2_000)

    async def work(commits: GroupCommit) -> Any:
        return await _all(commits, drafts)

    receipts = _run(store, work)
    assert [store.kept[receipt.seq].record_id for receipt in receipts] == [draft.record_id for draft in drafts]
    assert len(store.batches) < 100
    assert max(store.batches) <= MOST_AT_ONCE


def test_repeats_and_conflicts_in_one_batch() -> None:
    """The same draft twice is one entry, another body under its id is a conflict, the rest goes through."""
    one, other = raw_draft(b"1", "record-1"), raw_draft(b"2", "record-1")

    async def work(commits: GroupCommit) -> Any:
        return await _all(commits, [one, one, other, raw_draft(b"3", "record-3")])

    first, repeat, conflict, last = _run(Memory(), work)
    assert (first.fresh, repeat.fresh, repeat.seq) == (True, False, first.seq)
    assert isinstance(conflict, RecordConflict)
    assert last.fresh


def test_a_draft_that_cannot_be_stored_takes_no_other_with_it() -> None:
    """An unforeseen fault of one draft is its own; all others of its batch are stored."""

    def refuse(drafts: Sequence[Draft]) -> None:
        if any(draft.record_id == "record-7" for draft in drafts):
            raise ValueError("poison")

    store = Memory(refuse)

    async def work(commits: GroupCommit) -> Any:
        return await _all(commits, _drafts(50))

    outcomes = _run(store, work)
    assert isinstance(outcomes[7], ValueError)
    assert len(store.kept) == 49
    assert all(isinstance(outcome, Receipt) for n, outcome in enumerate(outcomes) if n != 7)


def test_a_database_that_refuses_is_everyones_error_and_passes() -> None:
    """StoreUnavailable for all of the batch; the next one goes through."""
    failing = [True]

    def refuse(_: Sequence[Draft]) -> None:
        if failing[0]:
            raise StoreUnavailable(reason="full")

    async def work(commits: GroupCommit) -> Any:
        refused = await _all(commits, _drafts(5))
        failing[0] = False
        return refused, await commits.append(raw_draft(b"x", "later"))

    refused, receipt = _run(Memory(refuse), work)
    assert all(isinstance(outcome, StoreUnavailable) for outcome in refused)
    assert receipt.fresh


def test_too_many_waiting_are_pushed_back() -> None:
    """While the disk takes nothing, the queue stops at its limit with a retryable error; what waits is kept."""
    entered, released = threading.Event(), threading.Event()

    def hold(_: Sequence[Draft]) -> None:
        entered.set()
        assert released.wait(30)

    async def work(commits: GroupCommit) -> Any:
        drafts = _drafts(MOST_WAITING + 1)
        waiting = [asyncio.ensure_future(commits.append(drafts[0]))]
        await asyncio.to_thread(entered.wait, 30)
        waiting += [asyncio.ensure_future(commits.append(draft)) for draft in drafts[1:]]
        await asyncio.sleep(0)
        assert commits.waiting == MOST_WAITING
        with pytest.raises(StoreBusy) as caught:
            await commits.append(raw_draft(b"x", "one more"))
        assert caught.value.retryable
        released.set()
        return await asyncio.gather(*waiting)

    assert len(_run(Memory(hold), work)) == MOST_WAITING + 1


def test_stopping_appends_what_waits_and_takes_no_more() -> None:
    """Nothing that was taken in is lost by a stop."""
    store = Memory()

    async def work() -> Any:
        commits = GroupCommit(store, SystemClock())  # type: ignore[arg-type]
        waiting = [asyncio.ensure_future(commits.append(draft)) for draft in _drafts(10)]
        await asyncio.sleep(0)
        commits.start()
        commits.stop()
        with pytest.raises(StoreUnavailable):
            await commits.append(raw_draft(b"x", "late"))
        return await asyncio.gather(*waiting)

    assert len(asyncio.run(work())) == len(store.kept) == 10


def test_someone_who_left_is_not_waited_for() -> None:
    """A cancelled request does not disturb the others of its batch."""

    async def work(commits: GroupCommit) -> Any:
        futures = [asyncio.ensure_future(commits.append(draft)) for draft in _drafts(20)]
        await asyncio.sleep(0)
        futures[3].cancel()
        return await asyncio.gather(*futures, return_exceptions=True)

    outcomes = _run(Memory(), work)
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 19

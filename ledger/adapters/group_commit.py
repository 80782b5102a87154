"""
Group commit: many requests, one transaction.

Whoever hands in a draft waits for the transaction that makes it durable. One thread takes what has gathered while
the last transaction was on its way to the disk and appends it all at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from time import sleep

from ledger.errors import LedgerError, StoreError
from ledger.log.errors import RecordConflict
from ledger.ports import Clock, Draft, EntryStore, Receipt, StoreUnavailable
from ledger.records.record import microseconds

MOST_AT_ONCE = 512
MOST_WAITING = 4_096
GATHER_SECONDS = 0.002
"""While several write at once, how long a transaction waits for more: fewer, larger ones are faster for everyone."""

Outcome = Receipt | Exception


class StoreBusy(StoreError):
    """More is being handed in than the disk takes. Nothing of this record was stored."""

    code = "store.busy"
    retryable = True
    waiting: int
    en = "{waiting} records are waiting for the disk already; this one was not taken"
    zh = "已有 {waiting} 条记录等待写入，本条未被接收"
    fix_en = "Send it again in a second; the same event id is never recorded twice"
    fix_zh = "请稍后重新提交；同一事件编号不会重复记录"


class GroupCommit:
    """The one appender of a process. ``append`` is for the event loop; start and stop for whoever owns it."""

    def __init__(self, entries: EntryStore, clock: Clock) -> None:
        self._entries = entries
        self._clock = clock
        self._queue: deque[tuple[Draft, asyncio.Future[Receipt]]] = deque()
        self._wake = Event()
        self._stopping = False
        self._busy = False
        self._thread = Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to append."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more, append what waits, and end."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    @property
    def waiting(self) -> int:
        """Drafts that no transaction has taken yet."""
        return len(self._queue)

    async def append(self, draft: Draft) -> Receipt:
        """The receipt of a draft that is durable now. Raises ``RecordConflict``, ``StoreBusy``, ``StoreError``."""
        if self._stopping:
            raise StoreUnavailable(reason="the server is stopping")
        if len(self._queue) >= MOST_WAITING:
            raise StoreBusy(waiting=len(self._queue))
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.append((draft, future))
        if not self._wake.is_set():
            self._wake.set()
        return await future

    def _run(self) -> None:
        while True:
            batch = self._taken()
            if batch:
                outcomes = self._outcomes([draft for draft, _ in batch])
                _hand_back([future for _, future in batch], outcomes)
                continue
            self._wake.clear()
            if self._queue:  # handed in between looking and clearing
                continue
            if self._stopping:
                return
            self._wake.wait()

    def _taken(self) -> list[tuple[Draft, asyncio.Future[Receipt]]]:
        if self._busy and self._queue:
            sleep(GATHER_SECONDS)
        self._busy = len(self._queue) > 1
        return [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]

    def _outcomes(self, drafts: Sequence[Draft]) -> list[Outcome]:
        try:
            return list(self._entries.append(drafts, microseconds(self._clock.now())).outcomes())
        except LedgerError as error:
            return [error] * len(drafts)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            if len(drafts) == 1:
                return [error]
            # One draft that cannot be stored must not take the others with it.
            return [outcome for draft in drafts for outcome in self._outcomes([draft])]


def _hand_back(futures: Sequence[asyncio.Future[Receipt]], outcomes: Sequence[Outcome | RecordConflict]) -> None:
    """Resolve on the loop, in one call for the batch; a loop that has closed has nobody waiting."""
    with suppress(RuntimeError):
        futures[0].get_loop().call_soon_threadsafe(_resolve, futures, outcomes)


def _resolve(futures: Sequence[asyncio.Future[Receipt]], outcomes: Sequence[Outcome]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

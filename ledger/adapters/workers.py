"""``ports.Workers``: this process alone, or several beside it that each open the database for themselves."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Condition
from typing import Any

from ledger.adapters.clock import SystemClock, SystemRandom
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import connect
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.projections import SqlProjections
from ledger.ports import Clock, EntryStore, Half, Item, Projections, Random, Result, Task, Workplace

AHEAD = 2
"""Items a process, waiting or done and not yet taken."""
CACHE_KIB = 49_152
"""Page cache of a worker: what it reads from end to end gains nothing from more."""


@dataclass(frozen=True, slots=True)
class Here:
    """A ``Workplace`` that is also its own ``Workers``: everything in this process, one item after another."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """See ``Workers.run``."""
        return (task(self, item) for item in items)

    def run_in_turn(
        self, prepare: Task[Item, Half], finish: Task[Half, Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """See ``Workers.run_in_turn``."""
        return (finish(self, prepare(self, item)) for item in items)


class TurnsEnded(Exception):
    """An earlier item failed, so this one was not finished. Seen by nobody but the pool."""


class Turns:
    """Whose turn it is among processes. Made before they are, handed to each at its start."""

    def __init__(self, context: SpawnContext) -> None:
        self._changed: Condition = context.Condition()
        self._next = context.Value("q", 0, lock=False)
        self._ended = context.Value("b", 0, lock=False)

    def restart(self) -> None:
        """From item 0 again."""
        self._next.value = self._ended.value = 0

    def end(self) -> None:
        """Nobody's turn comes any more."""
        with self._changed:
            self._ended.value = 1
            self._changed.notify_all()

    @contextmanager
    def taken(self, number: int) -> Iterator[None]:
        """Wait for the turn of item ``number``, and pass it on, or end all when it fails. Raises ``TurnsEnded``."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended.value or self._next.value == number)
            if self._ended.value:
                raise TurnsEnded
        try:
            yield
        except BaseException:
            self.end()
            raise
        with self._changed:
            self._next.value = number + 1
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Processes:
    """``Workers`` on a pool. Open one with ``processes``; it does one run at a time."""

    pool: ProcessPoolExecutor
    turns: Turns
    count: int

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """See ``Workers.run``."""
        return self._results(lambda _, item: self.pool.submit(_at_work, task, item), items)

    def run_in_turn(
        self, prepare: Task[Item, Half], finish: Task[Half, Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """See ``Workers.run_in_turn``."""
        self.turns.restart()
        return self._results(lambda number, item: self.pool.submit(_in_turn, prepare, finish, number, item), items)

    def _results(self, submit: Callable[[int, Item], Future[Result]], items: Iterable[Item]) -> Iterator[Result]:
        waiting: deque[Future[Result]] = deque()
        try:
            for number, item in enumerate(items):
                waiting.append(submit(number, item))
                if len(waiting) >= self.count * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            if waiting:
                self.turns.end()
            wait([future for future in waiting if not future.cancel()])


@contextmanager
def processes(database_url: str, count: int = 2) -> Iterator[Processes]:
    """So many processes on a database, started at once and ended with the block."""
    context = get_context("spawn")  # a forked child would share the parent's database connections
    turns = Turns(context)
    with ProcessPoolExecutor(count, context, _open, (database_url, turns)) as pool:
        for _ in range(count):
            pool.submit(_at_work, _ready, None)
        yield Processes(pool, turns, count)


_here: Here
_turns: Turns


def _open(database_url: str, turns: Turns) -> None:
    """Runs once in each process."""
    global _here, _turns  # noqa: PLW0603 - what a worker process is
    database = Database(connect(database_url, cache_kib=CACHE_KIB))
    _here = Here(SqlEntries(database), SqlProjections(database), SystemClock(), SystemRandom())
    _turns = turns
    # Tasks make hundreds of thousands of values without a cycle among them: look for cycles less often.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _at_work(task: Task[Any, Any], item: Any) -> Any:
    return task(_here, item)


def _in_turn(prepare: Task[Any, Any], finish: Task[Any, Any], number: int, item: Any) -> Any:
    failed: Exception | None = None
    half: Any = None
    try:
        half = prepare(_here, item)
    except Exception as error:  # noqa: BLE001 - it is raised again when all items before this one are finished
        failed = error
    with _turns.taken(number):
        if failed is not None:
            raise failed
        return finish(_here, half)


def _ready(place: Workplace, _: object) -> None:
    place.entries.size()

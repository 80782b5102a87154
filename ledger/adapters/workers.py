"""``ports.Workers``: this process alone, or several beside it that each open the database for themselves."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from ledger.adapters.clock import SystemRandom
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import connect
from ledger.adapters.sql.entries import SqlEntries
from ledger.adapters.sql.projections import SqlProjections
from ledger.ports import EntryStore, Item, Projections, Random, Result, Task, Workplace

AHEAD = 2
"""Items a process, waiting or done and not yet taken."""
READER_CACHE_KIB = 4_096
"""A process that reads the log from end to end gains nothing from a large page cache."""


@dataclass(frozen=True, slots=True)
class Here:
    """A ``Workplace`` that is also its own ``Workers``: everything in this process, one item after another."""

    entries: EntryStore
    projections: Projections
    random: Random

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """See ``Workers.run``."""
        return (task(self, item) for item in items)


@dataclass(frozen=True, slots=True)
class Processes:
    """``Workers`` on a pool. Open one with ``processes``."""

    pool: ProcessPoolExecutor
    count: int

    def run(self, task: Task[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """See ``Workers.run``."""
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(self.pool.submit(_at_work, task, item))
                if len(waiting) >= self.count * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def processes(database_url: str, count: int = 2) -> Iterator[Processes]:
    """So many processes on a database, started at once and ended with the block."""
    # A forked child would share the parent's database connections; a fresh one opens its own.
    with ProcessPoolExecutor(count, get_context("spawn"), _open, (database_url,)) as pool:
        workers = Processes(pool, count)
        for _ in range(count):
            pool.submit(_at_work, _ready, None)
        yield workers


_here: Here


def _open(database_url: str) -> None:
    """Runs once in each process."""
    global _here  # noqa: PLW0603 - the one thing a worker process is
    database = Database(connect(database_url, cache_kib=READER_CACHE_KIB))
    _here = Here(SqlEntries(database), SqlProjections(database), SystemRandom())
    # Tasks make hundreds of thousands of values without a cycle among them: look for cycles less often.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _at_work(task: Task[Any, Any], item: Any) -> Any:
    return task(_here, item)


def _ready(place: Workplace, _: object) -> None:
    place.entries.size()

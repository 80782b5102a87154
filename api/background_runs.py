"""
Work that takes longer than an answer may: done one after the other in a thread of this process, watched and ended.

What comes of it is recorded by the work itself; how far it is, is known to this process alone, and forgotten with it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from ledger.errors import LedgerError

MOST_RUNS = 200
_LOG = logging.getLogger("onecode.runs")


class RunEnded(Exception):
    """Somebody ended the run."""


@dataclass(slots=True)
class Run:
    """Work on its way: what is being done, how much of how much, and why it stopped."""

    name: str
    total: int
    stage: str = "waiting"
    done: int = 0
    fault: LedgerError | None = None
    finished: bool = False
    ended: bool = False

    def step(self, stage: str, done: int, total: int) -> None:
        """Tell how far it is. Raises ``RunEnded`` in the work's own thread."""
        if self.ended:
            raise RunEnded
        self.stage, self.done, self.total = stage, done, total


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of one kind, each seen by its own tenant alone; the oldest make room."""

    kind: str
    most_waiting: int
    busy: Callable[[int], LedgerError]
    """What is raised when so many wait."""
    _runs: OrderedDict[tuple[str, str], Run] = field(default_factory=OrderedDict)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "run"))
    _lock: Lock = field(default_factory=Lock)

    def start(self, tenant: str, name: str, total: int, work: Callable[[Run], object]) -> Run:
        """Do ``work`` in its turn. Raises what ``busy`` says when too much waits."""
        run = Run(name, total)
        with self._lock:
            waiting = sum(not each.finished for each in self._runs.values())
            if waiting >= self.most_waiting:
                raise self.busy(waiting)
            self._runs[tenant, name] = run
            while len(self._runs) > MOST_RUNS:
                self._runs.popitem(last=False)
        self._pool.submit(self._work, run, work)
        return run

    def run(self, tenant: str, name: str) -> Run | None:
        """How far it is, as long as this process remembers it."""
        return self._runs.get((tenant, name))

    def close(self, *, end: bool = False) -> None:
        """Let what is running go on to its end, or ``end`` it; what waits is dropped, nothing of it was recorded."""
        for run in self._runs.values():
            run.ended = run.ended or end
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, run: Run, work: Callable[[Run], object]) -> None:
        try:
            run.step(run.stage, 0, run.total)
            work(run)
        except RunEnded:
            run.stage = "cancelled"
        except LedgerError as error:
            run.fault = error
        except Exception:  # noqa: BLE001 - a thread's last catch: logged here, and shown as unforeseen
            _LOG.exception("%s %s failed", self.kind, run.name)
            run.stage = "failed"
        finally:
            run.finished = True

"""
Label orders that were checked and wait for a person's word, and print jobs that are being drawn.

Both live in this process: what is printed is an entry, what is not can be checked again. One job is drawn at a time, so
that pages stay quick beside it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from api.background_runs import Run, Runs
from api.faults import RequestError
from ledger.ports.labels import LabelOrder, Progress

MOST_STAGED, MOST_WAITING = 20, 20


class PressBusy(RequestError):
    """Too many print jobs wait to be drawn."""

    code = "request.press-busy"
    retryable = True
    waiting: int
    en = "{waiting} print jobs are waiting already"
    zh = "已有 {waiting} 个打印任务在等待"
    fix_en = "Try again when one of them is done"
    fix_zh = "请待其中一个完成后再试"


class OrderGone(RequestError):
    """An order that was checked too long ago, or by another server process."""

    code = "request.order-gone"
    en = "this list was checked too long ago and is not kept any more"
    zh = "该清单检查已久，不再保留"
    fix_en = "Check the list again, then print"
    fix_zh = "请重新检查清单后再打印"


def _busy(waiting: int) -> PressBusy:
    return PressBusy(waiting=waiting)


@dataclass(frozen=True, slots=True)
class LabelRuns:
    """Staged orders and runs, each seen by its own tenant alone; the oldest make room."""

    _staged: OrderedDict[tuple[str, str], LabelOrder] = field(default_factory=OrderedDict)
    _runs: Runs = field(default_factory=lambda: Runs("labels", MOST_WAITING, _busy))
    _lock: Lock = field(default_factory=Lock)

    def stage(self, tenant: str, order: LabelOrder) -> str:
        """Keep an order; the word to ask for it by."""
        token = secrets.token_urlsafe(12)
        with self._lock:
            self._staged[tenant, token] = order
            while len(self._staged) > MOST_STAGED:
                self._staged.popitem(last=False)
        return token

    def staged(self, tenant: str, token: str) -> LabelOrder:
        """A staged order. Raises ``OrderGone``."""
        found = self._staged.get((tenant, token))
        if found is None:
            raise OrderGone
        return found

    def start(self, tenant: str, job: str, total: int, work: Callable[[Progress], object]) -> Run:
        """Do ``work`` in its turn. Raises ``PressBusy``."""
        return self._runs.start(tenant, job, total, lambda run: work(run.step))

    def run(self, tenant: str, job: str) -> Run | None:
        """How far a job is, as long as this process remembers it."""
        return self._runs.run(tenant, job)

    def close(self) -> None:
        """Let the running job end; waiting ones are dropped, nothing of them was recorded."""
        self._runs.close()

"""The background work of a serving process: one thread, one round after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from time import monotonic
from typing import Final

from api.metrics import Metrics
from ledger.errors import LedgerError, StoreError
from ledger.services.anchor import step_down
from ledger.services.project import catch_up_all
from ledger.services.worker import Worker, run_once

_LOG = logging.getLogger("onecode.worker")
LONGEST_PAUSE: Final = 60
BETWEEN_FOLDS: Final = 0.2


class Background:
    """Runs rounds until it is stopped. Trouble slows it down; nothing but ``stop`` ends it."""

    def __init__(self, worker: Worker, seconds: int, metrics: Metrics) -> None:
        self._worker = worker
        self._seconds = seconds
        self._metrics = metrics
        self._stop = Event()
        self._thread = Thread(target=self._run, name="ledger-worker", daemon=True)
        self.trouble: str | None = None
        """Code of what kept the last round from going through; empty when it went through, ``None`` before one has."""

    def start(self) -> None:
        """Begin with the first round."""
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way; the next process need not wait for the lease to run out."""
        self._stop.set()
        self._thread.join()
        with suppress(StoreError):
            step_down(self._worker.anchorer)

    def _run(self) -> None:
        pause = self._seconds
        while not self._stop.is_set():
            self.trouble = self._outcome(self._round)
            self._metrics.round(self.trouble)
            self._metrics.look_at(self._worker.chain)
            pause = min(pause * 2, LONGEST_PAUSE) if self.trouble else self._seconds
            self._rest(pause)

    def _rest(self, seconds: float) -> None:
        """Wait for the next round, folding what comes in meanwhile: many short transactions keep nobody waiting."""
        until = monotonic() + seconds
        while not self._stop.wait(min(BETWEEN_FOLDS, max(0.0, until - monotonic()))) and monotonic() < until:
            self.trouble = self._outcome(self._fold) or self.trouble

    def _round(self) -> LedgerError | None:
        return run_once(self._worker).trouble

    def _fold(self) -> None:
        catch_up_all(self._worker.entries, self._worker.foldings)

    def _outcome(self, work: Callable[[], LedgerError | None]) -> str:
        """Code of what kept the work from being done; empty when it was done."""
        try:
            trouble = work()
        except LedgerError as error:
            trouble = error
        except Exception:  # noqa: BLE001 - a worker that ends in silence would stop the anchoring
            _LOG.exception("the background work failed")
            return "worker.failed"
        if trouble is not None:
            _LOG.warning("background work: %s", trouble)
            return trouble.code
        return ""

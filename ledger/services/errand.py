"""Work that is done beside the rounds, in a thread of its own, because it waits for others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from ledger.errors import LedgerError

_LOG = logging.getLogger("onecode.worker")
LONGEST_PAUSE: Final = 60.0
Work = Callable[[Callable[[], bool]], bool]
"""A turn: told whether it is to end, it says whether it found something to do."""


class Errand:
    """Runs ``work`` again and again until it is stopped."""

    def __init__(self, name: str, work: Work, pause: float = 1.0) -> None:
        self._work = work
        self._pause = pause
        self._stop, self._wake = Event(), Event()
        self._thread = Thread(target=self._run, name=f"ledger-{name}", daemon=True)
        self._name = name

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way; ``work`` is told, so that it need not finish everything."""
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def wake(self) -> None:
        """There is something to do: do not wait for the pause to end."""
        self._wake.set()

    def _run(self) -> None:
        pause = self._pause
        while not self._stop.is_set():
            self._wake.clear()
            outcome = self._outcome()
            if outcome is True:
                continue
            pause = self._pause if outcome is False else min(pause * 2, LONGEST_PAUSE)
            self._wake.wait(pause)

    def _outcome(self) -> bool | None:
        """Whether something was done; ``None`` when it could not be."""
        try:
            return self._work(self._stop.is_set)
        except LedgerError as error:
            _LOG.warning("%s: %s", self._name, error)
        except Exception:  # noqa: BLE001 - an errand that ends in silence would never be run again
            _LOG.exception("%s failed", self._name)
        return None

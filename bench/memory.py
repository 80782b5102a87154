"""Peak memory of a process and everything it started, PostgreSQL's server apart."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import Self

import psutil

EVERY_SECONDS = 0.2


class Memory:
    """Looks five times a second while it is open. Resident pages are counted once for each process that has them."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._done.wait(EVERY_SECONDS):
            total = 0
            for process in (me, *me.children(recursive=True)):
                with suppress(psutil.Error):
                    total += process.memory_info().rss
            self.peak_mb = max(self.peak_mb, total / 1e6)

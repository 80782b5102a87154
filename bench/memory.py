"""Peak memory of a process and everything it started, PostgreSQL's server apart."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from typing import Self

import psutil

EVERY_SECONDS = 0.5


class Memory:
    """Looks twice a second while it is open. A page that processes share is counted once (Linux: PSS)."""

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
                    found = process.memory_full_info()
                    total += getattr(found, "pss", 0) or found.rss
            self.peak_mb = max(self.peak_mb, total / 1e6)

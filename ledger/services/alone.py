"""
Work that one process alone does: whoever holds the lease.

The lease is renewed by a beat of its own, not by the turns of the work: a turn that waits long for others does not let
it run out, and so it can be short, and a process that was killed is soon replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final

from ledger.errors import StoreError
from ledger.ports import Lease, LeaseStore
from ledger.services.errand import Errand, Work

SECONDS: Final = 20
"""How long a process that says nothing more keeps the lease."""
BEAT: Final = 5.0
CERTAIN: Final = 10.0
"""How long after its last beat a process begins anything [s]: what it began has then ended before the lease has."""


class Alone:
    """The hold of one process on a lease, and the work that needs it."""

    def __init__(self, leases: LeaseStore, name: str, holder: str) -> None:
        self._leases, self._name, self._holder = leases, name, holder
        self._lease: Lease | None = None
        self._until = 0.0
        self._beating = Errand(f"{name} lease", lambda _: self.beat(), BEAT)

    def start(self) -> None:
        """Begin to ask for the lease."""
        self._beating.start()

    def stop(self) -> None:
        """Give the lease up, so that the next process need not wait: only once the work has ended."""
        self._beating.stop()
        self.give_up()

    @property
    def held(self) -> bool:
        """Whether something may be begun."""
        return monotonic() < self._until

    def beat(self) -> bool:
        """Take or renew the lease. Never more to do: while the database is silent, it is neither."""
        asked = monotonic()
        with suppress(StoreError):
            self._lease = self._leases.acquire(self._name, self._holder, SECONDS)
            self._until = asked + CERTAIN if self._lease else 0.0
        return False

    def give_up(self) -> None:
        """Let the lease go, if it is held."""
        lease, self._lease, self._until = self._lease, None, 0.0
        if lease is not None:
            with suppress(StoreError):
                self._leases.release(lease)

    def only(self, work: Work) -> Work:
        """``work`` while the lease is held; without it there is nothing to do, and what is under way is told to end."""

        def turn(stopped: Callable[[], bool]) -> bool:
            return self.held and work(lambda: stopped() or not self.held)

        return turn

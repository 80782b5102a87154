"""
Have the newest checkpoint stamped by a time stamping authority, now and then.

It runs beside the rounds and holds nothing up. What is stamped is the checkpoint's signed note, byte for byte, so that
anyone who has the note and the token checks it with any tool (`openssl ts -verify`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ledger.ports import CheckpointStore, Clock, LeaseStore
from ledger.ports.time_stamps import TimeStamp, TimeStampAuthority, TimeStamps
from ledger.records.record import microseconds

LEASE: Final = "time stamps"
LEASE_SECONDS: Final = 60
PAUSE: Final = 600
"""Seconds between two stamps, at least: a stamp over a checkpoint covers all entries before it."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """One process's asking."""

    authority: TimeStampAuthority
    checkpoints: CheckpointStore
    kept: TimeStamps
    leases: LeaseStore
    clock: Clock
    holder: str
    _next: list[int] = field(default_factory=lambda: [0])

    def work(self, _: Callable[[], bool]) -> bool:
        """One stamp when one is due; whether there was. Raises ``TimeStampSilent``, ``TimeStampFalse``."""
        now = microseconds(self.clock.now())
        if now < self._next[0] or self.leases.acquire(LEASE, self.holder, LEASE_SECONDS) is None:
            return False
        return self.stamp() is not None

    def stamp(self) -> tuple[int, TimeStamp] | None:
        """Have the newest checkpoint stamped, unless it is; its size and the stamp. Raises as ``work``."""
        newest = self.checkpoints.latest()
        if newest is None or newest.checkpoint.size <= self.kept.newest(self.authority.name):
            return None
        found = self.authority.stamp(newest.note.encode())
        self.kept.add(newest.checkpoint.size, found)
        self._next[0] = microseconds(self.clock.now()) + PAUSE * 1_000_000
        return newest.checkpoint.size, found

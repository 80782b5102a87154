"""
Have the newest checkpoint stamped by a time stamping authority, now and then.

It runs beside the rounds and holds nothing up. What is stamped is the checkpoint's signed note, byte for byte, so that
anyone who has the note and the token checks it with any tool (`openssl ts -verify`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ledger.ports import CheckpointStore, Clock, LeaseStore, StoredCheckpoint
from ledger.ports.time_stamps import TimeStamp, TimeStampAuthority, TimeStamps
from ledger.records.record import microseconds

LEASE: Final = "time stamps"
LEASE_SECONDS: Final = 60
PAUSE: Final = 600
"""How old the last stamped checkpoint is before another is stamped [s]: a stamp covers all entries before it."""


@dataclass(frozen=True, slots=True)
class Stamping:
    """One process's asking; what is due is in the database, the same for each process."""

    authority: TimeStampAuthority
    checkpoints: CheckpointStore
    kept: TimeStamps
    leases: LeaseStore
    clock: Clock
    holder: str

    def work(self, _: Callable[[], bool]) -> bool:
        """One stamp when one is due; whether there was. Raises ``TimeStampSilent``, ``TimeStampFalse``."""
        if not self._due() or self.leases.acquire(LEASE, self.holder, LEASE_SECONDS) is None:
            return False
        return self.stamp() is not None

    def _due(self) -> bool:
        newest, size = self.checkpoints.latest(), self.kept.newest(self.authority.name)
        if newest is None or newest.checkpoint.size <= size:
            return False
        last = self.checkpoints.get(size) if size else None
        return last is None or microseconds(self.clock.now()) >= last.created_at + PAUSE * 1_000_000

    def stamp(self) -> tuple[StoredCheckpoint, TimeStamp] | None:
        """The newest checkpoint with its stamp, asked for unless it has one; ``None`` without any. As ``work``."""
        newest = self.checkpoints.latest()
        if newest is None:
            return None
        size, name = newest.checkpoint.size, self.authority.name
        found = next((one for one in self.kept.of(size) if one.authority == name), None)
        if found is None:
            found = self.authority.stamp(newest.note.encode())
            self.kept.add(size, found)
        return newest, found

"""How the ledger stands, for those who run it: how far each step of an entry's life has come, and who does the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.ports import CheckpointStore, Clock, EntryStore, Folding, LeaseStore, Projections, State
from ledger.records.record import microseconds
from ledger.services.anchor import LEASE

SECOND = 1_000_000


class Standing(Protocol):
    """What is looked at; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def checkpoints(self) -> CheckpointStore: ...
    @property
    def leases(self) -> LeaseStore: ...
    @property
    def projections(self) -> Projections: ...
    @property
    def further(self) -> Sequence[Folding]: ...
    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One look. Sizes are counts of entries from the log's first on; times are whole seconds."""

    entries: int
    checkpointed: int
    anchored: int
    confirmed: int
    folded: int
    """Entries that every projection has folded in."""
    unanchored_age: int
    """Age of the oldest entry that is not anchored [s]; 0 when all are."""
    unsettled: Mapping[str, int]
    """Checkpoints above the last confirmed, by step: see ``CheckpointStore.unsettled``."""
    lease_left: int
    """How long the anchoring worker still holds its lease [s]; 0 when nobody does."""
    lease_fence: int
    """How often the lease went to another holder."""


def stand(ledger: Standing) -> Stand:
    """How it stands now. Raises ``StoreError`` when the database does not answer."""
    now = microseconds(ledger.clock.now())
    entries, anchored, age = lag(ledger)
    held = ledger.leases.holding(LEASE)
    return Stand(
        entries=entries,
        checkpointed=_size(ledger, "checkpointed"),
        anchored=anchored,
        confirmed=_size(ledger, "confirmed"),
        folded=min(folding.watermark() for folding in (ledger.projections, *ledger.further)),
        unanchored_age=age,
        unsettled=ledger.checkpoints.unsettled(),
        lease_left=max(0, (held.expires_at - now) // SECOND) if held else 0,
        lease_fence=held.fence if held else 0,
    )


def lag(ledger: Standing) -> tuple[int, int, int]:
    """Entries, how many of them are anchored, and the age of the oldest that is not [s]."""
    entries, anchored = ledger.entries.size(), _size(ledger, "anchored")
    if anchored >= entries:
        return entries, entries, 0
    oldest = ledger.entries.entry(anchored).recorded_at
    return entries, anchored, max(0, (microseconds(ledger.clock.now()) - oldest) // SECOND)


def _size(ledger: Standing, state: State) -> int:
    found = ledger.checkpoints.reached(state)
    return found.checkpoint.size if found else 0

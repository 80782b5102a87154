"""Checkpoints, tiles, what was sent to the chain, and the leases of who does the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from ledger.errors import StoreError
from ledger.log.checkpoint import Checkpoint
from ledger.ports.chain import ChainReceipt, SignedTransaction


class LeaseLost(StoreError):
    """Another worker took over; what this one was about to write was not written."""

    code = "store.lease-lost"
    name: str
    en = "the lease {name} was taken over by another worker"
    zh = "租约 {name} 已被另一工作进程接管"
    fix_en = "Nothing to do: the other worker goes on"
    fix_zh = "无需处理：另一工作进程会继续"


State = Literal["checkpointed", "anchored", "confirmed"]


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint of this log and how far it has come."""

    previous_size: int
    checkpoint: Checkpoint
    note: str
    created_at: int
    state: State
    transaction: SignedTransaction | None
    receipt: ChainReceipt | None
    receipt_note: str
    cosignatures: str = ""
    """Signature lines of witnesses, each with its line feed."""

    @property
    def cosigned_note(self) -> str:
        """The note with the witnesses' lines behind the log's own."""
        return self.note + self.cosignatures


class CheckpointStore(Protocol):
    """Checkpoints, the tree's tiles, and what was sent to the chain."""

    def latest(self) -> StoredCheckpoint | None:
        """The checkpoint of the greatest size."""
        ...

    def get(self, size: int) -> StoredCheckpoint | None:
        """The checkpoint of this very size."""
        ...

    def covering(self, index: int, state: State | None = None) -> StoredCheckpoint | None:
        """The smallest checkpoint over an entry, at least in ``state``."""
        ...

    def witnessed(self, index: int) -> StoredCheckpoint | None:
        """The smallest confirmed checkpoint over an entry at which the witness policy was met."""
        ...

    def all(self, after: int = 0, limit: int = 1000) -> list[StoredCheckpoint]:
        """Checkpoints of size > ``after``, in order."""
        ...

    def reached(self, state: State) -> StoredCheckpoint | None:
        """The greatest checkpoint that is at least in ``state``."""
        ...

    def unsettled(self) -> dict[str, int]:
        """
        How many checkpoints above the last confirmed stand at each step.

        ``checkpointed``: nothing was signed for it (another may cover it); ``sent``: a transaction was signed;
        ``anchored``: the contract holds it, and it is not final.
        """
        ...

    def in_flight(self, size: int) -> list[StoredCheckpoint]:
        """Checkpoints above ``size`` for which a transaction was signed, in order."""
        ...

    def anchored(self) -> list[StoredCheckpoint]:
        """Checkpoints above the last confirmed one that the contract held when it was last asked, in order."""
        ...

    def newest(self, limit: int) -> list[StoredCheckpoint]:
        """The latest checkpoints, newest first."""
        ...

    def add(self, previous: int, checkpoint: Checkpoint, note: str, now: int, tiles: Mapping[TileId, bytes]) -> bool:
        """Store a checkpoint with the tiles that grew, in one transaction; False when ``previous`` has a successor."""
        ...

    def tiles(self, ids: Sequence[TileId]) -> dict[TileId, bytes]:
        """Stored tiles by id; absent ones are left out."""
        ...

    def note_sent(self, lease: Lease, size: int, transaction: SignedTransaction) -> None:
        """Persist the signed bytes before they are sent. Raises ``LeaseLost``."""
        ...

    def advance(self, lease: Lease, size: int, state: State, receipt: ChainReceipt | None, note: str) -> None:
        """Move a checkpoint on or (when the chain reorganised) back. Raises ``LeaseLost``."""
        ...


class TileId(NamedTuple):
    """A tile of 256 hashes: its level (in steps of eight) and its number (C2SP tlog-tiles)."""

    level: int
    number: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one kind of work for a while. ``fence`` grows with every holder."""

    name: str
    holder: str
    fence: int


class Holding(NamedTuple):
    """How many holders a lease had, and until when [microseconds since the Unix epoch] this one has it."""

    fence: int
    expires_at: int


class LeaseStore(Protocol):
    """Who does the work that only one may do."""

    def acquire(self, name: str, holder: str, seconds: int) -> Lease | None:
        """Take or renew a lease; ``None`` while someone else holds it."""
        ...

    def release(self, lease: Lease) -> None:
        """Give it up early."""
        ...

    def holding(self, name: str) -> Holding | None:
        """How a lease stands; ``None`` while nobody ever held it."""
        ...

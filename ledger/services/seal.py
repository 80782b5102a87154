"""
Seal closed ranges of the log as segments, up to the newest confirmed checkpoint.

A segment ends at a confirmed checkpoint. Leaves are hashed again from the stored bytes while they are written, and the
root they give must be the checkpoint's: what is sealed is what was anchored. A seal that is killed leaves nothing; the
next one begins the segment anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.log.checkpoint import Checkpoint
from ledger.log.compact_range import CompactRange
from ledger.log.errors import EntryLost, RootMismatch
from ledger.ports import CheckpointStore, EntryStore, LeafRow, LeaseStore, StoredCheckpoint
from ledger.ports.segments import SegmentDraft, SegmentStore
from ledger.records.record import KINDS
from ledger.segments.columns import Cells, Columns, Taken
from ledger.segments.errors import SegmentsApart
from ledger.segments.manifest import Manifest
from ledger.segments.tables import CELLS, ENTRIES, HUBS, LEGS, WITHDRAWALS
from ledger.services.close_checkpoint import checked_leaves, tree_of
from ledger.services.withdrawal import in_log

LEASE = "seal"
LEASE_SECONDS = 60
MOST = 1_048_576
"""Entries of a segment, unless one checkpoint alone covers more."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sealer:
    """What sealing touches."""

    entries: EntryStore
    checkpoints: CheckpointStore
    leases: LeaseStore
    segments: SegmentStore
    holder: str


def seal_all(sealer: Sealer, progress: Progress | None = None) -> list[Manifest]:
    """Seal everything that is confirmed, segment by segment; those that were added."""
    added = []
    while (made := seal_next(sealer, 1, progress)) is not None:
        added.append(made)
    return added


def seal_next(sealer: Sealer, least: int, progress: Progress | None = None) -> Manifest | None:
    """
    Seal the next segment, of at least so many entries; ``None`` when fewer are confirmed or another worker is at it.

    Raises ``LeafMismatch``, ``EntryLost`` and ``RootMismatch`` where the stored entries are not what was checkpointed,
    ``SegmentMalformed`` and ``SegmentsApart`` where the segment before cannot be gone on from.
    """
    if sealer.leases.acquire(LEASE, sealer.holder, LEASE_SECONDS) is None:
        return None
    sealed = sealer.segments.manifests()
    last = sealed[-1] if sealed else None
    start = last.stop if last else 0
    end = _end(sealer.checkpoints, start)
    if end is None or end.checkpoint.size - start < least:
        return None
    with sealer.segments.draft() as draft:
        return _Sealing(sealer, last, end, draft).run(progress)


def _end(checkpoints: CheckpointStore, start: int) -> StoredCheckpoint | None:
    """The last confirmed checkpoint within ``MOST`` entries, else the first one."""
    found, after = None, start
    while page := checkpoints.all(after):
        for stored in page:
            if stored.state != "confirmed":
                continue
            if found is not None and stored.checkpoint.size - start > MOST:
                return found
            found = stored
        after = page[-1].checkpoint.size
    return found


class _Sealing:
    """One segment on its way into files."""

    def __init__(self, sealer: Sealer, last: Manifest | None, end: StoredCheckpoint, draft: SegmentDraft) -> None:
        self._sealer, self._last, self._end, self._draft = sealer, last, end, draft
        self._start = last.stop if last else 0
        self._tree = CompactRange(self._start, tree_of(sealer.checkpoints, self._start).subtree_roots())
        if last is not None and self._tree.root() != last.checkpoint.root:
            raise SegmentsApart(segment=last.name, why="its checkpoint is not one of this log")
        self._before = self._tree.hashes
        self._cells = Cells()
        if last is not None:
            self._cells = Cells.of(row for rows in sealer.segments.rows(last, CELLS) for row in rows)
        self._columns = Columns(self._cells, in_log(sealer.entries))

    def run(self, progress: Progress | None) -> Manifest:
        stop = self._end.checkpoint.size
        for rows in self._sealer.entries.rows(self._start, stop):
            self._take(rows)
            if progress:
                progress(self._tree.size - self._start, stop - self._start)
        if self._tree.size < stop:
            raise EntryLost(index=self._tree.size)
        self._check_root(self._end.checkpoint)
        self._draft.add(CELLS, self._cells.rows())
        return self._draft.seal(
            lambda files: Manifest(
                start=self._start,
                stop=stop,
                before=self._before,
                checkpoint_note=self._end.note,
                receipt_note=self._end.receipt_note,
                previous=self._last.digest if self._last else "",
                files=files,
            )
        )

    def _take(self, rows: list[LeafRow]) -> None:
        self._sealer.leases.acquire(LEASE, self._sealer.holder, LEASE_SECONDS)
        self._tree.add(checked_leaves(rows, self._tree.size))
        self._draft.add(ENTRIES, ((row[0], row[1], KINDS[row[2]][0], *row[3:]) for row in rows))
        found = self._columns.take(Taken(row.seq, row.tenant, row.kind, row.occurred_at, row.body) for row in rows)
        self._draft.add(LEGS, found.legs)
        self._draft.add(HUBS, found.hubs)
        self._draft.add(WITHDRAWALS, found.withdrawals)

    def _check_root(self, checkpoint: Checkpoint) -> None:
        root = self._tree.root()
        if root != checkpoint.root:
            raise RootMismatch(expected=checkpoint.root.hex(), got=root.hex())

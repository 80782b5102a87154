"""
Close a checkpoint over everything that is sequenced.

The new leaves are hashed again from the stored bytes, never taken from memory or from the stored leaf alone: a
checkpoint signed over a damaged leaf could not be repaired afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ledger.log.checkpoint import Checkpoint, NoteKey
from ledger.log.entry import commitment, leaf, tenant_tag
from ledger.log.errors import LeafMismatch
from ledger.log.tiles import Growth, Place, Tree
from ledger.ports import CheckpointStore, Clock, EntryStore, LeafRow, StoredCheckpoint, TileId
from ledger.records.record import microseconds

MAX_GROWTH = 1_048_576
"""Entries per checkpoint, at most, so that closing one stays in bounded memory."""
Watcher = Callable[[Sequence[LeafRow]], None]


def tile_reader(checkpoints: CheckpointStore) -> Callable[[Sequence[Place]], Mapping[Place, bytes]]:
    """Tiles of the store as ``log.tiles`` reads them."""

    def read(places: Sequence[Place]) -> Mapping[Place, bytes]:
        return {
            (found.level, found.number): data for found, data in checkpoints.tiles([TileId(*p) for p in places]).items()
        }

    return read


def tree_of(checkpoints: CheckpointStore, size: int) -> Tree:
    """The tree at a checkpoint's size, read from its tiles."""
    return Tree(size, tile_reader(checkpoints))


def checked_leaves(rows: Sequence[LeafRow]) -> list[bytes]:
    """Leaf hashes from stored bytes. Raises ``LeafMismatch`` at the first row whose stored leaf differs."""
    hashed, committed, tag = leaf, commitment, tenant_tag
    leaves = [hashed(row[0], tag(row[1]), row[4], committed(row[5], row[7])) for row in rows]
    for row, computed in zip(rows, leaves, strict=True):
        if row[6] != computed:
            raise LeafMismatch(index=row[0])
    return leaves


def close_checkpoint(
    entries: EntryStore,
    checkpoints: CheckpointStore,
    note_key: NoteKey,
    clock: Clock,
    watch: Watcher | None = None,
) -> StoredCheckpoint | None:
    """
    Sign and store the next checkpoint; ``None`` when there is nothing new or another worker closed it.

    ``watch`` sees every batch of rows as it is read, so that projections need no second read.
    """
    latest = checkpoints.latest()
    previous = latest.checkpoint.size if latest else 0
    size = min(entries.size(), previous + MAX_GROWTH)
    if size <= previous:
        return None
    growth = Growth(previous, tile_reader(checkpoints))
    for rows in entries.rows(previous, size):
        growth.add(checked_leaves(rows))
        if watch:
            watch(rows)
    if growth.size != size:
        raise LeafMismatch(index=growth.size)
    checkpoint = Checkpoint(note_key.name, size, growth.tree().root())
    grown = {TileId(*place): hashes for place, hashes in growth.finish().items()}
    now = microseconds(clock.now())
    if not checkpoints.add(previous, checkpoint, note_key.sign(checkpoint.text), now, grown):
        return None
    return checkpoints.get(size)

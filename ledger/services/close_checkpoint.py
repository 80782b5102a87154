"""
Close a checkpoint over everything that is sequenced.

The new leaves are hashed again from the stored bytes, never taken from memory or from the stored leaf alone: a
checkpoint signed over a damaged leaf could not be repaired afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from struct import error as StructError  # noqa: N812 - the module names it in lower case

from ledger.log.checkpoint import Checkpoint, NoteKey
from ledger.log.entry import commitment, leaf, tenant_tag
from ledger.log.errors import CheckpointContradicts, EntryLost, LeafMismatch
from ledger.log.tiles import Growth, Place, Tree
from ledger.ports import CheckpointStore, Clock, EntryStore, LeafRow, StoredCheckpoint, TileId
from ledger.records.record import microseconds

MAX_GROWTH = 1_048_576
"""Entries per checkpoint, at most, so that closing one stays in bounded memory."""


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


def checked_leaves(rows: Sequence[LeafRow], start: int) -> list[bytes]:
    """
    Leaf hashes from stored bytes, of rows that begin with entry ``start``.

    Raises ``EntryLost`` at the first entry that is missing among them, and ``LeafMismatch`` at the first whose stored
    leaf differs.
    """
    if [row[0] for row in rows] != list(range(start, start + len(rows))):
        lost = next(n for n, row in enumerate(rows, start) if row.seq != n)
        checked_leaves(rows[: lost - start], start)  # one before it may be bad
        raise EntryLost(index=lost)
    try:
        tags = {name: tenant_tag(name) for name in {row[1] for row in rows}}
        leaves = [leaf(row[0], tags[row[1]], row[4], commitment(row[5], row[7])) for row in rows]
    except (StructError, TypeError, ValueError):
        raise LeafMismatch(index=next(row.seq for row in rows if not _holds(row))) from None
    for row, computed in zip(rows, leaves, strict=True):
        if row[6] != computed:
            raise LeafMismatch(index=row[0])
    return leaves


def _holds(row: LeafRow) -> bool:
    """Whether a row, whatever is in its columns, gives its leaf."""
    try:
        computed = leaf(row.seq, tenant_tag(row.tenant), row.recorded_at, commitment(row.salt, row.body))
    except (StructError, TypeError, ValueError):
        return False
    return row.leaf == computed


class Closing:
    """The next checkpoint in the making: the tree at the newest one, and the leaves that are added to it."""

    def __init__(self, checkpoints: CheckpointStore, note_key: NoteKey, clock: Clock) -> None:
        self._checkpoints = checkpoints
        self._note_key = note_key
        self._clock = clock
        latest = checkpoints.latest()
        self.previous = latest.checkpoint.size if latest else 0
        self._growth = Growth(self.previous, tile_reader(checkpoints))
        # A tile damaged since then would go into every later root, and a signed root cannot be taken back.
        if latest and self._growth.tree().root() != latest.checkpoint.root:
            raise CheckpointContradicts(size=self.previous, why="its root is not that of the stored tiles")

    @property
    def size(self) -> int:
        """Entries under it so far."""
        return self._growth.size

    def add(self, leaves: Iterable[bytes]) -> None:
        """The next leaves, which were hashed from stored bytes."""
        self._growth.add(leaves)

    def close(self) -> StoredCheckpoint | None:
        """Sign and store it; ``None`` when nothing was added or another worker closed it."""
        if self.size == self.previous:
            return None
        checkpoint = Checkpoint(self._note_key.name, self.size, self._growth.tree().root())
        grown = {TileId(*place): hashes for place, hashes in self._growth.finish().items()}
        note, now = self._note_key.sign(checkpoint.text), microseconds(self._clock.now())
        if not self._checkpoints.add(self.previous, checkpoint, note, now, grown):
            return None
        return self._checkpoints.get(self.size)


def close_checkpoint(
    entries: EntryStore, checkpoints: CheckpointStore, note_key: NoteKey, clock: Clock
) -> StoredCheckpoint | None:
    """Sign and store the next checkpoint; ``None`` when there is nothing new or another worker closed it."""
    closing = Closing(checkpoints, note_key, clock)
    size = min(entries.size(), closing.previous + MAX_GROWTH)
    for rows in entries.rows(closing.previous, size):
        closing.add(checked_leaves(rows, closing.size))
    if closing.size < size:
        raise EntryLost(index=closing.size)
    return closing.close()

"""Make proofs: one for a submitter, or all of them for an archive."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.log.entry import Entry
from ledger.log.errors import NotCheckpointed
from ledger.log.merkle import levels
from ledger.log.proof import Proof
from ledger.ports import CheckpointStore, EntryStore, StoredCheckpoint
from ledger.services.close_checkpoint import tree_of
from ledger.services.coverage import best_over


def prove(entries: EntryStore, checkpoints: CheckpointStore, index: int, size: int | None = None) -> Proof:
    """
    The proof of one entry at the checkpoint of ``size``, or at the best there is.

    The best is that of ``coverage.best_over``. Raises ``EntryAbsent`` and ``NotCheckpointed``.
    """
    entry = entries.entry(index)
    return proof_of(checkpoints, entry, _chosen(checkpoints, index, size))


def _chosen(checkpoints: CheckpointStore, index: int, size: int | None) -> StoredCheckpoint:
    if size is None:
        found = best_over(checkpoints, index)
    elif size <= index:
        found = None
    else:
        found = checkpoints.get(size)
    if found is None:
        raise NotCheckpointed(index=index)
    return found


def proof_of(checkpoints: CheckpointStore, entry: Entry, stored: StoredCheckpoint) -> Proof:
    """The proof of an entry at a checkpoint that covers it."""
    path = tree_of(checkpoints, stored.checkpoint.size).inclusion_proof(entry.index)
    return Proof(entry, tuple(path), stored.note, stored.receipt_note, stored.cosignatures)


def all_paths(entries: EntryStore, size: int) -> Iterator[list[bytes]]:
    """Inclusion paths of the first ``size`` entries, in order, from stored leaves; 64 bytes of memory an entry."""
    leaves = [row.leaf for rows in entries.rows(0, size) for row in rows]
    tree = levels(leaves)
    widths = [len(level) for level in tree]
    for index in range(len(leaves)):
        path, at = [], index
        for level, width in zip(tree, widths, strict=True):
            sibling = at ^ 1
            if sibling < width:
                path.append(level[sibling])
            at >>= 1
        yield path

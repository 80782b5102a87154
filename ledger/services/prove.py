"""Make proofs: one for a submitter, or all of them for an archive."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.log.entry import Entry
from ledger.log.errors import NotCheckpointed
from ledger.log.merkle import levels
from ledger.log.proof import Proof
from ledger.ports import CheckpointStore, EntryStore, StoredCheckpoint
from ledger.services.close_checkpoint import tree_of


def prove(entries: EntryStore, checkpoints: CheckpointStore, index: int, size: int | None = None) -> Proof:
    """
    The proof of one entry at the checkpoint of ``size``, or at the best there is.

    The best is the first confirmed checkpoint over the entry, else the first of any state. Raises ``EntryAbsent``
    and ``NotCheckpointed``.
    """
    entry = entries.entry(index)
    return proof_of(checkpoints, entry, _chosen(checkpoints, index, size))


def _chosen(checkpoints: CheckpointStore, index: int, size: int | None) -> StoredCheckpoint:
    if size is not None:
        found = checkpoints.get(size) if size > index else None
    else:
        found = checkpoints.covering(index, "confirmed") or checkpoints.covering(index)
    if found is None:
        raise NotCheckpointed(index=index)
    return found


def proof_of(checkpoints: CheckpointStore, entry: Entry, stored: StoredCheckpoint) -> Proof:
    """The proof of an entry at a checkpoint that covers it."""
    path = tree_of(checkpoints, stored.checkpoint.size).inclusion_proof(entry.index)
    return Proof(entry, tuple(path), stored.note, stored.receipt_note)


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

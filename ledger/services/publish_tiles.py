"""
The log for readers outside: tiles of hashes, and bundles of what the lowest hashes are made of (C2SP tlog-tiles).

Only what a checkpoint covers is given out. A hash in a tile is final: the beginning of a tile is the partial tile that
an earlier checkpoint called for.
"""

from __future__ import annotations

from ledger.log.entry import commitment, leaf_input, tenant_tag
from ledger.log.errors import LeafMismatch
from ledger.log.merkle import HASH_SIZE, leaf_hash
from ledger.log.tile_paths import TilePlace
from ledger.log.tiles import TILE_WIDTH
from ledger.ports import CheckpointStore, EntryStore, TileId


def hash_tile(checkpoints: CheckpointStore, level: int, place: TilePlace) -> bytes | None:
    """So many hashes of 32 bytes each as ``place`` asks for; ``None`` when the log has not so many there."""
    tile = TileId(level, place.number)
    hashes = checkpoints.tiles([tile]).get(tile, b"")[: place.width * HASH_SIZE]
    return hashes if len(hashes) == place.width * HASH_SIZE else None


def entry_bundle(entries: EntryStore, checkpoints: CheckpointStore, place: TilePlace) -> bytes | None:
    """
    Leaf inputs, each behind its length as two bytes: place, tenant's tag, recorded time and salted commitment.

    Neither record nor salt is in them. ``None`` as ``hash_tile``; raises ``LeafMismatch`` when the stored bytes do not
    give the hashes that a checkpoint vouches for.
    """
    hashes = hash_tile(checkpoints, 0, place)
    if hashes is None:
        return None
    first, bundle, at = place.number * TILE_WIDTH, bytearray(), 0
    for rows in entries.rows(first, first + place.width):
        for row in rows:
            said = leaf_input(row.seq, tenant_tag(row.tenant), row.recorded_at, commitment(row.salt, row.body))
            if leaf_hash(said) != hashes[at : at + HASH_SIZE]:
                raise LeafMismatch(index=row.seq)
            bundle += len(said).to_bytes(2, "big") + said
            at += HASH_SIZE
    if at != len(hashes):
        raise LeafMismatch(index=first + at // HASH_SIZE)
    return bytes(bundle)

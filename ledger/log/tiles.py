"""
The tree kept as tiles of 256 hashes (C2SP tlog-tiles), so that any proof reads a few rows, not the whole log.

A tile ``(level, number)`` holds the hashes of up to 256 complete subtrees of 2^(8 x level) leaves each. Everything
between tile levels is hashed again from the tile below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from typing import TypeVar

from ledger.log.errors import SizesRefused
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, Subtree, consistency_path, inclusion_path, node_hash, parents

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
Place = tuple[int, int]
"""(level, number) of a tile."""
Walked = TypeVar("Walked")
TileReader = Callable[[Sequence[Place]], Mapping[Place, bytes]]


class Tree:
    """The tree of ``size`` leaves, read from tiles. Keeps the tiles it has read."""

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[Place, bytes] = {}

    def root(self) -> bytes:
        """Root of the whole tree."""
        return self._walked(lambda subtree: subtree(0, self.size))

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Path of leaf ``index`` to the root."""
        if not 0 <= index < self.size:
            raise SizesRefused(why=f"index {index} is not below size {self.size}")
        return self._walked(lambda subtree: inclusion_path(subtree, index, self.size))

    def consistency_proof(self, old: int) -> list[bytes]:
        """Proof that the tree of ``old`` leaves is a prefix; empty from size 0."""
        if not 0 <= old <= self.size:
            raise SizesRefused(why=f"old size {old} is above size {self.size}")
        return self._walked(lambda subtree: consistency_path(subtree, old, self.size)) if old else []

    def subtree_roots(self) -> list[bytes]:
        """Roots of the complete subtrees of the whole tree, left to right: its compact range."""
        parts = list(_complete(0, self.size))
        return self._walked(lambda subtree: [subtree(start, start + width) for start, width in parts])

    def _walked(self, walk: Callable[[Subtree], Walked]) -> Walked:
        """What a walk over subtree roots gives. It is walked twice: first for the tiles it needs, all read at once."""
        needed: set[Place] = set()

        def note(start: int, stop: int) -> bytes:
            needed.update(_spot(*part)[0] for part in _complete(start, stop))
            return EMPTY_ROOT

        walk(note)
        missing = sorted(needed - self._tiles.keys())
        if missing:
            read = self._read(missing)
            self._tiles.update((place, read.get(place, b"")) for place in missing)
        return walk(self._subtree)

    def _subtree(self, start: int, stop: int) -> bytes:
        """Root of the leaves in ``[start, stop)``, a range that RFC 6962 splits off; its tiles have been read."""
        roots = [self._root(*part) for part in _complete(start, stop)]
        return reduce(lambda right, left: node_hash(left, right), reversed(roots)) if roots else EMPTY_ROOT

    def _root(self, start: int, width: int) -> bytes:
        (level, number), offset, count = _spot(start, width)
        tile = self._tiles[level, number]
        end = (offset + count) * HASH_SIZE
        if len(tile) < end:
            raise SizesRefused(why=f"tile {level}/{number} ends before size {self.size}")
        hashes = tile[offset * HASH_SIZE : end]
        return _remembered(hashes) if level else _folded(hashes)


def _folded(hashes: bytes) -> bytes:
    """Root over hashes that lie one after the other; their number is a power of two."""
    nodes: list[bytes] = [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
    while len(nodes) > 1:
        nodes = parents(nodes)
    return nodes[0]


_remembered = lru_cache(maxsize=4096)(_folded)
"""What is above the lowest tiles is the same for proof after proof; remembered by the hashes, so it cannot be stale."""


def _complete(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees, (first leaf, width), that RFC 6962 splits ``[start, stop)`` into, left to right."""
    while start < stop:
        width = 1 << (stop - start).bit_length() - 1
        yield start, width
        start += width


def _spot(start: int, width: int) -> tuple[Place, int, int]:
    """The tile that holds a complete subtree, and which hashes of it: the first, and how many."""
    level, inside = divmod(width.bit_length() - 1, TILE_HEIGHT)
    number, offset = divmod(start >> level * TILE_HEIGHT, TILE_WIDTH)
    return (level, number), offset, 1 << inside


class Growth:
    """
    New leaves added to the tiles of a tree of ``size`` leaves.

    ``tiles`` holds every tile that grew, ready to be stored; ``read`` fetches the partial ones to start from.
    A million leaves grow some 33 MB of tiles; close checkpoints often enough.
    """

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self._read = read
        self._open: list[list[bytes]] = []  # per level, the hashes of the tile that is filling
        self.tiles: dict[Place, bytes] = {}
        level, count = 0, size
        while count:
            number, inside = divmod(count, TILE_WIDTH)
            hashes: list[bytes] = []
            if inside:
                data = read([(level, number)]).get((level, number), b"")
                hashes = [data[at : at + HASH_SIZE] for at in range(0, inside * HASH_SIZE, HASH_SIZE)]
                if len(data) < inside * HASH_SIZE:
                    raise SizesRefused(why=f"tile {level}/{number} ends before size {size}")
            self._open.append(hashes)
            level, count = level + 1, number

    def add(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes in order."""
        added = list(leaves)
        if not self._open:
            self._open.append([])
        tile, at = self._open[0], 0
        while at < len(added):
            taken = added[at : at + TILE_WIDTH - len(tile)]
            tile.extend(taken)
            at += len(taken)
            self.size += len(taken)
            if len(tile) == TILE_WIDTH:
                self._close(0, self.size >> TILE_HEIGHT)

    def _close(self, level: int, number_after: int) -> None:
        tile = self._open[level]
        self.tiles[level, number_after - 1] = b"".join(tile)
        nodes: list[bytes] = tile
        while len(nodes) > 1:
            nodes = parents(nodes)
        tile.clear()
        if level + 1 == len(self._open):
            self._open.append([])
        above = self._open[level + 1]
        above.append(nodes[0])
        if len(above) == TILE_WIDTH:
            self._close(level + 1, number_after >> TILE_HEIGHT)

    def finish(self) -> dict[Place, bytes]:
        """Every tile that grew, the partial ones included."""
        for level, hashes in enumerate(self._open):
            if hashes:
                self.tiles[level, self.size >> (TILE_HEIGHT * (level + 1))] = b"".join(hashes)
        return self.tiles

    def tree(self) -> Tree:
        """The tree as it stands now."""
        grown = self.finish()

        def read(places: Sequence[Place]) -> Mapping[Place, bytes]:
            missing = [place for place in places if place not in grown]
            return {**(self._read(missing) if missing else {}), **{p: grown[p] for p in places if p in grown}}

        return Tree(self.size, read)

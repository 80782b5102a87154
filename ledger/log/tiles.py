"""
The tree kept as tiles of 256 hashes (C2SP tlog-tiles), so that any proof reads a few rows, not the whole log.

A tile ``(level, number)`` holds the hashes of up to 256 complete subtrees of 2^(8 x level) leaves each. Everything
between tile levels is hashed again from the tile below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ledger.log.errors import SizesRefused
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, consistency_path, inclusion_path, node_hash, parents, split_point

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
Place = tuple[int, int]
"""(level, number) of a tile."""
TileReader = Callable[[Sequence[Place]], Mapping[Place, bytes]]


class Tree:
    """The tree of ``size`` leaves, read from tiles. Keeps the tiles it has read."""

    def __init__(self, size: int, read: TileReader) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[Place, bytes] = {}

    def subtree(self, start: int, stop: int) -> bytes:
        """Root of the leaves in ``[start, stop)``, a range that RFC 6962 splits off."""
        width = stop - start
        if width == 0:
            return EMPTY_ROOT
        if width & (width - 1) == 0:
            return self._complete(start, width)
        middle = start + split_point(width)
        return node_hash(self.subtree(start, middle), self.subtree(middle, stop))

    def _complete(self, start: int, width: int) -> bytes:
        height = width.bit_length() - 1
        level, inside = divmod(height, TILE_HEIGHT)
        first = start >> (level * TILE_HEIGHT)
        number, offset = divmod(first, TILE_WIDTH)
        tile = self._tile((level, number))
        nodes: list[bytes] = [
            tile[at * HASH_SIZE : (at + 1) * HASH_SIZE] for at in range(offset, offset + (1 << inside))
        ]
        if any(len(node) != HASH_SIZE for node in nodes):
            raise SizesRefused(why=f"tile {level}/{number} ends before size {self.size}")
        while len(nodes) > 1:
            nodes = parents(nodes)
        return nodes[0]

    def _tile(self, place: Place) -> bytes:
        if place not in self._tiles:
            self._tiles[place] = self._read([place]).get(place, b"")
        return self._tiles[place]

    def root(self) -> bytes:
        """Root of the whole tree."""
        return self.subtree(0, self.size)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Path of leaf ``index`` to the root."""
        if not 0 <= index < self.size:
            raise SizesRefused(why=f"index {index} is not below size {self.size}")
        return inclusion_path(self.subtree, index, self.size)

    def consistency_proof(self, old: int) -> list[bytes]:
        """Proof that the tree of ``old`` leaves is a prefix; empty from size 0."""
        if not 0 <= old <= self.size:
            raise SizesRefused(why=f"old size {old} is above size {self.size}")
        return consistency_path(self.subtree, old, self.size) if old else []


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

"""
A compact range: the tree over the first ``size`` leaves, kept as the roots of its complete subtrees.

There is one for each bit of ``size``, largest first; hashed together from the right they give the root (RFC 6962, 2.1).
With them anyone goes on from where earlier leaves end, without having those leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from ledger.log.errors import HashLengthWrong, SizesRefused
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, node_hash, parents


class CompactRange:
    """Grows by leaf hashes. Raises ``SizesRefused`` or ``HashLengthWrong`` unless ``hashes`` fit ``size``."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if not 0 <= size <= MAX_SIZE or len(hashes) != size.bit_count():
            raise SizesRefused(why=f"{len(hashes)} subtree roots do not make a tree of {size} leaves")
        for one in hashes:
            if len(one) != HASH_SIZE:
                raise HashLengthWrong(what="subtree root", got=len(one))
        self.size = size
        heights = [height for height in range(size.bit_length()) if size >> height & 1]
        self._at = dict(zip(reversed(heights), hashes, strict=True))

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, left to right."""
        return tuple(self._at[height] for height in sorted(self._at, reverse=True))

    def add(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes in order, level by level."""
        nodes = list(leaves)
        self.size += len(nodes)
        height = 0
        while nodes:
            held = self._at.pop(height, None)
            if held is not None:
                nodes.insert(0, held)
            if len(nodes) % 2:
                self._at[height] = nodes.pop()
            nodes = parents(nodes)
            height += 1

    def root(self) -> bytes:
        """Root over all leaves so far; ``EMPTY_ROOT`` for none."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes)) if self._at else EMPTY_ROOT

"""A compact range against the tree it stands for, and what it refuses."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ledger.log.compact_range import CompactRange
from ledger.log.errors import HashLengthWrong, SizesRefused
from ledger.log.merkle import root
from ledger.log.tiles import Growth

LEAVES = [sha256(bytes([number])).digest() for number in range(70)]


def test_it_gives_the_root_of_rfc_6962_however_leaves_come() -> None:
    """For every size and every place to stop and go on."""
    for size in range(len(LEAVES)):
        for cut in range(size + 1):
            first = CompactRange()
            first.add(LEAVES[:cut])
            again = CompactRange(cut, first.hashes)
            again.add(LEAVES[cut:size])
            assert (again.size, again.root()) == (size, root(LEAVES[:size]))


def test_tiles_hold_the_same_range() -> None:
    """Read from the tiles of a tree, at sizes on both sides of a tile's end."""
    leaves = [sha256(number.to_bytes(2, "big")).digest() for number in range(600)]
    for size in (1, 255, 256, 257, 511, 512, 600):
        growth, kept = Growth(0, lambda _: {}), CompactRange()
        growth.add(leaves[:size])
        kept.add(leaves[:size])
        assert tuple(growth.tree().subtree_roots()) == kept.hashes


def test_what_does_not_fit_is_refused() -> None:
    """A wrong number of roots, and a root of another length."""
    with pytest.raises(SizesRefused):
        CompactRange(3, LEAVES[:1])
    with pytest.raises(HashLengthWrong):
        CompactRange(1, [b"short"])

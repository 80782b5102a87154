"""
The Merkle tree of RFC 6962, section 2.1 (the same in RFC 9162, section 2.1), with SHA-256.

A lone right node is lifted, never doubled. Verifiers are strict: exact proof lengths, 32-byte hashes, sizes in
uint64, and size 0 has nothing to prove.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from ledger.log.errors import HashLengthWrong, ProofLengthWrong, RootMismatch, SizesRefused

HASH_SIZE = 32
MAX_SIZE = 2**64 - 1
EMPTY_ROOT = sha256(b"").digest()  # RFC 6962, 2.1: MTH({}) = SHA-256()
Subtree = Callable[[int, int], bytes]
"""``(start, stop)`` -> root of the leaves in that range."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The next level up: pairs hashed, a lone last node lifted."""
    one, digest = b"\x01", sha256
    above = [digest(one + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
    if len(hashes) % 2:
        above.append(hashes[-1])
    return above


def levels(leaf_hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Every level of the tree, leaves first, root last; one empty level for no leaves."""
    tree = [list(leaf_hashes)]
    while len(tree[-1]) > 1:
        tree.append(parents(tree[-1]))
    return tree


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over these leaf hashes; ``EMPTY_ROOT`` for none."""
    level: Sequence[bytes] = leaf_hashes
    while len(level) > 1:
        level = parents(level)
    return level[0] if level else EMPTY_ROOT


def split_point(size: int) -> int:
    """Largest power of two below ``size`` (>= 2): where RFC 6962 splits a tree."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_path(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1, leaf's sibling first, given subtree roots."""
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split_point(stop - start)
        if index < middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_path(subtree: Subtree, old: int, size: int) -> list[bytes]:
    """PROOF(old, D[size]) of RFC 6962, 2.1.2, for 0 < old <= size, given subtree roots."""
    path: list[bytes] = []
    start, stop, whole = 0, size, True
    while old != stop:
        middle = start + split_point(stop - start)
        if old <= middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, stop))
    return path[::-1]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf ``index`` is in the tree over all of ``leaf_hashes``."""
    if not 0 <= index < len(leaf_hashes):
        raise SizesRefused(why=f"index {index} is not below size {len(leaf_hashes)}")
    return inclusion_path(lambda a, b: root(leaf_hashes[a:b]), index, len(leaf_hashes))


def consistency_proof(leaf_hashes: Sequence[bytes], size: int) -> list[bytes]:
    """The proof that the tree over the first ``size`` leaves is a prefix of the tree over all of them."""
    if not 0 < size <= len(leaf_hashes):
        raise SizesRefused(why=f"old size {size} must be in 1..{len(leaf_hashes)}")
    return consistency_path(lambda a, b: root(leaf_hashes[a:b]), size, len(leaf_hashes))


def _check(sizes: Sequence[int], hashes: Sequence[tuple[str, bytes]]) -> None:
    for size in sizes:
        if not 0 <= size <= MAX_SIZE:
            raise SizesRefused(why=f"{size} is not an unsigned 64-bit number")
    for what, value in hashes:
        if len(value) != HASH_SIZE:
            raise HashLengthWrong(what=what, got=len(value))


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Raises ``ProofError`` when it is misshapen."""
    _check([index, size], [("leaf hash", leaf), *(("proof hash", p) for p in proof)])
    if index >= size:
        raise SizesRefused(why=f"index {index} is not below size {size}")
    inner = (index ^ (size - 1)).bit_length()  # levels on which the path is inside the complete left part
    border = (index >> inner).bit_count()  # left siblings above that
    if len(proof) != inner + border:
        raise ProofLengthWrong(expected=inner + border, got=len(proof))
    node = leaf
    for level, sibling in enumerate(proof[:inner]):
        node = node_hash(sibling, node) if index >> level & 1 else node_hash(node, sibling)
    for sibling in proof[inner:]:
        node = node_hash(sibling, node)
    return node


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:  # noqa: A002,RUF100
    """
    Raise unless ``leaf_hash`` is leaf ``index`` of the tree of ``size`` leaves with ``root``.

    Never hand over a leaf hash from a stranger: hash the record bytes yourself, and take size and root from the
    checkpoint, or an inner node can pass for a leaf of a smaller tree.
    """
    _check([], [("root", root)])
    got = root_from_inclusion(leaf_hash, index, size, proof)
    if got != root:
        raise RootMismatch(expected=root.hex(), got=got.hex())


def verify_consistency(size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]) -> None:
    """
    Raise unless the tree ``(size1, root1)`` is a prefix of ``(size2, root2)`` (RFC 9162, 2.1.4.2).

    ``size1`` 0 is rejected: an empty tree is a prefix of everything and proves nothing.
    """
    _check([size1, size2], [("root", root1), ("root", root2), *(("proof hash", p) for p in proof)])
    if not 0 < size1 <= size2:
        raise SizesRefused(why=f"old size {size1} must be in 1..{size2}")
    if size1 == size2:
        if proof:
            raise ProofLengthWrong(expected=0, got=len(proof))
        if root1 != root2:
            raise RootMismatch(expected=root1.hex(), got=root2.hex())
        return
    old, new = roots_from_consistency(size1, root1, size2, proof)
    if old != root1:
        raise RootMismatch(expected=root1.hex(), got=old.hex())
    if new != root2:
        raise RootMismatch(expected=root2.hex(), got=new.hex())


def is_whole(size: int) -> bool:
    """Whether a tree of this size is one complete subtree, so that a consistency proof from it begins with its root."""
    return size & (size - 1) == 0


def roots_from_consistency(size1: int, root1: bytes, size2: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """
    The roots at two sizes, 0 < ``size1`` < ``size2``, that a consistency proof leads to (RFC 9162, 2.1.4.2).

    Unless the old tree ``is_whole``, both follow from the proof alone: one that leads to a tree's true root leads to
    the true root of its beginning too. Raises ``ProofLengthWrong``.
    """
    # The path of the last old leaf, from the level where the old tree's last complete subtree ends.
    shift = (size1 & -size1).bit_length() - 1
    inner = ((size1 - 1) ^ (size2 - 1)).bit_length() - shift
    border = (size1 - 1 >> inner + shift).bit_count()
    start = 0 if is_whole(size1) else 1
    if len(proof) != start + inner + border:
        raise ProofLengthWrong(expected=start + inner + border, got=len(proof))
    seed = proof[0] if start else root1
    return _fold(seed, size1 - 1 >> shift, proof[start : start + inner], proof[start + inner :])


def _fold(seed: bytes, mask: int, inner: Sequence[bytes], border: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Old and new root from the subtree they share and the hashes above it."""
    old = new = seed
    for level, sibling in enumerate(inner):
        if mask >> level & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    for sibling in border:
        old, new = node_hash(sibling, old), node_hash(sibling, new)
    return old, new

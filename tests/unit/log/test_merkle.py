"""RFC 6962 hashing and proofs: published vectors, a second implementation, and the ways to cheat a verifier."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import ProofError
from ledger.log.errors import HashLengthWrong, ProofLengthWrong, RootMismatch, SizesRefused
from ledger.log.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    levels,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from ledger.log.tiles import TILE_WIDTH, Growth, Place, Tree

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "rfc6962_tree8.json").read_text(encoding="utf-8")
)
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in VECTORS["leaf_inputs_hex"]]
ROOTS = [bytes.fromhex(value) for value in VECTORS["root_by_size"]]
MANY = [leaf_hash(b"%d" % number) for number in range(600)]


def hashes(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in values]


def tiled(leaves: list[bytes]) -> Tree:
    """The same tree by way of tiles."""
    growth = Growth(0, lambda _: {})
    growth.add(leaves)
    stored = growth.finish()
    return Tree(len(leaves), lambda places: {place: stored[place] for place in places if place in stored})


# ---------------------------------------------------------------- published vectors


@pytest.mark.parametrize("case", VECTORS["hasher"], ids=lambda case: case["desc"])
def test_published_hashes(case: dict[str, str]) -> None:
    """Leaf, node and empty hashes are those of transparency-dev/merkle."""
    got = {
        "empty": lambda: EMPTY_ROOT,
        "leaf": lambda: leaf_hash(bytes.fromhex(case["input_hex"])),
        "node": lambda: node_hash(bytes.fromhex(case["left_hex"]), bytes.fromhex(case["right_hex"])),
    }[case["kind"]]()
    assert got.hex() == case["want"]


def test_published_roots() -> None:
    """The roots of the first 0 to 8 leaves, computed whole and by way of tiles."""
    for size, want in enumerate(ROOTS):
        assert root(LEAVES[:size]) == want
        assert tiled(LEAVES[:size]).root() == want


def test_published_levels() -> None:
    """Every inner node of the tree of eight."""
    assert levels(LEAVES) == [hashes(level) for level in VECTORS["levels"]]


@pytest.mark.parametrize("case", VECTORS["inclusion_proofs"], ids=lambda c: f"{c['leaf_index']} of {c['tree_size']}")
def test_published_inclusion_proofs(case: dict[str, Any]) -> None:
    """We make the published proofs, whole and from tiles, and accept them."""
    index, size, want = case["leaf_index"], case["tree_size"], hashes(case["proof"])
    assert inclusion_proof(LEAVES[:size], index) == want
    assert tiled(LEAVES[:size]).inclusion_proof(index) == want
    verify_inclusion(LEAVES[index], index, size, want, ROOTS[size])


@pytest.mark.parametrize("case", VECTORS["consistency_proofs"], ids=lambda c: f"{c['size1']} to {c['size2']}")
def test_published_consistency_proofs(case: dict[str, Any]) -> None:
    """We make the published proofs, whole and from tiles, and accept them."""
    old, new, want = case["size1"], case["size2"], hashes(case["proof"])
    assert consistency_proof(LEAVES[:new], old) == want
    assert tiled(LEAVES[:new]).consistency_proof(old) == want
    verify_consistency(old, ROOTS[old], new, ROOTS[new], want)


# ---------------------------------------------------------------- mutated proofs

Inclusion = tuple[bytes, int, int, list[bytes], bytes]
Consistency = tuple[int, bytes, int, bytes, list[bytes]]
GARBAGE = [b"", b"\x00" * 31, b"\x00" * 32, b"\x00" * 33]


def lists(proof: list[bytes], roots: list[bytes]) -> Iterator[list[bytes]]:
    """The probe families of transparency-dev/merkle: bits, garbage, roots and proof parts, before and behind."""
    for at, part in enumerate(proof):
        changed = bytes([part[0] ^ 16]) + part[1:]
        yield [*proof[:at], changed, *proof[at + 1 :]]
        yield [*proof[:at], part[:-1], *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [part, *proof]
        yield [*proof, part]
    for extra in [*GARBAGE, *roots]:
        yield [extra, *proof]
        yield [*proof, extra]
    if proof:
        yield []
        yield proof[:-1]
    if len(proof) > 1 and proof[0] != proof[-1]:
        yield [proof[-1], *proof[1:-1], proof[0]]


def wrong_inclusions(index: int, size: int) -> Iterator[Inclusion]:
    """Everything that must be refused beside one good proof."""
    proof = inclusion_proof(LEAVES[:size], index)
    leaf, want = LEAVES[index], ROOTS[size]
    for other in lists(proof, [want, leaf]):
        yield leaf, index, size, other, want
    for other_index in {index - 1, index + 1, index ^ 2, index + size, 2**64 - 1, 2**64, -1} - {index}:
        yield leaf, other_index, size, proof, want
    for other_size in {size * 2, size // 2, 0, 2**64, -size} - {size}:
        yield leaf, index, other_size, proof, want
    for bad in (*GARBAGE, ROOTS[0], LEAVES[(index + 1) % 8]):
        yield bad, index, size, proof, want
        yield leaf, index, size, proof, bad


def wrong_consistencies(old: int, new: int) -> Iterator[Consistency]:
    """Everything that must be refused beside one good proof."""
    proof = consistency_proof(LEAVES[:new], old)
    first, second = ROOTS[old], ROOTS[new]
    for other in lists(proof, [first, second]):
        yield old, first, new, second, other
    for other_old in {old - 1, old + 1, old ^ 2, 0, -old, 2**64} - {old}:
        yield other_old, first, new, second, proof
    for other_new in {new * 2, new // 2, 0, 2**64, 2**64 + new} - {new}:
        yield old, first, other_new, second, proof
    for bad in (*GARBAGE, EMPTY_ROOT):
        yield old, bad, new, second, proof
        yield old, first, new, bad, proof
    if old != new:
        yield old, second, new, first, proof


def test_mutated_inclusion_proofs() -> None:
    """Proofs, indices, sizes, leaves and roots with one thing changed are refused, at every place of every tree."""
    tried = 0
    for size in range(1, 9):
        for index in range(size):
            for leaf, at, of, proof, want in wrong_inclusions(index, size):
                with pytest.raises(ProofError):
                    verify_inclusion(leaf, at, of, proof, want)
                tried += 1
    assert tried > 1_000


def test_mutated_consistency_proofs() -> None:
    """The same between every two sizes."""
    tried = 0
    for new in range(1, 9):
        for old in range(1, new + 1):
            for size1, root1, size2, root2, proof in wrong_consistencies(old, new):
                if size1 == size2 and root1 == root2 and not proof and size1 <= MAX_SIZE:
                    continue  # a root is consistent with itself, whatever it is
                with pytest.raises(ProofError):
                    verify_consistency(size1, root1, size2, root2, proof)
                tried += 1
    assert tried > 1_000


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: verify_inclusion(LEAVES[0], 0, 0, [], ROOTS[0]), SizesRefused),
        (lambda: verify_inclusion(LEAVES[0], 1, 1, [], ROOTS[1]), SizesRefused),
        (lambda: verify_inclusion(LEAVES[0], 0, 2**64, [], ROOTS[1]), SizesRefused),
        (lambda: verify_inclusion(LEAVES[0], 0, 1, [ROOTS[1]], ROOTS[1]), ProofLengthWrong),
        (lambda: verify_inclusion(LEAVES[0][:31], 0, 1, [], ROOTS[1]), HashLengthWrong),
        (lambda: verify_inclusion(LEAVES[1], 0, 1, [], ROOTS[1]), RootMismatch),
        (lambda: verify_consistency(0, ROOTS[0], 8, ROOTS[8], []), SizesRefused),
        (lambda: verify_consistency(5, ROOTS[5], 3, ROOTS[3], []), SizesRefused),
        (lambda: verify_consistency(3, ROOTS[3], 3, ROOTS[4], []), RootMismatch),
        (lambda: verify_consistency(3, ROOTS[3], 3, ROOTS[3], [ROOTS[1]]), ProofLengthWrong),
        (lambda: verify_consistency(1, ROOTS[1], 8, ROOTS[8][:31], []), HashLengthWrong),
        (lambda: inclusion_proof(LEAVES, 8), SizesRefused),
        (lambda: inclusion_proof(LEAVES, -1), SizesRefused),
        (lambda: consistency_proof(LEAVES, 0), SizesRefused),
        (lambda: consistency_proof(LEAVES, 9), SizesRefused),
    ],
)
def test_each_refusal_says_why(call: Any, error: type[ProofError]) -> None:
    """Sizes, lengths, hashes and roots are refused by their own type."""
    with pytest.raises(error):
        call()


def test_a_repeated_last_leaf_changes_the_root() -> None:
    """A lone node is lifted, not doubled: no list of leaves shares a root with one that repeats its end."""
    assert root(LEAVES[:6]) != root([*LEAVES[:6], *LEAVES[4:6]])
    assert root(LEAVES[:3]) != root([*LEAVES[:3], LEAVES[2]])


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    """Bytes that hash to an inner node as a node do not do so as a leaf."""
    inner = node_hash(LEAVES[0], LEAVES[1])
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != inner
    with pytest.raises(ProofError):
        verify_inclusion(leaf_hash(LEAVES[0] + LEAVES[1]), 0, 4, inclusion_proof(LEAVES, 0)[1:], ROOTS[8])
    # As a bare hash it would pass in a tree of half the size: the reason why proofs carry record bytes, not hashes.
    verify_inclusion(inner, 0, 4, inclusion_proof(LEAVES, 0)[1:], ROOTS[8])


# ---------------------------------------------------------------- a second implementation


def test_roots_and_proofs_of_pymerkle() -> None:
    """For every size up to 130 pymerkle has the same roots, and accepts what we accept."""
    entries = [b"entry %d" % number for number in range(130)]
    other = pymerkle.InmemoryTree.init_from_entries(entries, algorithm="sha256")
    leaves = [leaf_hash(entry) for entry in entries]
    chance = random.Random(6962)
    for size in range(1, len(entries) + 1):
        assert root(leaves[:size]) == other.get_root(size)
        index, old = chance.randrange(size), chance.randint(1, size)
        inclusion = inclusion_proof(leaves[:size], index)
        verify_inclusion(leaves[index], index, size, inclusion, other.get_root(size))
        theirs = other.prove_inclusion(index + 1, size)
        pymerkle.verify_inclusion(leaves[index], other.get_root(size), theirs)
        assert [node for node in theirs.path if node != leaves[index]] == [n for n in inclusion if n != leaves[index]]
        consistency = consistency_proof(leaves[:size], old)
        verify_consistency(old, other.get_root(old), size, other.get_root(size), consistency)


@given(size=st.integers(1, 600), data=st.data())
def test_tiles_and_lists_agree(size: int, data: st.DataObject) -> None:
    """Roots and proofs read from tiles are those of the whole list of leaves, at any size."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    leaves, tree = MANY[:size], tiled(MANY[:size])
    assert tree.root() == root(leaves)
    assert tree.inclusion_proof(index) == inclusion_proof(leaves, index)
    assert tree.consistency_proof(old) == consistency_proof(leaves, old)
    assert tree.consistency_proof(0) == []
    verify_inclusion(leaves[index], index, size, tree.inclusion_proof(index), tree.root())
    verify_consistency(old, root(leaves[:old]), size, tree.root(), tree.consistency_proof(old))


@given(cuts=st.lists(st.integers(0, 600), max_size=6), pieces=st.integers(1, 300))
def test_a_tree_grows_the_same_in_any_steps(cuts: list[int], pieces: int) -> None:
    """Stored and read back between any two sizes, the tiles end up as if grown at once."""
    stored: dict[Place, bytes] = {}
    size = 0
    for cut in [*sorted(cuts), 600]:
        growth = Growth(size, lambda places: {place: stored[place] for place in places if place in stored})
        for start in range(size, cut, pieces):
            growth.add(MANY[start : min(cut, start + pieces)])
        assert growth.size == cut
        assert growth.tree().root() == root(MANY[:cut])
        for place, tile in growth.finish().items():
            assert tile.startswith(stored.get(place, b""))
            stored[place] = tile
        size = cut
    whole = Growth(0, lambda _: {})
    whole.add(MANY)
    assert stored == whole.finish()


def test_an_old_tree_reads_longer_tiles() -> None:
    """Tiles that have grown since serve proofs of every older size."""
    growth = Growth(0, lambda _: {})
    growth.add(MANY)
    stored = growth.finish()
    for size in (1, 255, 256, 257, 511, 512, 513, 599, 600):
        tree = Tree(size, lambda places: {place: stored[place] for place in places if place in stored})
        assert tree.root() == root(MANY[:size])
        assert tree.inclusion_proof(size // 2) == inclusion_proof(MANY[:size], size // 2)


def test_a_third_level_of_tiles() -> None:
    """Past 65,536 leaves the tree has three levels of tiles, and its proofs hold."""
    count = TILE_WIDTH * TILE_WIDTH + 300
    leaves = [leaf_hash(b"%d" % number) for number in range(count)]
    tree = tiled(leaves)
    want = root(leaves)
    assert tree.root() == want
    for index in (0, 255, 256, 65_535, 65_536, count - 1):
        verify_inclusion(leaves[index], index, count, tree.inclusion_proof(index), want)
    for old in (1, 256, 65_535, 65_536, 65_537, count - 1):
        verify_consistency(old, root(leaves[:old]), count, want, tree.consistency_proof(old))


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.inclusion_proof(300),
        lambda tree: tree.inclusion_proof(-1),
        lambda tree: tree.consistency_proof(301),
        lambda tree: tree.consistency_proof(-1),
    ],
)
def test_a_tree_refuses_what_it_does_not_hold(ask: Any) -> None:
    """Indices and sizes beyond it are refused."""
    with pytest.raises(SizesRefused):
        ask(tiled(MANY[:300]))


def test_missing_tiles_are_not_guessed() -> None:
    """Without the tile that it needs, a tree and a growing tree refuse."""
    with pytest.raises(SizesRefused):
        Tree(300, lambda _: {}).root()
    with pytest.raises(SizesRefused):
        Growth(300, lambda _: {})
    with pytest.raises(SizesRefused):
        Growth(300, lambda places: {place: bytes(32) for place in places})

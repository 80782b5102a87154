"""Numbers drawn by a rule anybody can follow: SHA-256 of a stored seed and a counter. The same in any language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count, islice, pairwise

BITS = 64


def draws(seed: str) -> Iterator[int]:
    """
    Integers from 0 to 2^64 - 1 without end.

    Block i (from 0) is SHA-256 of the seed in UTF-8, a zero byte, and i as eight bytes, most significant first; it
    gives four numbers of eight bytes each, most significant first.
    """
    head = seed.encode() + b"\0"
    for number in count():
        block = hashlib.sha256(head + number.to_bytes(8, "big")).digest()
        yield from (int.from_bytes(block[at : at + 8], "big") for at in range(0, 32, 8))


def simplex(source: Iterator[int], size: int) -> list[int]:
    """``size`` weights of zero or more that sum to 2^64, uniform: the gaps between sorted draws."""
    cuts = [0, *sorted(islice(source, size - 1)), 1 << BITS]
    return [upper - lower for lower, upper in pairwise(cuts)]

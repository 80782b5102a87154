"""
Year on year by one edition of an index, with causes that add up exactly: leaf by leaf, and within a leaf its part
against its whole.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.programme.warehouse.score import Leaf, Scored


class Cause(NamedTuple):
    """
    What an indicator did to the score: ``points`` of the whole's 100.

    ``by_part`` is how its value would have moved had its whole stayed; ``by_whole`` is the rest. ``None`` without data
    in either year.
    """

    before: Leaf
    after: Leaf
    points: Fraction
    by_part: Fraction | None
    by_whole: Fraction | None


def causes(before: Scored, after: Scored) -> list[Cause]:
    """Causes of a change between two scores by one edition, the largest first. They add up to the change."""
    found = [_cause(*pair) for pair in zip(before.leaves, after.leaves, strict=True)]
    return sorted(found, key=lambda one: (-abs(one.points), one.after.node.key))


def _cause(before: Leaf, after: Leaf) -> Cause:
    points, old, new = after.share - before.share, before.measured, after.measured
    if old is None or new is None:
        return Cause(before, after, points, None, None)
    by_part = (new.part - old.part) / old.whole
    return Cause(before, after, points, by_part, new.value - old.value - by_part)

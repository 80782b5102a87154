"""A waterfall: each step begins where the one before ended, and the last bar is the sum of all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

WIDTH: Final = 1000
SUM: Final = "sum"


class Segment(NamedTuple):
    """A part of a bar: where it begins and how wide it is, and its colour by name."""

    x: int
    width: int
    tone: str


class Fall(NamedTuple):
    """A bar of the waterfall, in the units of ``WIDTH``."""

    segments: tuple[Segment, ...]


def waterfall(steps: Sequence[Sequence[tuple[Fraction, str]]]) -> list[Fall]:
    """
    The bars of steps, each of (amount, tone) parts that add up to it, and the bar of their sum.

    Amounts below zero lead back to the left. Edges are rounded, never widths, so neighbours meet. Empty when nothing is
    to be drawn.
    """
    edges = [Fraction(0)]
    for step in steps:
        for amount, _ in step:
            edges.append(edges[-1] + amount)
    low, high = min(edges), max(edges)
    if low == high:
        return []

    def at(value: Fraction) -> int:
        return round((value - low) / (high - low) * WIDTH)

    falls, here = [], Fraction(0)
    for step in steps:
        segments = []
        for amount, tone in step:
            start, end = sorted((at(here), at(here + amount)))
            here += amount
            if amount:
                segments.append(Segment(start, max(end - start, 1), tone))
        falls.append(Fall(tuple(segments)))
    start, end = sorted((at(Fraction(0)), at(here)))
    return [*falls, Fall((Segment(start, max(end - start, 1), SUM),))]

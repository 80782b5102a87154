"""Bars of parts that add up, each as long as its share of one whole that all bars have in common."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from api.charts.waterfall import WIDTH, Segment

TONES = 5


def stacked(parts: Sequence[Fraction], whole: Fraction) -> list[Segment]:
    """
    One bar: parts of zero or more, in order, their tones in turn; ``whole``, above zero, is ``WIDTH`` wide.

    Edges are rounded, never widths, so neighbours meet and all parts end where their sum does.
    """
    found, edge = [], Fraction(0)
    for index, part in enumerate(parts):
        start, edge = round(edge / whole * WIDTH), edge + part
        found.append(Segment(start, round(edge / whole * WIDTH) - start, str(index % TONES + 1)))
    return found

"""Known slips: a power of ten or a unit mistaken for its neighbour. A slip is named as a possibility, never applied."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Slip:
    """What is ``ratio`` times too large when the one is written for the other."""

    name: str
    ratio: Fraction
    en: str
    zh: str
    touches: frozenset[str] = frozenset()
    """Base units it can happen to, plain numbers as an empty text; every one, when empty."""


SLIPS: Final = (
    Slip("thousand", Fraction(1000), "1,000 times (t for kg, MWh for kWh)", "1,000 倍（吨与千克、兆瓦时与度）"),
    Slip("wan", Fraction(10**4), "10,000 times (万, or 亿 for 万)", "1 万倍（万，或 亿 与 万）"),
    Slip("million", Fraction(10**6), "1,000,000 times (百万)", "100 万倍（百万）"),
    Slip("yi", Fraction(10**8), "100,000,000 times (亿)", "1 亿倍（亿）"),
    Slip("percent", Fraction(100), "100 times (a percentage for a number)", "100 倍（百分数与小数）", frozenset({""})),
    Slip(
        "half",
        Fraction(2),
        "2 times (公斤 for 斤, 公里 for 里)",
        "2 倍（公斤与斤、公里与里）",
        frozenset({"kg", "km", "t km"}),
    ),
    Slip("joule", Fraction(18, 5), "3.6 times (MJ for kWh)", "3.6 倍（兆焦与度）", frozenset({"kWh"})),
    # GB/T 2589-2020, annex A: 0.1229 kgce/kWh, equivalent value.
    Slip(
        "coal",
        Fraction(10000, 1229),
        "8.137 times (kWh for kg of standard coal, 0.1229 kgce/kWh)",
        "8.137 倍（度与千克标准煤，0.1229 kgce/kWh）",
        frozenset({"kWh", "kgce"}),
    ),
)
"""Every slip that is recognised; each in both directions."""


def slips(low: Fraction, high: Fraction, bases: AbstractSet[str]) -> tuple[tuple[Slip, bool], ...]:
    """
    The slips that explain a ratio of stated to expected from ``low`` to ``high`` between figures in these base units.

    Each with whether the stated figure is too large by it (else too small).
    """
    if low <= 0:
        return ()
    known = [slip for slip in SLIPS if not slip.touches or slip.touches & bases]
    above = [(slip, True) for slip in known if low <= slip.ratio <= high]
    return (*above, *((slip, False) for slip in known if low <= 1 / slip.ratio <= high))

"""
Units as people state figures in, with the traps of Chinese reports: 度, 万, 亿, 万吨公里, 吨标准煤, ratios of them.

Everything becomes an exact multiple of base units: kWh, kg, kgce, t km, km, m3, yuan, TB, sheets, things. Standard coal
is a dimension of its own: electricity turns into it only by a stated equivalent (GB/T 2589-2020, annex A:
0.1229 kgce/kWh), never silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ledger.claims.errors import FigureUnitUnknown

Dimension = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted, none of them zero: ``(("kWh", -1), ("kg", 1))``; empty for plain numbers."""

MULTIPLIERS: Final[Mapping[str, int]] = MappingProxyType(
    {"万亿": 10**12, "千万": 10**7, "百万": 10**6, "亿": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
)
"""Words of number, the longest first."""

UNITS: Final[tuple[tuple[str, Fraction, tuple[str, ...]], ...]] = (
    ("", Fraction(1), ("", "1")),
    ("", Fraction(1, 100), ("%", "％", "个百分点", "百分点")),
    ("kWh", Fraction(1), ("kWh", "度", "度电", "千瓦时", "kW·h")),
    ("kWh", Fraction(1, 1000), ("Wh", "瓦时")),
    ("kWh", Fraction(1000), ("MWh", "兆瓦时")),
    ("kWh", Fraction(10**6), ("GWh", "吉瓦时")),
    ("kWh", Fraction(10**9), ("TWh", "太瓦时")),
    ("kWh", Fraction(5, 18), ("MJ", "兆焦")),
    ("kWh", Fraction(2500, 9), ("GJ", "吉焦")),
    ("kg", Fraction(1, 1000), ("g", "克")),
    ("kg", Fraction(1), ("kg", "千克", "公斤")),
    ("kg", Fraction(1, 2), ("斤", "市斤")),
    ("kg", Fraction(1000), ("t", "吨", "公吨")),
    ("kg", Fraction(10**6), ("kt",)),
    ("kg", Fraction(10**9), ("Mt",)),
    ("kgce", Fraction(1), ("kgce", "千克标准煤", "千克标煤", "公斤标准煤", "公斤标煤")),
    ("kgce", Fraction(1000), ("tce", "吨标准煤", "吨标煤")),
    ("t km", Fraction(1), ("tkm", "t km", "t·km", "t-km", "吨公里", "吨千米", "吨·公里")),
    ("km", Fraction(1), ("km", "公里", "千米")),
    ("km", Fraction(1, 1000), ("m", "米")),
    ("km", Fraction(1, 2), ("里", "华里")),
    ("m3", Fraction(1), ("m3", "m³", "立方米", "方")),
    ("CNY", Fraction(1), ("元", "CNY", "RMB", "人民币元")),
    ("TB", Fraction(1), ("TB",)),
    ("TB", Fraction(1, 1000), ("GB",)),
    ("TB", Fraction(1000), ("PB",)),
    ("sheet", Fraction(1), ("张", "sheet", "sheets")),
    ("thing", Fraction(1), ("个", "件", "条", "份", "人", "间", "台", "套", "项", "类", "种", "次", "thing", "things")),
)
"""Base unit, how many of it, and every spelling."""

_GASES: Final = ("二氧化碳当量", "二氧化碳", "CO2e", "CO₂e", "CO2", "CO₂")
_EXACT: Final = {spelling: (base, scale) for base, scale, spellings in UNITS for spelling in spellings}
# kwh or KG is read as meant; mt may be a metric ton or a million of them, mWh a thousandth: those stay unknown.
_FOLDED: Final = {text.casefold(): unit for text, unit in _EXACT.items() if "M" not in text}


@dataclass(frozen=True, slots=True)
class Unit:
    """``scale`` base units of ``dimension``; ``text`` as it was written."""

    text: str
    scale: Fraction
    dimension: Dimension


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit:
    """The unit as written: ``万吨公里``, ``kg CO2e/(t km)``, ``千克标准煤/万元``. Raises ``FigureUnitUnknown``."""
    parts = [part.strip().strip("()（）") for part in text.replace("／", "/").split("/")]
    if len(parts) > 2:
        raise FigureUnitUnknown(unit=text)
    scale, exponents = Fraction(1), dict[str, int]()
    for part, sign in zip(parts, (1, -1), strict=False):
        base, many = _simple(part, text)
        scale *= many**sign
        if base:
            exponents[base] = exponents.get(base, 0) + sign
    return Unit(text, scale, reduced(exponents))


def reduced(exponents: Mapping[str, int]) -> Dimension:
    """The dimension with these exponents."""
    return tuple(sorted((base, power) for base, power in exponents.items() if power))


def times(left: Dimension, right: Dimension, sign: int = 1) -> Dimension:
    """The dimension of a product, or of a quotient with ``sign`` -1."""
    found = dict(left)
    for base, power in right:
        found[base] = found.get(base, 0) + sign * power
    return reduced(found)


def unit_text(dimension: Dimension) -> str:
    """A dimension's base unit as written: ``kg/kWh``; empty for plain numbers."""
    above = "·".join(f"{base}{'' if power == 1 else f'^{power}'}" for base, power in dimension if power > 0)
    below = "·".join(f"{base}{'' if power == -1 else f'^{-power}'}" for base, power in dimension if power < 0)
    if not below:
        return above
    return f"{above or '1'}/{f'({below})' if ' ' in below or '·' in below else below}"


def _simple(part: str, whole: str) -> tuple[str, Fraction]:
    many = Fraction(1)
    while True:
        for spelling in (part, _without_gas(part)):
            found = _EXACT.get(spelling) or _FOLDED.get(spelling.casefold())
            if found is not None and (spelling or not whole.strip() or many != 1):
                return found[0], many * found[1]
        word = next((word for word in MULTIPLIERS if part.startswith(word)), None)
        if word is None:
            raise FigureUnitUnknown(unit=whole)
        many *= MULTIPLIERS[word]
        part = part.removeprefix(word).strip()


def _without_gas(part: str) -> str:
    for gas in _GASES:
        if part.endswith(gas) and part != gas:
            return part.removesuffix(gas).strip()
    return part

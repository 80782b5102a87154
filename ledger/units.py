"""
Amounts as the ledger keeps them: integers in SI base steps, decimals for emissions; never a binary float.

Mass in grams, distance in metres, energy in watt-hours, transport activity in gram-metres (1 t km = 10^9 g m),
emissions as Decimal kilograms of CO2e. Conversions happen here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext
from fractions import Fraction
from typing import NewType

from ledger.errors import RecordError

Grams = NewType("Grams", int)
Metres = NewType("Metres", int)
WattHours = NewType("WattHours", int)
GramMetres = NewType("GramMetres", int)
KgCO2e = NewType("KgCO2e", Decimal)

GRAM_METRES_PER_TONNE_KM = 1_000_000_000  # 1 t = 10^6 g, 1 km = 10^3 m
EXACT = Context(prec=400, traps=[Inexact])
"""A context in which any operation that would round raises instead."""

_BASE: dict[str, tuple[str, Decimal]] = {
    # unit: (dimension, base units in one)
    "g": ("mass", Decimal(1)),
    "克": ("mass", Decimal(1)),
    "kg": ("mass", Decimal(1000)),
    "千克": ("mass", Decimal(1000)),
    "公斤": ("mass", Decimal(1000)),
    "t": ("mass", Decimal(1_000_000)),
    "吨": ("mass", Decimal(1_000_000)),
    "m": ("distance", Decimal(1)),
    "米": ("distance", Decimal(1)),
    "km": ("distance", Decimal(1000)),
    "千米": ("distance", Decimal(1000)),
    "公里": ("distance", Decimal(1000)),
    "wh": ("energy", Decimal(1)),
    "kwh": ("energy", Decimal(1000)),
    "度": ("energy", Decimal(1000)),
    "千瓦时": ("energy", Decimal(1000)),
    "mwh": ("energy", Decimal(1_000_000)),
}
_MYRIADS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)


class AmountUnreadable(RecordError):
    """A number that is not written as plain digits."""

    code = "record.amount"
    text: str
    en = "{text!r} is not an amount of zero or more in plain digits"
    zh = "{text!r} 不是以普通数字书写、不小于零的数量"
    fix_en = "Write plain digits such as 1250 or 12.5, without a sign or spaces; 万 and 亿 may follow"
    fix_zh = "请填写普通数字，例如 1250 或 12.5，不含正负号和空格；后面可跟 万、亿"


class UnitUnknown(RecordError):
    """A unit that is missing or not of the dimension asked for."""

    code = "record.unit"
    unit: str
    dimension: str
    en = "{unit!r} is not a unit of {dimension}"
    zh = "{unit!r} 不是可用的单位（{dimension}）"
    fix_en = "Mass: g, kg, t. Distance: m, km. Energy: Wh, kWh, MWh"
    fix_zh = "质量：克、千克、吨；距离：米、公里；能量：Wh、度、MWh"


class AmountTooFine(RecordError):
    """An amount that is not a whole number of base units."""

    code = "record.amount-too-fine"
    text: str
    unit: str
    en = "{text} {unit} is finer than the ledger keeps (grams, metres, watt-hours)"
    zh = "{text} {unit} 的精度超过账本所记（克、米、瓦时）"
    fix_en = "Round it at the source and say so in the evidence"
    fix_zh = "请在来源处取整，并在凭证中说明"


def parse_decimal(text: str) -> Decimal:
    """
    A non-negative decimal from what a person wrote; ``万`` and ``亿`` multiply.

    Raises ``AmountUnreadable`` for signs, exponents, blanks, full-width digits and anything else.
    """
    body, factor = text.strip(), Decimal(1)
    while body and body[-1] in _MYRIADS:
        factor *= _MYRIADS[body[-1]]
        body = body[:-1]
    if not _NUMBER.fullmatch(body):
        raise AmountUnreadable(text=text)
    return Decimal(body) * factor


def to_base(text: str, unit: str, dimension: str) -> int:
    """Whole base units (g, m, Wh) of an amount as written with its unit; refuses what it cannot keep exactly."""
    known = _BASE.get(unit.strip().lower())
    if known is None or known[0] != dimension:
        raise UnitUnknown(unit=unit, dimension=dimension)
    amount = parse_decimal(text) * known[1]
    if amount != amount.to_integral_value():
        raise AmountTooFine(text=text, unit=unit)
    return int(amount)


def transport_activity(mass: Grams, distance: Metres) -> GramMetres:
    """Transport activity of one consignment on one leg [g m] (ISO 14083:2023, 3.1.25: mass x distance)."""
    return GramMetres(mass * distance)


def tonne_km(activity: GramMetres) -> Decimal:
    """The same activity in t km, exact."""
    with localcontext(EXACT):
        return Decimal(activity) / GRAM_METRES_PER_TONNE_KM


def decimal_text(value: Decimal) -> str:
    """The one way a decimal is stored or hashed: plain digits, no exponent, no trailing zeros, no minus zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def shown(value: Decimal | Fraction, places: int) -> str:
    """A figure for display: half up at the given number of places. Never stored, never summed."""
    if isinstance(value, Fraction):
        numerator, denominator = value.as_integer_ratio()
        whole, rest = divmod(abs(numerator) * 10**places, denominator)
        whole += 2 * rest >= denominator
        text = str(whole).rjust(places + 1, "0")
        sign = "-" if numerator < 0 and whole else ""
        return f"{sign}{text[:-places]}.{text[-places:]}" if places else f"{sign}{text}"
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=400)), "f")


def split_exactly(total: int, weights: Sequence[int]) -> list[int]:
    """
    Whole parts of ``total`` in proportion to ``weights``, by largest remainder, so that they sum to it.

    Ties go to the earlier part. All weights are >= 0 and their sum is > 0.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative with a positive sum")
    parts = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts

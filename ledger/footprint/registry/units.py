"""Units as factor tables print them, and their exact conversion to kg per t km, kWh, kg, l or m3."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import Final, Literal

from ledger.footprint.factor import Per
from ledger.footprint.registry.errors import FactorUnitUnfit, FactorValueUnfit
from ledger.units import EXACT

GasScope = Literal["CO2", "CO2e"]

_VALUE: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,20})?", re.ASCII)
_DROPPED: Final = re.compile(r"[\s.·⋅•*()\-_^]+")
_MASSES: Final = {
    **dict.fromkeys(("g", "克"), Decimal("0.001")),
    **dict.fromkeys(("kg", "千克", "公斤"), Decimal(1)),
    **dict.fromkeys(("t", "tonne", "tonnes", "吨"), Decimal(1000)),
}
_GASES: Final[dict[str, GasScope]] = {
    "co2": "CO2",
    "二氧化碳": "CO2",
    "co2e": "CO2e",
    "co2eq": "CO2e",
    "二氧化碳当量": "CO2e",
}
_PER: Final[dict[str, tuple[Per, Decimal]]] = {
    # what stands under the slash: (canonical, canonical units that hold one, inverted: value times this)
    **dict.fromkeys(("tkm", "tonnekm", "tonnekilometre", "吨公里", "吨千米"), ("t km", Decimal(1))),
    **dict.fromkeys(("wh",), ("kWh", Decimal(1000))),
    **dict.fromkeys(("kwh", "千瓦时", "度"), ("kWh", Decimal(1))),
    **dict.fromkeys(("mwh", "兆瓦时"), ("kWh", Decimal("0.001"))),
    **dict.fromkeys(("万千瓦时", "万度"), ("kWh", Decimal("0.0001"))),
    **dict.fromkeys(("mj", "兆焦"), ("kWh", Decimal("3.6"))),  # 1 kWh = 3.6 MJ, exact (SI brochure, table 8)
    **dict.fromkeys(("gj", "吉焦"), ("kWh", Decimal("0.0036"))),
    **dict.fromkeys(("l", "litre", "litres", "升"), ("l", Decimal(1))),
    **dict.fromkeys(("m3", "cubicmetre", "cubicmetres", "立方米"), ("m3", Decimal(1))),
    **dict.fromkeys(("g", "克"), ("kg", Decimal(1000))),
    **dict.fromkeys(("kg", "千克", "公斤"), ("kg", Decimal(1))),
    **dict.fromkeys(("t", "tonne", "tonnes", "吨"), ("kg", Decimal("0.001"))),
}
_UNIT: Final = re.compile(f"({'|'.join(sorted(_MASSES, key=len, reverse=True))})({'|'.join(_GASES)})/(.+)")


def canonical(value: Decimal, unit: str) -> tuple[Decimal, Per, GasScope]:
    """
    The value in kg per canonical unit, that unit, and its gases, from a unit as printed (``g CO2e/t-km``).

    Exact or not at all: raises ``FactorUnitUnfit``.
    """
    match = _UNIT.fullmatch(_folded(unit))
    under = _PER.get(match[3]) if match else None
    if match is None or under is None:
        raise FactorUnitUnfit(unit=unit)
    with localcontext(EXACT):
        return value * _MASSES[match[1]] * under[1], under[0], _GASES[match[2]]


def printed(text: str) -> Decimal:
    """A figure as a table prints it. Raises ``FactorValueUnfit`` for signs, exponents, separators and words."""
    if not _VALUE.fullmatch(text.strip()):
        raise FactorValueUnfit(text=text[:100])
    return Decimal(text.strip())


def _folded(unit: str) -> str:
    said = unicodedata.normalize("NFKC", unit).casefold().replace(" per ", "/").replace("每", "/")
    return _DROPPED.sub("", said)

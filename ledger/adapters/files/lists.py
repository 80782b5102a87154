"""
One cell that lists several things with ``;`` or ``；`` between: energy, refrigerants, stops of a round, zones.

::

    柴油 12000.5 l; 电力 300 kWh @ 江苏        carrier, amount, unit, and of electricity the grid behind @
    R-134a 0.5 kg                              gas, kilograms
    城东店 500 kg 12 km; 城西店 1.2 t 8 km     stop, mass, direct distance from the base
    干货区 600 常温; 冷藏区 300 冷藏           vehicle name of the zone's legs, t km, cooled or not
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ledger.adapters.files import cell
from ledger.adapters.files.errors import PartUnreadable
from ledger.records.transport_operation import ELECTRICITY

ELECTRIC: Final = frozenset({ELECTRICITY, "电", "电力", "用电"})
ENERGY_UNIT: Final = cell.Choice.of(
    ("kg", "千克", "公斤"), ("l", "升", "litre"), ("m3", "立方米", "m³"), ("MJ", "兆焦"), ("kWh", "千瓦时", "度")
)
COOLED: Final = cell.Choice.of(("ambient", "常温"), ("refrigerated", "冷藏", "冷冻", "cooled"))
_ENERGY: Final = re.compile(r"(.+?)\s+([0-9.]+)\s*([^\s0-9@]+[0-9³]?)(?:\s*@\s*(.+))?")
_LOSS: Final = re.compile(r"(.+?)\s+([0-9.]+)\s*(?:kg|千克|公斤)")
_STOP: Final = re.compile(r"(.+?)\s+([0-9.]+\s*[^\s0-9.,，]+)[\s,，]+([0-9.]+\s*[^\s0-9.]+)")
_ZONE: Final = re.compile(r"(.+?)\s+([0-9.]+)\s*(?:t\s?km|吨公里)?[\s,，]+(\S+)")
Listed = list[dict[str, object]]


def carrier(text: str) -> str:
    """Electricity under any of its names; any other carrier by the name or id that a factor set knows."""
    return ELECTRICITY if text.casefold() in ELECTRIC else cell.name(text)


def energy(text: str) -> Listed:
    """Amounts of carriers, as ``EnergyAmount`` has them."""
    found: Listed = []
    for match in _parts(text, _ENERGY, "柴油 120.5 l; 电力 300 kWh @ 江苏"):
        amount: dict[str, object] = {
            "carrier": carrier(match[1]),
            "amount": cell.decimal(match[2]),
            "unit": ENERGY_UNIT(match[3]),
        }
        found.append(amount | ({"region": cell.name(match[4].strip())} if match[4] else {}))
    return found


def losses(text: str) -> Listed:
    """Refrigerants refilled, as ``RefrigerantLoss`` has them."""
    parts = _parts(text, _LOSS, "R-134a 0.5 kg")
    return [{"gas": cell.name(match[1]), "mass_kg": cell.decimal(match[2])} for match in parts]


def stops(text: str) -> Listed:
    """Stops of a round, as ``RoundStop`` has them."""
    return [
        {
            "stop": cell.name(match[1].rstrip(":：")),
            "mass_g": cell.amount(match[2], "", "mass"),
            "direct_m": cell.amount(match[3], "", "distance"),
        }
        for match in _parts(text, _STOP, "城东店 500 kg 12 km; 城西店 1.2 t 8 km")
    ]


def zones(text: str) -> Listed:
    """Temperature zones, as ``TemperatureZone`` has them."""
    return [
        {
            "vehicle": cell.name(match[1].rstrip(":：")),
            "activity_tkm": cell.decimal(match[2]),
            "cooled": COOLED(match[3]) == "refrigerated",
        }
        for match in _parts(text, _ZONE, "干货区 600 常温; 冷藏区 300 冷藏")
    ]


def _parts(text: str, form: re.Pattern[str], example: str) -> Iterator[re.Match[str]]:
    for part in text.replace("；", ";").split(";"):
        said = part.strip()
        if not said:
            continue
        match = form.fullmatch(said)
        if match is None:
            raise PartUnreadable(text=said, example=example)
        yield match

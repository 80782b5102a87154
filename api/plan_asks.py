"""What a planner asks of a day, as a form says it: seed, iterations, price of carbon, speed, and what is otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from api.faults import ParameterRefused
from ledger.errors import LedgerError
from ledger.planning.errors import TimeUnreadable
from ledger.planning.routes.problem import parse_clock
from ledger.planning.routes.what_if import Changes, FleetChange
from ledger.units import Grams, parse_decimal

ITERATIONS: Final = 3_000
MOST_ITERATIONS: Final = 200_000
SPEED: Final = 40
"""[km/h] where a workbook states no distances."""
FLEET: Final = "fleet."
FIELDS: Final = ("count", "capacity_kg", "capacity_m3", "empty", "loaded")
"""What may be otherwise about a fleet, each as ``fleet.NAME.FIELD``."""
_MOST: Final = Decimal(10**9)


class Ask(NamedTuple):
    """``today`` is as people drive now: nothing is searched."""

    today: bool
    seed: int
    iterations: int
    carbon_price: Fraction | None
    speed: Fraction
    changes: Changes


def ask_of(said: Mapping[str, str]) -> Ask:
    """What is asked. Raises ``ParameterRefused`` naming the field."""
    fleets: dict[str, dict[str, str]] = {}
    for key, text in said.items():
        if key.startswith(FLEET) and text.strip():
            name, _, field = key.removeprefix(FLEET).rpartition(".")
            fleets.setdefault(name, {})[field] = text.strip()
    closes = said.get("closes", "").strip()
    try:
        latest = parse_clock(closes) if closes else None
    except TimeUnreadable as error:
        raise ParameterRefused(name="closes", why=error.message()) from None
    price = said.get("carbon_price", "").strip()
    speed = said.get("speed", "").strip()
    return Ask(
        today=said.get("today") == "1",
        seed=_whole(said, "seed", 1, 0, 2**31 - 1),
        iterations=_whole(said, "iterations", ITERATIONS, 1, MOST_ITERATIONS),
        carbon_price=Fraction(_amount("carbon_price", price)) if price else None,
        speed=Fraction(_amount("speed", speed, least="1") if speed else SPEED),
        changes=Changes(
            {name: _change(name, fields) for name, fields in fleets.items()}, latest, said.get("windows") != "none"
        ),
    )


def _change(name: str, fields: Mapping[str, str]) -> FleetChange:
    def amount(field: str, scale: int = 1) -> Decimal | None:
        text = fields.get(field)
        return None if text is None else _amount(f"{name} {field}", text) * scale

    def whole(field: str, scale: int = 1) -> int | None:
        found = amount(field, scale)
        if found is not None and found != found.to_integral_value():
            raise ParameterRefused(name=f"{name} {field}", why=str(found))
        return None if found is None else int(found)

    mass, volume, empty, loaded = (
        whole("capacity_kg", 1000),
        whole("capacity_m3", 10**6),
        amount("empty"),
        amount("loaded"),
    )
    count = whole("count")
    if count is not None and count > 1000:
        raise ParameterRefused(name=f"{name} count", why="0-1000")
    return FleetChange(
        count=count,
        capacity_g=None if mass is None else Grams(mass),
        capacity_cm3=volume,
        empty=None if empty is None else Fraction(empty),
        loaded=None if loaded is None else Fraction(loaded),
    )


def _amount(name: str, text: str, least: str = "0") -> Decimal:
    try:
        found = parse_decimal(text)
    except LedgerError as error:
        raise ParameterRefused(name=name, why=error.message()) from None
    if not Decimal(least) <= found <= _MOST:
        raise ParameterRefused(name=name, why=f"{least}-{_MOST}")
    return found


def _whole(said: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = said.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise ParameterRefused(name=name, why=f"{least}-{most}")
    return int(text)

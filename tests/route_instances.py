"""Published routing instances as problems: whole distances, one gram of CO2e a km, so grams are distance / 1000."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isqrt
from pathlib import Path

from ledger.planning.routes.problem import Depot, Distances, Fleet, Order, Problem
from ledger.planning.routes.rates import Rates
from ledger.units import Grams

FOLDER = Path(__file__).parent / "vectors" / "vrp"
PLAIN = Rates(Fraction(1), Fraction(0))


def read(file: Path, scale: int = 1) -> Problem:
    """The capacitated problem of a TSPLIB file, distances x ``scale`` rounded to the nearest whole number."""
    text = file.read_text()
    capacity = int(re.search(r"CAPACITY\s*:\s*(\d+)", text)[1])  # type: ignore[index]
    nodes = [[int(float(x)) for x in line.split()] for line in _section(text, "NODE_COORD_SECTION")]
    demands = dict(tuple(map(int, line.split())) for line in _section(text, "DEMAND_SECTION"))  # type: ignore[misc]
    metres = [[_nearest(scale, a[1] - b[1], a[2] - b[2]) for b in nodes] for a in nodes]
    names = [str(node[0]) for node in nodes]
    return capacitated(names, metres, [demands[node[0]] for node in nodes], capacity)


def capacitated(names: list[str], metres: list[list[int]], demands: list[int], capacity: int) -> Problem:
    """The first place is the depot, of as many vehicles as there are orders; no time is counted."""
    nothing = [[0] * len(names)] * len(names)
    orders = tuple(
        Order(name=name, place=name, mass_g=Grams(demand)) for name, demand in zip(names[1:], demands[1:], strict=True)
    )
    fleet = Fleet(
        name="lorry", depot=names[0], count=len(orders), capacity_g=Grams(capacity), capacity_cm3=0, rates=PLAIN
    )
    return Problem((Depot(names[0], names[0]),), (fleet,), orders, Distances.of(names, metres, nothing))


def _section(text: str, name: str) -> list[str]:
    lines = text.split(name)[1].splitlines()[1:]
    end = next(number for number, line in enumerate(lines) if line.strip()[:1].isalpha())
    return lines[:end]


def _nearest(scale: int, x: int, y: int) -> int:
    """The length of (x, y) x ``scale``, half up, in whole numbers."""
    return (isqrt(4 * scale * scale * (x * x + y * y)) + 1) // 2

"""
Loads: triplets to proof beside first fit, orders into departures, a lorry of thirty boxes.

    .venv/bin/python -m bench loads
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from time import process_time
from typing import Any

from bench.table import Line, show
from ledger.planning.loads.bins import first_fit, pack
from ledger.planning.loads.departures import Consignment, Departure, consolidate
from ledger.planning.loads.stowage import Axle, Box, Hold, stow
from ledger.planning.routes.rates import Rates
from ledger.units import Grams, Metres

SEEDS = range(5)
HOUR = 3600


def measure() -> list[dict[str, Any]]:
    """Seconds of the processor."""
    return [bins(60), bins(120), departures(), lorry()]


def triplets(count: int, seed: int) -> list[int]:
    """Things of which every three fill a bin of 1,000: the best is a third of their number, by construction."""
    chance = Random(seed)
    things = []
    for _ in range(count // 3):
        first = chance.randint(380, 490)
        second = chance.randint(max(251, 510 - first), min(490, 749 - first))
        things += [first, second, 1000 - first - second]
    chance.shuffle(things)
    return things


def bins(count: int) -> dict[str, Any]:
    """How many of five sets are packed into the fewest bins, with proof."""
    began, proven, simple = process_time(), 0, []
    for seed in SEEDS:
        things = triplets(count, seed)
        found = pack(things, 1000, seconds=60)
        proven += found.proven and len(found.bins) == count // 3
        simple.append(len(first_fit(things, 1000)))
    seconds = (process_time() - began) / len(SEEDS)
    show(
        f"{count} triplets into {count // 3} bins, {len(SEEDS)} sets",
        [
            Line("solved to proof", proven, f"of {len(SEEDS)}", reached=proven == len(SEEDS)),
            Line("first fit, largest first", sum(simple) / len(simple), "bins"),
            Line("a set", seconds, "s"),
        ],
    )
    return {"count": count, "proven": proven, "seconds": seconds}


def departures() -> dict[str, Any]:
    """Sixty orders on three departures of two kinds of lorries."""
    chance = Random(3)
    orders = [
        Consignment(
            f"o{number}",
            Grams(chance.randint(100, 2_500) * 1000),
            chance.randint(200, 9_000) * 1000,
            chance.choice((0, 9)) * HOUR,
            chance.choice((14, 20, 24)) * HOUR,
        )
        for number in range(60)
    ]
    kinds = (("12 t", 6_000, 35, 480, 32), ("18 t", 9_000, 48, 620, 28))
    leaving = [
        Departure(
            name=f"{name} {hour}:00",
            leaves=hour * HOUR,
            travel=4 * HOUR,
            count=8,
            capacity_g=Grams(kilograms * 1000),
            capacity_cm3=cubic * 10**6,
            metres=Metres(240_000),
            rates=Rates(Fraction(empty), Fraction(loaded)),
        )
        for hour in (8, 10, 16)
        for name, kilograms, cubic, empty, loaded in kinds
    ]
    began = process_time()
    found = consolidate(orders, leaving, seconds=20)
    seconds = process_time() - began
    fill = sum(max(load.fill_by_mass, load.fill_by_cube) for load in found.loads) / len(found.loads)
    show(
        "60 orders, 6 departures of 8 vehicles",
        [
            Line("searched", seconds, "s", "at most 20"),
            Line("vehicles", len(found.loads), "", f"{len(found.refused)} orders left"),
            Line("could be less by at most", float(found.gap * 100), "%", "0 = proven"),
            Line("fill by what binds", float(fill * 100), "%"),
        ],
    )
    return {"seconds": seconds, "vehicles": len(found.loads), "gap_percent": float(found.gap * 100)}


def lorry() -> dict[str, Any]:
    """Three stops, axle limits, drums and cabinets that stand."""
    hold = Hold(
        name="4.2 m",
        length=4200,
        width=2000,
        height=2000,
        capacity_g=Grams(2_000_000),
        tare_g=Grams(2_400_000),
        axles=(Axle(0, Grams(2_000_000)), Axle(3300, Grams(3_600_000))),
    )
    boxes = [
        Box(name="drum", length=1000, width=1000, height=900, mass_g=Grams(380_000), count=3, stop=3, upright=True),
        Box(name="carton", length=600, width=400, height=400, mass_g=Grams(12_000), count=24, stop=1),
        Box(name="cabinet", length=800, width=700, height=1600, mass_g=Grams(90_000), count=3, stop=2, upright=True),
    ]
    began = process_time()
    load = stow(boxes, hold)
    seconds = process_time() - began
    show(
        "30 boxes for three stops in one lorry",
        [
            Line("stowed", len(load.placed), "of 30", reached=len(load.placed) == 30),
            Line("faults", len(load.faults()), "", reached=not load.faults()),
            Line("searched", seconds, "s"),
        ],
    )
    return {"stowed": len(load.placed), "seconds": seconds}

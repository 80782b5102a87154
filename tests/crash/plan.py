"""What happens under one seed: which records come in, how the work is cut up, and where each life ends."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ledger.records.record import Record
from tests.builders import leg, scan
from tests.crash.places import OPENING, PLACES

FOUNDING_EVERY = 8
"""One seed in so many begins with an empty directory and dies while the ledger is being set up."""


@dataclass(frozen=True)
class Death:
    """The ``turn``-th time ``place`` is passed."""

    place: str
    turn: int


@dataclass(frozen=True)
class Plan:
    """Everything that follows from a seed."""

    seed: int
    batches: tuple[tuple[Record, ...], ...]
    rounds: tuple[int, ...]
    """Rounds of background work after each batch."""
    deaths: tuple[Death, ...]
    pauses: tuple[int, ...]
    """Seconds between one life and the next."""
    founding: bool


def plan(seed: int) -> Plan:
    """The plan of a seed. Deaths go through the places in turn, so that every place gets its share."""
    chance = random.Random(seed)
    founding = seed % FOUNDING_EVERY == FOUNDING_EVERY - 1
    batches, number = [], 0
    for _ in range(chance.randint(2, 3)):
        size = chance.choice((1, 1, 2, 3, 6))
        batches.append(tuple(_record(seed, number + n) for n in range(size)))
        number += size
    deaths = [
        Death(PLACES[(seed + 7 * n) % len(PLACES)], chance.choice((1, 1, 2))) for n in range(chance.randint(1, 3))
    ]
    if founding:
        deaths.insert(0, Death(chance.choice(OPENING), chance.randint(1, 4)))
    return Plan(
        seed,
        tuple(batches),
        tuple(chance.choice((0, 0, 0, 1)) for _ in batches),
        tuple(deaths),
        tuple(chance.choice((0, 5, 30)) for _ in deaths),
        founding,
    )


def _record(seed: int, number: int) -> Record:
    if number % 5 == 4:
        return scan(f"urn:uuid:{seed}-{number}")
    return leg(f"leg-{seed}-{number}", mass_g=1_000 + number)

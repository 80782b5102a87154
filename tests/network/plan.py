"""What a seed does to a network of four, to the workers and to the database, and when."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.network.proxy import LIES, SILENCES

VALIDATORS, WORKERS = 4, 2
KINDS = (
    "validator",
    "validator",
    "worker",
    "worker",
    "database",
    "half",
    "partition",
    "partition",
    "reorg",
    "reorg",
    "node",
)
"""What can happen, the likelier ones more often."""
MEANWHILE = 12.0
"""Seconds in which it happens."""


@dataclass(frozen=True)
class Fault:
    """``kind`` begins at ``at`` and is mended after ``lasts`` [s]; ``who`` are numbers of validators or workers."""

    at: float
    lasts: float
    kind: str
    who: tuple[int, ...] = ()
    how: str = ""
    """Depth of a reorganisation, or what a node becomes."""


def plan(seed: int, seconds: float = MEANWHILE) -> list[Fault]:
    """The faults of a seed, in the order in which they begin; all are over after so many seconds, or soon after."""
    chance = Random(seed)
    kinds = [*chance.choices(KINDS, k=chance.randint(3, 5)), "worker", chance.choice(("validator", "half"))]
    return sorted((_fault(kind, chance, seconds) for kind in kinds), key=lambda fault: fault.at)


def _fault(kind: str, chance: Random, seconds: float) -> Fault:
    at, lasts = round(chance.uniform(0.5, seconds - 4), 2), round(chance.uniform(1.5, 4), 2)
    numbers, some = (WORKERS if kind == "worker" else VALIDATORS), {"half": 2, "partition": chance.choice((1, 2))}
    who = tuple(sorted(chance.sample(range(numbers), some.get(kind, 1))))
    how = {"reorg": str(chance.randint(1, 3)), "node": chance.choice((*SILENCES, *LIES))}
    return Fault(at, lasts, kind, who, how.get(kind, ""))

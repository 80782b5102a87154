"""From an activity cube and a factor set to emission rows and gaps."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.footprint.activity import ActivityCube
from ledger.footprint.emission import Emission, Gap
from ledger.footprint.factor import FactorSet
from ledger.footprint.methods import METHODS


@dataclass(frozen=True, slots=True)
class Calculation:
    """What one run gave: rows that hold and activity that could not be computed. ``factors`` is the set it pinned."""

    rows: tuple[Emission, ...]
    gaps: tuple[Gap, ...]
    factors: FactorSet


def calculate(cube: ActivityCube, factors: FactorSet) -> Calculation:
    """Every method over the cube. What cannot be computed becomes a gap with its reason; nothing is guessed."""
    found = [row for method in METHODS for row in method.emissions(cube, factors)]
    rows = tuple(row for row in found if isinstance(row, Emission))
    return Calculation(rows, tuple(row for row in found if isinstance(row, Gap)), factors)


def emissions_of(cube: ActivityCube, factors: FactorSet) -> tuple[Emission, ...]:
    """Every row, or the first reason (``FootprintError``) why there is none."""
    done = calculate(cube, factors)
    if done.gaps:
        raise done.gaps[0].error
    return done.rows

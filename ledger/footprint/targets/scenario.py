"""Scenarios: what is forecast against what a reduction leaves room for."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.footprint.amount import exact_text
from ledger.footprint.targets.errors import NoScenario
from ledger.records.target import Scenario, Target


class Room(NamedTuple):
    """``left`` of the base, 0 to 1; ``allowed`` is that much; ``needed`` = forecast - allowed, negative with room."""

    reduction_pct: Fraction
    left: Fraction
    allowed: Fraction
    needed: Fraction

    def to_record(self) -> dict[str, str]:
        """JSON-able, figures as exact text."""
        return {name: exact_text(value) for name, value in self._asdict().items()}


def rooms(target: Target, scenario: Scenario) -> tuple[Room, ...]:
    """
    One room per reduction of the scenario.

    Of an intensity the allowed amount is base x (1 - reduction) x activity. Raises ``NoScenario``.
    """
    if target.base_value is None:
        raise NoScenario(why="a saving has no base value")
    if (target.metric == "intensity") != (scenario.activity is not None):
        raise NoScenario(why="an intensity, and nothing else, has an activity")
    base = Fraction(target.base_value) * Fraction(scenario.activity or 1)
    found = []
    for text in scenario.reductions_pct:
        left = 1 - Fraction(text) / 100
        found.append(Room(Fraction(text), left, base * left, Fraction(scenario.forecast) - base * left))
    return tuple(found)

"""
Which data a figure rests on: the best there is, and why not a better one (GLEC v3.0, data hierarchy; p. 76).

Primary (measured energy of the operations themselves) comes before an intensity the operator supplies, that before an
own model, and a published default last. The choice and what was passed over stay in the trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

Level = Literal["primary", "supplied", "modelled", "default"]
LEVELS: Final[tuple[Level, ...]] = ("primary", "supplied", "modelled", "default")
Data = TypeVar("Data")


@dataclass(frozen=True)
class Candidate(Generic[Data]):
    """Data of one level; or ``None`` with the reason (a code) why there is none fit for use."""

    level: Level
    data: Data | None
    reason: str


@dataclass(frozen=True)
class Choice(Generic[Data]):
    """What was taken, the reason, and the better levels passed over with theirs."""

    level: Level
    data: Data | None
    reason: str
    passed: tuple[tuple[Level, str], ...]

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "level": self.level,
            "reason": self.reason,
            "passed_over": [{"level": level, "reason": reason} for level, reason in self.passed],
        }


def choose(candidates: Sequence[Candidate[Data]]) -> Choice[Data]:
    """The best level with data; without any, the lowest level asked for, empty-handed."""
    ordered = sorted(candidates, key=lambda c: LEVELS.index(c.level))
    passed: list[tuple[Level, str]] = []
    for one in ordered:
        if one.data is not None or one is ordered[-1]:
            return Choice(one.level, one.data, one.reason, tuple(passed))
        passed.append((one.level, one.reason))
    raise ValueError("no candidates")

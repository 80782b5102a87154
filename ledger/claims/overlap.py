"""
Double counting: the same kWh or the same tonne claimed by two statements.

Certain when two statements count the same thing (a meter, a certificate, an entry) in overlapping periods. Suspected
when they state the same figure, digit for digit, and nothing tells them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Literal

from ledger.claims.unit import Dimension

MOST_ALIKE = 50
"""Statements of one figure or one thing that are compared with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a statement counts: the things it rests on, its period (both ends included), the figure it claims."""

    id: str
    things: frozenset[str]
    start: date | None
    end: date | None
    value: Fraction | None
    dimension: Dimension = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two statements that count the same; ``shared`` are the things both name, empty for a mere suspicion."""

    first: str
    second: str
    shared: tuple[str, ...]
    certainty: Literal["certain", "suspected"]

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {"claims": [self.first, self.second], "things": list(self.shared), "certainty": self.certainty}


def overlaps(statements: Iterable[Counted]) -> tuple[Overlap, ...]:
    """Every pair that counts the same, once, in the order of ids."""
    by_thing: dict[str, list[Counted]] = defaultdict(list)
    by_figure: dict[tuple[Fraction, Dimension], list[Counted]] = defaultdict(list)
    for one in sorted(statements, key=lambda one: one.id):
        for thing in one.things:
            by_thing[thing].append(one)
        if one.value:
            by_figure[one.value, one.dimension].append(one)
    found: dict[tuple[str, str], Overlap] = {}
    for first, second in _pairs(by_thing.values()):
        shared = tuple(sorted(first.things & second.things))
        found[first.id, second.id] = Overlap(first.id, second.id, shared, "certain")
    for first, second in _pairs(by_figure.values()):
        if not (first.things and second.things):
            found.setdefault((first.id, second.id), Overlap(first.id, second.id, (), "suspected"))
    return tuple(found[key] for key in sorted(found))


def _pairs(groups: Iterable[list[Counted]]) -> Iterator[tuple[Counted, Counted]]:
    for group in groups:
        yield from ((a, b) for a, b in combinations(group[:MOST_ALIKE], 2) if a.id != b.id and _meet(a, b))


def _meet(first: Counted, second: Counted) -> bool:
    """Whether the periods overlap; a period left open overlaps every other."""
    return (first.start or date.min) <= (second.end or date.max) and (second.start or date.min) <= (
        first.end or date.max
    )

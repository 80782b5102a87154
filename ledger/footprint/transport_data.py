"""
Which data stand behind each transport cell: statements of its operator, a model of its vehicle, or a factor.

Cells are sums over time, so a statement serves a cell when its time, joined with the statements that follow on without
a gap, holds the cell's first and last leg. The levels and their order are those of ``iso14083.hierarchy``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from ledger.footprint.activity import ActivityCube, ModelledVehicle, Operated, TransportCell, day_of
from ledger.footprint.emission import Emission, Trail
from ledger.footprint.factor import FactorSet
from ledger.footprint.iso14083.distance import AIR, UNADJUSTED, Basis, checked_adjustment
from ledger.footprint.iso14083.errors import OperationsOverlap
from ledger.footprint.iso14083.ghg import Ghg
from ledger.footprint.iso14083.hierarchy import Candidate, Choice, Level, choose
from ledger.records.operation_rules import vehicles_of
from ledger.units import GRAM_METRES_PER_TONNE_KM

REASONS: Final = ("class-of-all-carriers", "no-model", "no-operator-intensity", "no-statement", "not-covering")
"""Codes of why a level of data was passed over."""
YEAR_US: Final = 366 * 86_400 * 1_000_000


@dataclass(frozen=True)
class Statements:
    """An operator's statements of one vehicle (or zone) that follow on without a gap, in the order of their time."""

    vehicle: str
    held: tuple[Operated, ...]

    @property
    def span(self) -> tuple[int, int]:
        """From, and up to, in microseconds."""
        return self.held[0].start, max(one.end for one in self.held)

    def check_apart(self) -> None:
        """Raises ``OperationsOverlap``."""
        for before, after in zip(self.held, self.held[1:], strict=False):
            if after.start < before.end:
                raise OperationsOverlap(vehicle=self.vehicle, entries=(before.entry, after.entry))


Data = Statements | ModelledVehicle | str
"""What was chosen: statements, a model, or the name of a class of the factor set."""


class TransportData:
    """The data of a cube, by vehicle and mode; ``chosen`` says which of it a cell rests on."""

    def __init__(self, cube: ActivityCube, factors: FactorSet) -> None:
        self._cells = cube.transport
        self._factors = factors
        self._statements = _joined(cube.operations)
        self._models: dict[tuple[str, str], list[ModelledVehicle]] = defaultdict(list)
        for model in sorted(cube.models, key=lambda m: m.entry):
            self._models[model.record.vehicle, model.record.mode].append(model)
        told: list[Operated | ModelledVehicle] = [*cube.operations, *cube.models]
        told.sort(key=lambda one: one.entry)
        self._stands_in: dict[tuple[str, str], str | None] = {
            (name, t.record.mode): t.record.default_class for t in told for name in vehicles_of(t.record)
        }
        self._plain: dict[tuple[str, str], Choice[Data]] = {}

    def chosen(self, level: Level) -> Iterator[tuple[TransportCell, Choice[Data]]]:
        """The cells that rest on data of this level."""
        for cell in self._cells:
            choice = self.choice(cell)
            if choice.level == level:
                yield cell, choice

    def one_choice(self, cell: TransportCell) -> bool:
        """Whether every cell of this vehicle and mode rests on the same data, whatever its time."""
        key = (cell.vehicle, cell.mode)
        return key not in self._statements and key not in self._models

    def choice(self, cell: TransportCell) -> Choice[Data]:
        """The best data there are for a cell, with the reasons against better ones."""
        key = (cell.vehicle, cell.mode)
        if self.one_choice(cell):
            known = self._plain.get(key)
            if known is None:
                known = self._plain[key] = choose(self._candidates(cell))
            return known
        return choose(self._candidates(cell))

    def _candidates(self, cell: TransportCell) -> list[Candidate[Data]]:
        key = (cell.vehicle, cell.mode)
        toc = self._factors.classes.get(cell.vehicle)
        shared = toc is not None and self._factors.factors[toc.factor].category == "default"
        own = toc is not None and not shared and toc.mode == cell.mode
        stated = self._statements.get(key, ())
        covering = next((s for s in stated if s.span[0] <= cell.first_at and cell.last_at < s.span[1]), None)
        models = self._models.get(key, ())
        valid = next((m for m in reversed(models) if m.start <= cell.first_at and cell.last_at < m.end), None)
        stands_in = cell.vehicle if toc is not None else self._stands_in.get(key)
        return [
            _candidate("primary", covering, stated, shared, ("measured-energy", "no-statement")),
            Candidate("supplied", cell.vehicle if own else None, _OWN[own]),
            _candidate("modelled", valid, models, shared, ("vehicle-model", "no-model")),
            Candidate("default", stands_in, "class-factor"),
        ]


_OWN: Final = {True: "operator-intensity", False: "no-operator-intensity"}


def _candidate(
    level: Level, fit: Data | None, there: Sequence[object], shared: bool, words: tuple[str, str]
) -> Candidate[Data]:
    """A class that all carriers share takes no carrier's own data: its cells hold the legs of all."""
    if shared and there:
        return Candidate(level, None, "class-of-all-carriers")
    return Candidate(level, fit, words[0] if fit is not None else "not-covering" if there else words[1])


def _joined(operations: Sequence[Operated]) -> dict[tuple[str, str], tuple[Statements, ...]]:
    by_vehicle: dict[tuple[str, str], list[Operated]] = defaultdict(list)
    for one in sorted(operations, key=lambda o: (o.start, o.end, o.entry)):
        for name in vehicles_of(one.record):
            by_vehicle[name, one.record.mode].append(one)
    return {key: tuple(Statements(key[0], tuple(run)) for run in _runs(held)) for key, held in by_vehicle.items()}


def _runs(ordered: Sequence[Operated]) -> list[list[Operated]]:
    runs: list[list[Operated]] = []
    reach = 0
    for one in ordered:
        if runs and one.start <= reach:
            runs[-1].append(one)
        else:
            runs.append([one])
        reach = max(reach, one.end) if len(runs[-1]) > 1 else one.end
    return runs


def days_of(start: int, end: int) -> tuple[date, date]:
    """First and last day in China of a period from ``start`` up to ``end`` [microseconds]."""
    return date.fromisoformat(day_of(start)), date.fromisoformat(day_of(end - 1))


def emission(cell: TransportCell, intensity: Ghg, basis: Basis, trail: Trail) -> Emission:
    """
    The row of a cell at an intensity [kg CO2e/(t km)] on ``basis``; linear in the cell's sums.

    Air activity takes an intensity on driven distance with 95 km per flight. Raises ``DistanceBasisMismatch``.
    """
    activity: Basis = "gcd" if cell.distance_basis == "gcd" else "sfd"
    adjustment = AIR if cell.mode == "air" and basis == "actual" else UNADJUSTED
    checked = checked_adjustment(
        cell.vehicle, trail.method, adjustment, intensity=basis, activity=activity, included=False
    )
    moved = Fraction(checked.scale) * cell.gram_metres + checked.offset_m * cell.grams
    ghg = intensity * (moved / GRAM_METRES_PER_TONNE_KM)
    return Emission("transport", cell, ghg.ttw, ghg.wtt, ghg.wtw, trail)


def flags_of(flags: Iterable[str], mode: str, basis: Basis, span: tuple[int, int]) -> tuple[str, ...]:
    """
    A trail's flags, each once: those given, and what the distance and the period call for.

    An intensity on driven distance meets activity on the standard's unadjusted, except for air, where a correction is
    published.
    """
    found = dict.fromkeys(flags)
    if basis == "actual" and mode != "air":
        found["distance-unadjusted"] = None
    if span[1] - span[0] > YEAR_US:
        found["period-over-year"] = None
    return tuple(found)

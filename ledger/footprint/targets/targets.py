"""Everything about a company's targets at once: each with its path, pace and warnings, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text
from ledger.footprint.inventory.inventory import month_text
from ledger.footprint.targets.actual import Actual
from ledger.footprint.targets.anomaly import Anomaly
from ledger.footprint.targets.pace import Pace
from ledger.footprint.targets.path import compounded, goal, on_path, rate_for
from ledger.footprint.targets.register import STAGES, Measure, saved_kwh
from ledger.footprint.targets.scenario import Room
from ledger.footprint.targets.tasks import TaskState, task_name
from ledger.footprint.targets.trading import Position, cost_of
from ledger.records.target import Scenario, Target
from ledger.units import shown


class Warned(NamedTuple):
    """A warning: ``key`` is ``behind:2023`` or ``anomaly:2023-05``; what it says, in both languages."""

    key: str
    en: str
    zh: str


class Left(NamedTuple):
    """A record that no figure uses, and why."""

    entry: int
    record: str
    error: LedgerError


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A target with what was reached."""

    entry: int
    target: Target
    values: Mapping[int, Actual]
    """By year; of a saving, what had added up by then."""
    pace: Pace | None
    anomalies: Sequence[Anomaly]
    scenarios: Sequence[tuple[int, Scenario, Sequence[Room]]]

    @property
    def warnings(self) -> list[Warned]:
        """Behind the path; months out of line."""
        found = []
        unit = self.target.unit
        if self.pace is not None and self.pace.behind:
            at, path = shown(self.pace.value.value, 2), shown(self.pace.path, 2)
            share, time = shown(self.pace.progress * 100, 1), shown(self.pace.time * 100, 1)
            en = f"{at} {unit} in {self.pace.year}, the path says {path}; {share} % of the way at {time} % of the time"
            zh = f"{self.pace.year} 年为 {at} {unit}，路径值为 {path}；时间已过 {time} %，进度 {share} %"
            found.append(Warned(f"behind:{self.pace.year}", en, zh))
        for one in self.anomalies:
            month, at, middle = month_text(one.month), shown(one.value.value, 2), shown(one.median, 2)
            times = "∞" if one.multiples is None else shown(one.multiples, 1)
            en = f"{month}: {at} {unit}, {times} median absolute deviations from {middle}, the median of like months"
            zh = f"{month}：{at} {unit}，偏离同类月份中位数 {middle} 达 {times} 倍绝对中位差"
            found.append(Warned(f"anomaly:{month}", en, zh))
        return found

    def to_record(self) -> dict[str, object]:
        """JSON-able, figures as exact text; those of a compound path are rounded and say so."""
        target = self.target
        years = range(target.base_year, target.target_year + 1)
        return {
            "target": target.id,
            "entry": self.entry,
            "metric": target.metric,
            "boundary": target.boundary,
            "unit": target.unit,
            "owner": target.owner,
            "path": target.path,
            "path_values_rounded": target.path == "compound",
            "base_year": target.base_year,
            "target_year": target.target_year,
            "base_value": target.base_value,
            "goal": exact_text(goal(target)),
            "years": [
                {
                    "year": year,
                    "path": exact_text(on_path(target, year)),
                    "actual": exact_text(self.values[year].value) if year in self.values else None,
                    "entries": list(self.values[year].entries) if year in self.values else [],
                }
                for year in years
            ],
            "rates": rates(target),
            "pace": None if self.pace is None else self.pace.to_record(),
            "anomalies": [one.to_record() for one in self.anomalies],
            "warnings": [
                {"key": w.key, "task": task_name(target.id, w.key), "en": w.en, "zh": w.zh} for w in self.warnings
            ],
            "scenarios": [
                {
                    "scenario": one.id,
                    "entry": entry,
                    "year": one.year,
                    "forecast": one.forecast,
                    "activity": one.activity,
                    "reductions": [room.to_record() for room in found],
                }
                for entry, one, found in self.scenarios
            ],
        }


def rates(target: Target) -> dict[str, str] | None:
    """
    Both readings of a reduction, as shares: points a year on a straight line, and the equal rate (rounded).

    ``points_compounded`` is where the straight line's points lead when somebody takes them for a rate.
    """
    if target.metric == "saving":
        return None
    years = target.target_year - target.base_year
    whole = Fraction(target.reduction_pct or 0) / 100
    return {
        "points_a_year": exact_text(whole / years),
        "equal_rate_a_year": exact_text(rate_for(whole, years)),
        "points_compounded": exact_text(compounded(whole / years, years)),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """All of a tenant's."""

    followed: Sequence[Followed]
    tasks: Sequence[TaskState]
    positions: Sequence[Position]
    measures: Sequence[Measure]
    left: Sequence[Left]

    @property
    def open_tasks(self) -> list[TaskState]:
        """Tasks that are not closed."""
        return [task for task in self.tasks if task.is_open]

    @property
    def due(self) -> list[tuple[Target, Warned]]:
        """Warnings that no task was opened for."""
        known = {task.name for task in self.tasks}
        return [
            (one.target, warned)
            for one in self.followed
            for warned in one.warnings
            if task_name(one.target.id, warned.key) not in known
        ]

    def to_record(self) -> dict[str, object]:
        """JSON-able."""
        return {
            "targets": [one.to_record() for one in self.followed],
            "tasks": [task.to_record() for task in self.tasks],
            "warnings_without_task": len(self.due),
            "ets": [one.to_record() for one in self.positions],
            "ets_cost_cny": exact_text(cost_of(self.positions)),
            "measures": [one.to_record() for one in self.measures],
            "measures_kwh": {stage: exact_text(saved_kwh(self.measures, stage)) for stage in STAGES},
            "not_used": [
                {
                    "entry": one.entry,
                    "record": one.record,
                    "code": one.error.code,
                    "en": one.error.message("en"),
                    "zh": one.error.message("zh-CN"),
                }
                for one in self.left
            ],
            "standing": "recorded",
        }

"""What the page of targets shows: each with its path, pace and warnings; tasks, allowances, measures, scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from api.charts.path import PathChart, path_chart
from api.pages.catalogue import Translate
from api.pages.words import Figure, figure
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.footprint.targets.path import compounded, goal, on_path, rate_for
from ledger.footprint.targets.register import STAGES, Measure, saved_kwh
from ledger.footprint.targets.targets import Followed, Targets
from ledger.footprint.targets.tasks import TaskState
from ledger.footprint.targets.trading import Position, cost_of


class YearRow(NamedTuple):
    """A year of a target."""

    year: int
    path: Figure
    actual: Figure | None
    standing: str
    entries: tuple[int, ...]
    origin: str
    gaps: int


class Mark(NamedTuple):
    """A word or figure at a place of the chart."""

    at: int
    text: str


class RoomRow(NamedTuple):
    """A reduction of a scenario."""

    year: int
    entry: int
    percent: str
    forecast: Figure
    allowed: Figure
    needed: Figure
    short: bool


class TargetRow(NamedTuple):
    """A target as it stands."""

    id: str
    entry: int
    title: str
    owner: str
    reading: str
    goal: Figure
    unit: str
    chart: PathChart
    years: tuple[Mark, ...]
    scale: tuple[Mark, ...]
    spoken: str
    rows: tuple[YearRow, ...]
    state: str
    behind: bool
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    rooms: tuple[RoomRow, ...]


class StepRow(NamedTuple):
    """A step of a task."""

    entry: int
    step: str
    words: str


class TaskRow(NamedTuple):
    """A task with its steps."""

    name: str
    target: str
    owner: str
    is_open: bool
    state: str
    stands: bool
    steps: tuple[StepRow, ...]


class QuarterRow(NamedTuple):
    """A quarter under emissions trading."""

    entry: int
    installation: str
    quarter: str
    allocation: Figure
    emissions: Figure | None
    position: Figure | None
    price: Figure | None
    cost: Figure | None
    notice: str
    short: bool


class MeasureRow(NamedTuple):
    """A measure with its three stages."""

    name: str
    site: str
    owner: str
    stages: tuple[tuple[str, Figure | None, int | None], ...]
    cny: Figure | None
    per_kwh: Figure | None
    pue: str
    counts: str


class TargetsView(NamedTuple):
    """Everything about targets."""

    targets: tuple[TargetRow, ...]
    due: int
    tasks: tuple[TaskRow, ...]
    closed: tuple[TaskRow, ...]
    quarters: tuple[QuarterRow, ...]
    cost: Figure
    measures: tuple[MeasureRow, ...]
    saved: tuple[tuple[str, Figure], ...]
    left: tuple[tuple[int, str, str], ...]
    may_steer: bool
    may_answer: bool


def targets_view(found: Targets, t: Translate, locale: Locale, *, may_steer: bool, may_answer: bool) -> TargetsView:
    """The page of a tenant's targets; what a reader may not do is not offered."""
    tasks = [_task(task, t) for task in found.tasks]
    return TargetsView(
        targets=tuple(_target(one, t, locale) for one in found.followed),
        due=len(found.due),
        tasks=tuple(task for task in tasks if task.is_open),
        closed=tuple(task for task in tasks if not task.is_open),
        quarters=tuple(_quarter(one, t) for one in found.positions),
        cost=figure(cost_of(found.positions)),
        measures=tuple(_measure(one, t) for one in found.measures),
        saved=tuple((t(f"targets.stage.{stage}"), figure(saved_kwh(found.measures, stage), 0)) for stage in STAGES),
        left=tuple((one.entry, one.error.message(locale), one.error.fix(locale)) for one in found.left),
        may_steer=may_steer,
        may_answer=may_answer,
    )


def _target(one: Followed, t: Translate, locale: Locale) -> TargetRow:
    target = one.target
    path = {year: on_path(target, year) for year in range(target.base_year, target.target_year + 1)}
    actual = {year: value.value for year, value in one.values.items()}
    actual[target.base_year] = Fraction(target.base_value or 0)
    chart = path_chart(path, actual)
    metric = t(f"targets.metric.{target.metric}")
    state = "waiting" if one.pace is None else "fails" if one.pace.behind else "holds"
    return TargetRow(
        id=target.id,
        entry=one.entry,
        title=f"{metric} · {target.boundary}",
        owner=target.owner,
        reading=_reading(one, t),
        goal=figure(goal(target)),
        unit=target.unit,
        chart=chart,
        years=tuple(Mark(tick.at, str(tick.value)) for tick in chart.years),
        scale=tuple(Mark(tick.at, figure(tick.value, 0).shown if tick.value else "0") for tick in chart.scale),
        spoken=t("targets.chart", target=target.id, first=target.base_year, last=target.target_year),
        rows=tuple(_year(one, year, path[year], t) for year in path if year > target.base_year),
        state=state,
        behind=state == "fails",
        facts=tuple(_pace(one, t)),
        warnings=tuple(w.zh if locale == "zh-CN" else w.en for w in one.warnings),
        rooms=tuple(
            RoomRow(
                plan.year,
                entry,
                exact_text(room.reduction_pct),
                figure(Fraction(plan.forecast)),
                figure(room.allowed),
                figure(abs(room.needed)),
                room.needed > 0,
            )
            for entry, plan, rooms in one.scenarios
            for room in rooms
        ),
    )


def _reading(one: Followed, t: Translate) -> str:
    target = one.target
    years = target.target_year - target.base_year
    if target.metric == "saving":
        return t("targets.reading.saving", total=figure(goal(target)).shown, unit=target.unit, years=years)
    whole = Fraction(target.reduction_pct or 0) / 100
    points = whole / years
    return t(
        f"targets.reading.{target.path}",
        whole=figure(whole * 100, 1).shown,
        points=figure(points * 100, 1).shown,
        rate=figure(rate_for(whole, years) * 100, 3).shown,
        taken=figure(compounded(points, years) * 100, 2).shown,
        years=years,
    )


def _year(one: Followed, year: int, path: Fraction, t: Translate) -> YearRow:
    value = one.values.get(year)
    if value is None:
        return YearRow(year, figure(path), None, "", (), "", 0)
    origin = t(f"targets.origin.{value.origin}")
    ends = value.entries if len(value.entries) <= 3 else (value.entries[0], value.entries[-1])
    return YearRow(year, figure(path), figure(value.value), value.standing, ends, origin, value.gaps)


def _pace(one: Followed, t: Translate) -> Iterator[tuple[str, str]]:
    found, unit = one.pace, one.target.unit
    if found is None:
        return
    yield t("targets.progress"), f"{figure(found.progress * 100, 1).shown} %"
    yield t("targets.time"), f"{figure(found.time * 100, 1).shown} %"
    if found.value.gaps:
        yield t("targets.incomplete"), t("targets.gaps", count=found.value.gaps)
    yield t("targets.left"), f"{figure(found.left).shown} {unit}"
    if found.needed is not None:
        yield t("targets.needed", years=found.years_left), f"{figure(found.needed).shown} {unit}"
    if found.needed_rate is not None:
        yield t("targets.needed-rate", years=found.years_left), f"{figure(found.needed_rate * 100, 3).shown} %"
    if found.against_last is not None:
        sign = "+" if found.against_last >= 0 else ""
        yield t("targets.against-last", year=found.year), f"{sign}{figure(found.against_last * 100, 1).shown} %"


def _task(task: TaskState, t: Translate) -> TaskRow:
    steps = tuple(StepRow(entry, t(f"targets.step.{one.step}"), one.words) for entry, one in task.steps)
    opened = task.opened
    state = t(f"targets.step.{task.step}")
    return TaskRow(task.name, opened.target, opened.owner, task.is_open, state, task.stands, steps)


def _quarter(one: Position, t: Translate) -> QuarterRow:
    return QuarterRow(
        entry=one.entry,
        installation=one.installation,
        quarter=one.quarter,
        allocation=figure(one.allocation),
        emissions=None if one.emissions is None else figure(one.emissions),
        position=None if one.position is None else figure(one.position),
        price=None if one.price is None else figure(one.price),
        cost=None if one.cost is None else figure(one.cost),
        notice=t(f"targets.notice.{one.notice}"),
        short=one.notice in {"short", "short_unpriced"},
    )


def _measure(one: Measure, t: Translate) -> MeasureRow:
    held = {stage: one.stages.get(stage) for stage in STAGES}
    counts = one.saving
    best = counts[1] if counts else held["planned"]
    change = best.pue_change if best else None
    return MeasureRow(
        name=one.name,
        site=one.site,
        owner=one.owner,
        stages=tuple(
            (t(f"targets.stage.{stage}"), figure(s.kwh, 0) if s else None, s.entry if s else None)
            for stage, s in held.items()
        ),
        cny=figure(best.cny, 0) if best and best.cny is not None else None,
        per_kwh=figure(best.cny_per_kwh, 3) if best and best.cny_per_kwh is not None else None,
        pue="" if change is None else f"PUE {figure(change * 100, 1).shown} %",
        counts=t(f"targets.counts.{counts[0]}") if counts else t("targets.counts.none"),
    )

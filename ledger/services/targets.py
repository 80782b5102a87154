"""A tenant's targets from its records, yearly figures of emissions from its inventory; tasks opened and answered."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, Protocol

from ledger.errors import LedgerError
from ledger.footprint.activity import month_of
from ledger.footprint.inventory.inventory import Inventory
from ledger.footprint.targets.actual import Actual, stated
from ledger.footprint.targets.anomaly import anomalies
from ledger.footprint.targets.errors import NoScenario, StepWithoutTask, TargetUnknown, UnitIsNotTargets
from ledger.footprint.targets.pace import pace, yearly
from ledger.footprint.targets.register import measures
from ledger.footprint.targets.scenario import Room, rooms
from ledger.footprint.targets.targets import Followed, Left, Targets
from ledger.footprint.targets.tasks import TaskState, task_name, tasks_of
from ledger.footprint.targets.trading import positions
from ledger.ports import Clock, Random, Receipt
from ledger.records.record import microseconds
from ledger.records.target import TONNES, Part, Scenario, Target, TargetActual, Task
from ledger.services.capture import Outcome, Submission, capture
from ledger.services.inventory import BoundaryAbsent, Inventories, inventory_of, records_of

Reply = Literal["answered", "closed"]


class Aiming(Inventories, Protocol):
    """What targets need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def clock(self) -> Clock:
        """Which years are over."""
        ...

    @property
    def random(self) -> Random:
        """Salts of tasks."""
        ...


def targets_of(ledger: Aiming, tenant: str) -> Targets:
    """Everything about a tenant's targets. What cannot be used is listed in it, with the reason."""
    left: list[Left] = []
    held = records_of(ledger, tenant, "target")
    known = {one.id: one for _, one in held}
    stated_of = _by_target(records_of(ledger, tenant, "target_actual"), known, left)
    scenarios = _by_target(records_of(ledger, tenant, "scenario"), known, left)
    followed = [_followed(ledger, tenant, pair, stated_of[pair[1].id], scenarios[pair[1].id], left) for pair in held]
    tasks, lost = tasks_of(records_of(ledger, tenant, "task"))
    left += [Left(entry, one.id, error) for entry, one, error in lost]
    standing = {task_name(one.target.id, warned.key) for one in followed for warned in one.warnings}
    for task in tasks:
        task.stands = task.name in standing
    return Targets(
        followed=followed,
        tasks=tasks,
        positions=positions(records_of(ledger, tenant, "ets_quarter")),
        measures=measures(records_of(ledger, tenant, "energy_measure")),
        left=left,
    )


def open_tasks(ledger: Aiming, submission: Submission) -> list[Outcome]:
    """A task for every warning that has none, for the target's owner; again is no task more."""
    records = [
        Task(
            id=f"{task_name(target.id, warned.key)}:opened",
            kind="task",
            occurred_at=ledger.clock.now(),
            owner=target.owner,
            step="opened",
            target=target.id,
            task=task_name(target.id, warned.key),
            version=1,
            warning=warned.key,
            words=f"{warned.zh}\n{warned.en}",
        )
        for target, warned in targets_of(ledger, submission.tenant).due
        if ledger.entries.find(submission.tenant, f"{task_name(target.id, warned.key)}:opened") is None
    ]
    return _captured(ledger, submission, records)


def take_step(ledger: Aiming, submission: Submission, task: str, step: Reply, words: str) -> Receipt:
    """Answer or close an open task, in words. Raises ``StepWithoutTask``, and what recording refuses."""
    known, _ = tasks_of(records_of(ledger, submission.tenant, "task"))
    found = next((one for one in known if one.name == task and one.is_open), None)
    if found is None:
        raise StepWithoutTask(task=task, step=step)
    (outcome,) = _captured(ledger, submission, [_step(found, step, words, ledger.clock)])
    if isinstance(outcome, LedgerError):
        raise outcome
    return outcome


def _step(found: TaskState, step: Reply, words: str, clock: Clock) -> Task:
    opened = found.opened
    return Task(
        id=f"{opened.task}:{step}" + (f":{len(found.steps)}" if step == "answered" else ""),
        kind="task",
        occurred_at=clock.now(),
        owner=opened.owner,
        step=step,
        target=opened.target,
        task=opened.task,
        version=1,
        warning=opened.warning,
        words=words,
    )


def _captured(ledger: Aiming, submission: Submission, records: Sequence[Task]) -> list[Outcome]:
    store, tenant, submitter = ledger.entries, submission.tenant, submission.submitter
    return capture(store, ledger.clock, ledger.random, tenant=tenant, submitter=submitter, records=records)


def _by_target(
    records: Sequence[tuple[int, Any]], known: dict[str, Target], left: list[Left]
) -> dict[str, list[tuple[int, Any]]]:
    found: dict[str, list[tuple[int, Any]]] = {name: [] for name in known}
    for entry, one in records:
        if one.target in found:
            found[one.target].append((entry, one))
        else:
            left.append(Left(entry, one.id, TargetUnknown(target=one.target)))
    return found


def _followed(  # noqa: PLR0917 - a target, and what is recorded of it
    ledger: Aiming,
    tenant: str,
    pair: tuple[int, Target],
    actuals: Sequence[tuple[int, TargetActual]],
    scenarios: Sequence[tuple[int, Scenario]],
    left: list[Left],
) -> Followed:
    entry, target = pair
    usable = []
    for at, one in actuals:
        if one.unit == target.unit:
            usable.append((at, one))
        else:
            left.append(Left(at, one.id, UnitIsNotTargets(got=one.unit, unit=target.unit)))
    spans = stated(usable)
    if target.part is not None:
        spans = _inventories(ledger, tenant, target, target.part) | spans
    months = {first: one for (first, last), one in spans.items() if first == last}
    return Followed(
        entry=entry,
        target=target,
        values=yearly(target, spans),
        pace=pace(target, spans),
        anomalies=anomalies(months, Fraction(target.anomaly_mads)),
        scenarios=[(at, one, found) for at, one in scenarios if (found := _rooms(at, target, one, left))],
    )


def _rooms(entry: int, target: Target, scenario: Scenario, left: list[Left]) -> tuple[Room, ...]:
    try:
        return rooms(target, scenario)
    except NoScenario as error:
        left.append(Left(entry, scenario.id, error))
        return ()


def _inventories(ledger: Aiming, tenant: str, target: Target, part: Part) -> dict[tuple[int, int], Actual]:
    """Figures of the years that are over; none where no boundary holds or nothing at all was counted."""
    over = month_of(microseconds(ledger.clock.now())) // 12 - 1
    found: dict[tuple[int, int], Actual] = {}
    for year in range(target.base_year + 1, min(target.target_year, over) + 1):
        span = year * 12, year * 12 + 11
        try:
            made = inventory_of(ledger, tenant, *span)
        except BoundaryAbsent:
            continue
        if not made.lines:
            continue
        kg = _part(made, part) / TONNES[target.unit]
        entries = tuple(sorted({at for line in made.lines for at in line.entries[1:]}))
        found[span] = Actual(*span, kg, entries, origin="inventory", gaps=len(made.missing))
    return found


def _part(made: Inventory, part: Part) -> Fraction:
    if part == "all_location":
        return made.total_kg(market=False)
    if part == "all_market":
        return made.total_kg(market=True)
    return made.market if part == "2_market" else made.scope(part)

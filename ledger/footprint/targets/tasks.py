"""Tasks as their steps leave them: opened, answered as often as somebody answers, closed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ledger.footprint.targets.errors import StepWithoutTask
from ledger.records.target import Task

PREFIX: Final = "task:"


@dataclass(slots=True)
class TaskState:
    """A task with its steps and their entries, in order; ``stands`` while the warning that opened it does."""

    opened: Task
    steps: list[tuple[int, Task]] = field(default_factory=list)
    stands: bool = False

    @property
    def name(self) -> str:
        """What every step of it names."""
        return self.opened.task

    @property
    def step(self) -> str:
        """The last step: ``opened``, ``answered`` or ``closed``."""
        return self.steps[-1][1].step

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.step != "closed"

    def to_record(self) -> dict[str, object]:
        """JSON-able, each step with its entry."""
        steps = [
            {"entry": entry, "step": one.step, "at": one.occurred_at.isoformat(), "words": one.words}
            for entry, one in self.steps
        ]
        held = self.opened
        return {
            "task": self.name,
            "target": held.target,
            "owner": held.owner,
            "warning": held.warning,
            "due": None if held.due is None else held.due.isoformat(),
            "state": self.step,
            "warning_stands": self.stands,
            "steps": steps,
        }


def task_name(target: str, warning: str) -> str:
    """The one name of a target's task about a warning: a warning opens one task, however often it is looked at."""
    return f"{PREFIX}{target}:{warning}"


def tasks_of(records: Iterable[tuple[int, Task]]) -> tuple[list[TaskState], list[tuple[int, Task, StepWithoutTask]]]:
    """Tasks in the order they were opened, and the steps that fit none: before it was opened, after it was closed."""
    found: dict[str, TaskState] = {}
    left = []
    for entry, one in sorted(records, key=lambda pair: pair[0]):
        known = found.get(one.task)
        if known is None and one.step == "opened":
            found[one.task] = TaskState(one, [(entry, one)])
        elif known is not None and known.is_open and one.step != "opened":
            known.steps.append((entry, one))
        else:
            left.append((entry, one, StepWithoutTask(task=one.task, step=one.step)))
    return list(found.values()), left

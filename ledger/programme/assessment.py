"""How an assessment stood at a moment and what it came to: computed from its steps, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from ledger.records.assessment import Assessment, AssessmentAct, AssessmentStep
from ledger.records.assessment_scheme import AssessmentScheme, AxisName

AssessmentStatus = Literal["open", "late", "answered", "in_force", "suspended", "expired"]
ActionStatus = Literal["open", "answered", "closed"]
_STATUS_AFTER: Final[Mapping[AssessmentAct, ActionStatus]] = {
    "action_answered": "answered",
    "action_asked": "open",
    "action_closed": "closed",
    "action_returned": "open",
}
_UNIT: Final = 10_000
"""Weights have four decimals."""
_PLACES: Final = 12
"""Two weights of four decimals each, each a share of 100."""


class AxisScore(NamedTuple):
    """Points of 100 of an axis, exact."""

    axis: AxisName
    points: Decimal


class Score(NamedTuple):
    """What an assessment came to: points of 100 in all and by axis, and the entry that stated the marks."""

    points: Decimal
    axes: tuple[AxisScore, ...]
    entry: int


class Action(NamedTuple):
    """A corrective action: what was asked, by when, and how it stands, with its steps in the order of the log."""

    key: str
    question: str
    due: date
    status: ActionStatus
    steps: tuple[tuple[int, AssessmentStep], ...]

    def is_overdue(self, day: date) -> bool:
        """Whether its deadline passed without its being closed."""
        return self.status != "closed" and day > self.due


class Assessed(NamedTuple):
    """An assessment with its edition and all its steps until a moment, in the order of the log."""

    entry: int
    assessment: Assessment
    scheme: AssessmentScheme
    steps: tuple[tuple[int, AssessmentStep], ...]

    @property
    def expires(self) -> date:
        """The last day on which its result counts."""
        return self.assessment.period_end + timedelta(days=self.scheme.valid_days)

    def last(self, step: Literal["answered", "scored"]) -> tuple[int, AssessmentStep] | None:
        """The last step of a kind; of answers and of marks the last ones count."""
        return next((one for one in reversed(self.steps) if one[1].step == step), None)

    @property
    def score(self) -> Score | None:
        """What it came to by the last marks; ``None`` before there are any."""
        found = self.last("scored")
        if found is None:
            return None
        points, axes = weighed(self.scheme, {one.question: one.points for one in found[1].marks})
        return Score(points, axes, found[0])

    @property
    def actions(self) -> list[Action]:
        """Its corrective actions in the order they were asked."""
        steps: dict[str, list[tuple[int, AssessmentStep]]] = {}
        for entry, one in self.steps:
            if one.action is not None:
                steps.setdefault(one.action, []).append((entry, one))
        return [_action(key, found) for key, found in steps.items()]

    def status(self, day: date) -> AssessmentStatus:
        """
        How it stands on a day; the first that is true of these.

        Without marks ``answered``, ``late`` after the day answers were due, else ``open``. With marks ``expired`` after
        its last day, ``suspended`` while a corrective action is past its deadline and not closed, else ``in_force``.
        """
        if self.last("scored") is None:
            if self.last("answered") is not None:
                return "answered"
            return "late" if day > self.assessment.due else "open"
        if day > self.expires:
            return "expired"
        return "suspended" if any(one.is_overdue(day) for one in self.actions) else "in_force"

    def until(self, at: datetime) -> Assessed:
        """The same as it was known at a moment."""
        return self._replace(steps=tuple(one for one in self.steps if one[1].occurred_at <= at))


class Result(NamedTuple):
    """
    A supplier's result at a moment: exact points of 100, how it stands, where it is from.

    It counts while ``status`` is ``in_force``.
    """

    score: Score
    status: AssessmentStatus
    assessment: str
    scheme: str
    expires: date


def weighed(scheme: AssessmentScheme, points: Mapping[str, int]) -> tuple[Decimal, tuple[AxisScore, ...]]:
    """
    Points of 100 in all and by axis, exact: weighted means of the points of each question.

    Raises ``KeyError`` for a question without points.
    """
    whole, axes = 0, list[AxisScore]()
    for axis in scheme.axes:
        part = sum(_parts(one.weight) * points[one.key] for one in axis.questions)
        whole += _parts(axis.weight) * part
        axes.append(AxisScore(axis.axis, _shifted(part, _PLACES // 2)))
    return _shifted(whole, _PLACES), tuple(axes)


def result_at(found: Iterable[Assessed], at: datetime, day: date, scheme: str | None = None) -> Result | None:
    """
    The result of one supplier's assessments as known at ``at``, judged on ``day``; of one ``scheme``, where given.

    It is the scored one with the latest period, in force or not: no older result comes back while that is suspended.
    """
    known = [one.until(at) for one in found if one.assessment.occurred_at <= at]
    told = [
        (one.assessment.period_end, one.entry, one, score)
        for one in known
        if (score := one.score) is not None and scheme in {None, one.scheme.scheme}
    ]
    if not told:
        return None
    _, _, one, score = max(told, key=lambda each: each[:2])
    return Result(score, one.status(day), one.assessment.id, one.scheme.id, one.expires)


def _action(key: str, steps: list[tuple[int, AssessmentStep]]) -> Action:
    asked = steps[0][1]
    status = _STATUS_AFTER[steps[-1][1].step]
    return Action(key, asked.question or "", asked.due or asked.occurred_at.date(), status, tuple(steps))


def _parts(weight: str) -> int:
    return int(Decimal(weight) * _UNIT)


def _shifted(whole: int, places: int) -> Decimal:
    """``whole`` / 10^places, without the zeros behind."""
    exact = Decimal(whole).scaleb(-places)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()

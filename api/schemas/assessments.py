"""Wire shapes of assessments of suppliers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from ledger.programme.assessment import ActionStatus, AssessmentStatus
from ledger.records.assessment import Answer, AssessmentAct, Mark
from ledger.records.assessment_scheme import AssessmentScheme, AxisName, Key
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Name


class NewAssessment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supplier to be assessed for a period by an edition; it answers until the end of ``due``, UTC."""

    supplier: Name
    scheme: Name
    period_start: date
    period_end: date
    due: date


class NewAssessmentStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of an assessment; which fields it needs, its record says."""

    step: AssessmentAct
    action: Key | None = None
    answers: Annotated[tuple[Answer, ...], Meta(max_length=150)] = ()
    due: date | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    judged: Name | None = None
    """The id of the step that is scored, closed or returned: refused when the supplier showed something else since."""
    marks: Annotated[tuple[Mark, ...], Meta(max_length=150)] = ()
    question: Key | None = None
    words: Words | None = None


class AxisView(msgspec.Struct, frozen=True, kw_only=True):
    """Points of 100 of an axis, exact decimal text."""

    axis: AxisName
    points: str


class ActionView(msgspec.Struct, frozen=True, kw_only=True):
    """A corrective action as it stands."""

    action: str
    question: str
    due: date
    status: ActionStatus


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was taken; its entry has all of it."""

    id: str
    entry: int
    step: AssessmentAct
    by: str
    at: datetime
    judged: str | None
    """Of a score, a closing or a return: the id of the supplier's step that was judged."""


class AssessmentView(msgspec.Struct, frozen=True, kw_only=True):
    """An assessment as it stands; its result counts while ``status`` is ``in_force``."""

    assessment: str
    entry: int
    supplier: str
    scheme: str
    period_start: date
    period_end: date
    due: date
    expires: date
    status: AssessmentStatus
    points: str | None
    axes: list[AxisView]
    scored_entry: int | None
    actions: list[ActionView]
    steps: list[StepView]


class AssessmentList(msgspec.Struct, frozen=True, kw_only=True):
    """Assessments, the latest period first; ``next_after`` asks for the next page, and is null on the last."""

    assessments: list[AssessmentView]
    next_after: str | None = None


class PublishedScheme(msgspec.Struct, frozen=True, kw_only=True):
    """An edition with its entry."""

    entry: int
    scheme: AssessmentScheme


class SchemeList(msgspec.Struct, frozen=True, kw_only=True):
    """Published editions, oldest first."""

    schemes: list[PublishedScheme]

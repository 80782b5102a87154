"""What the pages of assessments show: rows of the list, and one assessment question by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from api.pages.words import Figure, figure
from ledger.programme.assessment import Action, Assessed, AssessmentStatus, weighed
from ledger.programme.assessment_rules import Shown, is_shown
from ledger.programme.certificates import CertificateState
from ledger.records.assessment import Answer, AssessmentStep, Mark
from ledger.records.assessment_scheme import AssessmentScheme, Axis, Level, Question
from ledger.services.assessments import Counted


class AssessmentRow(NamedTuple):
    """An assessment in a list; ``points`` without a score is ``None``."""

    id: str
    supplier: str
    period: tuple[date, date]
    due: date
    expires: date
    status: AssessmentStatus
    points: Figure | None
    overdue: int


class SchemeRow(NamedTuple):
    """A published edition."""

    id: str
    entry: int
    name: str
    edition: int


class AssessmentsView(NamedTuple):
    """A page of the list with counts of all, the editions, and whom the reader may ask."""

    counted: Counted
    rows: list[AssessmentRow]
    more: str | None
    schemes: list[SchemeRow]
    may_open: bool
    suppliers: list[tuple[str, str]]


class FileRow(NamedTuple):
    """A file of evidence: where it is, what it is called, and its hash."""

    id: str
    entry: int
    name: str
    sha256: str


class CertificateChoice(NamedTuple):
    """A certificate of the registry and how it stands now."""

    id: str
    scheme: str
    state: CertificateState


class QuestionRow(NamedTuple):
    """A question with what was said to it, what shows that, and what it was found worth."""

    question: Question
    text: str
    answer: Answer | None
    files: list[FileRow]
    certificates: list[CertificateChoice]
    is_shown: bool
    mark: Mark | None


class AxisRow(NamedTuple):
    """An axis with its questions; points of 100 claimed and found, and their lengths in the picture, in thousandths."""

    axis: Axis
    text: str
    questions: list[QuestionRow]
    claimed: Figure | None
    claimed_width: int
    found: Figure | None
    found_width: int


class ActionRow(NamedTuple):
    """A corrective action, the question it is about, and its steps."""

    action: Action
    about: str
    overdue: bool


class StepRow(NamedTuple):
    """A step in the history."""

    entry: int
    step: AssessmentStep
    at: datetime


class AssessmentPage(NamedTuple):
    """One assessment as a reader sees it, and what the reader can do."""

    row: AssessmentRow
    entry: int
    scheme: AssessmentScheme
    scheme_name: str
    levels: Mapping[int, str]
    axes: list[AxisRow]
    points: Figure | None
    exact: str
    scored_entry: int
    actions: list[ActionRow]
    history: list[StepRow]
    files: list[FileRow]
    certificates: list[CertificateChoice]
    judges: str
    """The id of the answers shown, which a score from this page is for."""
    may_answer: bool
    may_score: bool
    may_act: bool
    answers_actions: bool


def worded(one: AssessmentScheme | Axis | Question | Level, locale: str) -> str:
    """The text in the reader's language."""
    return one.zh if locale == "zh-CN" else one.en


def assessment_row(one: Assessed, names: Mapping[str, str], day: date) -> AssessmentRow:
    """A row of the list."""
    said, score = one.assessment, one.score
    return AssessmentRow(
        id=said.id,
        supplier=names.get(said.supplier, said.supplier),
        period=(said.period_start, said.period_end),
        due=said.due,
        expires=one.expires,
        status=one.status(day),
        points=_figure(score.points) if score else None,
        overdue=sum(action.is_overdue(day) for action in one.actions),
    )


def scheme_rows(found: Iterable[tuple[int, AssessmentScheme]], locale: str) -> list[SchemeRow]:
    """Editions, the newest first."""
    return [SchemeRow(one.id, at, worded(one, locale), one.edition) for at, one in found][::-1]


class Reader(NamedTuple):
    """Who reads: in which language, on which day; what organisations are called; may it answer, may it score."""

    locale: str
    day: date
    names: Mapping[str, str]
    answers: bool
    scores: bool


def assessment_page(one: Assessed, shown: Shown, reader: Reader) -> AssessmentPage:
    """One assessment as a reader sees it."""
    locale, score = reader.locale, one.score
    answered, scored = one.last("answered"), one.last("scored")
    answers = {each.question: each for each in answered[1].answers} if answered else {}
    marks = {each.question: each for each in scored[1].marks} if scored else {}
    files = [FileRow(record.id, at, record.name, record.sha256) for at, record in shown.files]
    held = [CertificateChoice(name, *told) for name, told in shown.certificates.items()]
    row = assessment_row(one, reader.names, reader.day)
    questions = one.scheme.questions
    return AssessmentPage(
        row=row,
        entry=one.entry,
        scheme=one.scheme,
        scheme_name=worded(one.scheme, locale),
        levels={each.points: worded(each, locale) for each in one.scheme.levels},
        axes=_axes(one.scheme, answers, marks, shown, locale),
        points=row.points,
        exact=f"{score.points:f}" if score else "",
        scored_entry=score.entry if score else 0,
        actions=[
            ActionRow(each, worded(questions[each.question], locale), each.is_overdue(reader.day))
            for each in one.actions
        ],
        history=[StepRow(at, each, each.occurred_at) for at, each in one.steps][::-1],
        files=files,
        certificates=held,
        judges=answered[1].id if answered else "",
        may_answer=reader.answers and scored is None,
        may_score=reader.scores and answered is not None,
        may_act=reader.scores and scored is not None,
        answers_actions=reader.answers,
    )


def _axes(
    scheme: AssessmentScheme, answers: Mapping[str, Answer], marks: Mapping[str, Mark], shown: Shown, locale: str
) -> list[AxisRow]:
    claimed = _by_axis(scheme, answers)
    found = _by_axis(scheme, marks)
    return [
        AxisRow(
            axis=axis,
            text=worded(axis, locale),
            questions=[_question(one, answers, marks, shown, locale) for one in axis.questions],
            claimed=_figure(claimed[axis.axis]) if claimed else None,
            claimed_width=_width(claimed.get(axis.axis)),
            found=_figure(found[axis.axis]) if found else None,
            found_width=_width(found.get(axis.axis)),
        )
        for axis in scheme.axes
    ]


def _by_axis(scheme: AssessmentScheme, said: Mapping[str, Answer] | Mapping[str, Mark]) -> dict[str, Decimal]:
    if not said:
        return {}
    _, axes = weighed(scheme, {key: one.points for key, one in said.items()})
    return {one.axis: one.points for one in axes}


def _question(
    one: Question, answers: Mapping[str, Answer], marks: Mapping[str, Mark], shown: Shown, locale: str
) -> QuestionRow:
    answer = answers.get(one.key)
    return QuestionRow(
        question=one,
        text=worded(one, locale),
        answer=answer,
        files=_files(answer, shown),
        certificates=[
            CertificateChoice(name, *shown.certificates[name])
            for name in (answer.certificates if answer else ())
            if name in shown.certificates
        ],
        is_shown=answer is not None and is_shown(one, answer, shown),
        mark=marks.get(one.key),
    )


def _files(answer: Answer | None, shown: Shown) -> list[FileRow]:
    named: Sequence[str] = answer.evidence if answer else ()
    return [FileRow(one.id, at, one.name, one.sha256) for at, one in shown.files if one.sha256 in named]


def _figure(points: Decimal) -> Figure:
    return figure(Fraction(points), 1)


def _width(points: Decimal | None) -> int:
    return round(Fraction(points or 0) * 10)

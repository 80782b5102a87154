"""
A supplier assessed over a period, and each step of it: answered, scored, corrective actions asked and closed.

Who acts are parties: the supplier answers, somebody else scores. What a score comes to is computed from the marks.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.assessment_scheme import Key, Points
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.pcf_request import Words
from ledger.records.pcf_review import Digest
from ledger.records.transport_leg import Moment, Name

AssessmentAct = Literal["action_answered", "action_asked", "action_closed", "action_returned", "answered", "scored"]
OF_SUPPLIER: Final[frozenset[AssessmentAct]] = frozenset({"action_answered", "answered"})
"""Steps that the supplier takes; every other one is somebody else's."""
_SAYS: Final[dict[AssessmentAct, frozenset[str]]] = {
    "action_answered": frozenset({"action", "evidence", "words"}),
    "action_asked": frozenset({"action", "due", "question", "words"}),
    "action_closed": frozenset({"action", "judged", "words"}),
    "action_returned": frozenset({"action", "judged", "words"}),
    "answered": frozenset({"answers"}),
    "scored": frozenset({"judged", "marks"}),
}
"""What a step says, all of it and nothing else."""
_FIELDS: Final = ("action", "answers", "due", "evidence", "judged", "marks", "question", "words")


class Assessment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    ``supplier`` (an organisation's id) is assessed for the days ``period_start`` to ``period_end``.

    It answers by ``due``; ``scheme`` is the record of the edition it is judged by.
    """

    due: date
    id: Name
    kind: Literal["assessment"]
    occurred_at: Moment
    period_end: date
    period_start: date
    scheme: Name
    supplier: Name
    version: Literal[1]


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What the supplier says to a question: the ``points`` of the level it claims, why, and what shows it.

    ``certificates`` are record ids of the registry, ``evidence`` SHA-256 of files handed in about the assessment.
    """

    certificates: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    points: Points
    question: Key
    words: Words | None = None


class Mark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an answer is worth, and why."""

    points: Points
    question: Key
    reason: Words


class AssessmentStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A ``step`` of ``assessment`` that ``by`` took: the supplier, a verifier's organisation, or the house's name.

    ``judged`` is the step whose answers were scored, or whose evidence an action was closed or returned for; ``action``
    names a corrective action within the assessment, which is due on ``due``.
    """

    action: Key | None = None
    answers: Annotated[tuple[Answer, ...], Meta(max_length=150)] = ()
    assessment: Name
    by: Name
    due: date | None = None
    evidence: Annotated[tuple[Digest, ...], Meta(max_length=20)] = ()
    id: Name
    judged: Name | None = None
    kind: Literal["assessment_step"]
    marks: Annotated[tuple[Mark, ...], Meta(max_length=150)] = ()
    occurred_at: Moment
    question: Key | None = None
    step: AssessmentAct
    supplier: Name
    version: Literal[1]
    words: Words | None = None


def assessment_id(supplier: str, scheme: str, period_start: date) -> str:
    """One supplier is assessed once for a period by an edition."""
    return "assessment:" + sha256(f"{supplier}\n{scheme}\n{period_start}".encode()).hexdigest()[:40]


def check_assessment(record: Assessment) -> None:
    """The id is that of supplier, edition and period; the period has a length, and answers are due after it began."""
    if record.id != assessment_id(record.supplier, record.scheme, record.period_start):
        raise contradiction(
            "the id is not that of supplier, edition and period", "编号须由供应商、版本与期间组成", "/id"
        )
    if record.period_end < record.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/period_end")
    if record.due < record.period_start:
        raise contradiction("answers are due before the period starts", "答复期限早于期间开始", "/due")


def check_step(record: AssessmentStep) -> None:
    """A step says what it has to and no more, by whom it has to be; each question is answered or marked once."""
    says = _SAYS[record.step]
    for name in _FIELDS:
        if bool(getattr(record, name)) == (name in says):
            continue
        at = Place(pointer=f"/{name}")
        if name in says:
            raise FieldMissing(field=name).at(at)
        raise contradiction(f"the step {record.step} has no {name}", f"步骤 {record.step} 没有字段 {name}").at(at)
    if (record.by == record.supplier) != (record.step in OF_SUPPLIER):
        raise contradiction(
            "a supplier answers for itself, and somebody else judges", "供应商只为自己作答，由他方评分", "/by"
        )
    for name in ("answers", "marks"):
        asked = [one.question for one in getattr(record, name)]
        if len(set(asked)) < len(asked):
            raise contradiction("a question is there twice", "同一问题出现两次", f"/{name}")
    for index, one in enumerate(record.answers):
        if len({*one.evidence, *one.certificates}) < len(one.evidence) + len(one.certificates):
            raise contradiction("one is named twice", "有一项重复", f"/answers/{index}")

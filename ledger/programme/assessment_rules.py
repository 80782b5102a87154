"""Which step an assessment takes as it stands, and what points an answer can get for what shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ledger.errors import Place
from ledger.programme.assessment import Action, Assessed
from ledger.programme.certificates import CertificateState
from ledger.programme.errors import AssessmentStepRefused, NotShown, QuestionsDiffer
from ledger.programme.schemes import satisfies
from ledger.records.assessment import Answer, AssessmentStep, Mark
from ledger.records.assessment_scheme import AssessmentScheme, Question
from ledger.records.evidence_file import EvidenceFile


class Shown(NamedTuple):
    """Files handed in about an assessment, with entries; the supplier's certificates: scheme, and how each stands."""

    files: Sequence[tuple[int, EvidenceFile]]
    certificates: Mapping[str, tuple[str, CertificateState]]

    @property
    def digests(self) -> frozenset[str]:
        """SHA-256 of the files."""
        return frozenset(one.sha256 for _, one in self.files)


def ensure_takes(one: Assessed, step: AssessmentStep, shown: Shown) -> None:
    """
    Raise unless an assessment takes a step as it stands.

    Raises ``AssessmentStepRefused``; ``QuestionsDiffer`` and ``NotShown`` for what is said in it.
    """
    if step.step == "answered":
        if one.last("scored") is not None:
            raise _refused(step, "it was scored already", "已评分")
        _ensure_answers(one.scheme, step.answers, shown)
    elif step.step == "scored":
        answered = one.last("answered")
        if answered is None:
            raise _refused(step, "the supplier has not answered", "供应商尚未作答")
        if step.judged != answered[1].id:
            raise _refused(step, "the supplier answered again since", "供应商其后已重新作答")
        _ensure_marks(one.scheme, answered[1].answers, step.marks, shown)
    elif step.step == "action_asked":
        if one.last("scored") is None:
            raise _refused(step, "it was not scored yet", "尚未评分")
        if step.due is not None and step.due < step.occurred_at.date():
            raise _refused(step, "the deadline is over already", "期限已过")
        if step.question not in one.scheme.questions:
            raise QuestionsDiffer(
                question=step.question or "", why="the edition has no such", why_zh="该版方案无此问题"
            )
    else:
        _ensure_action(next((each for each in one.actions if each.key == step.action), None), step, shown)


def _ensure_answers(scheme: AssessmentScheme, answers: Sequence[Answer], shown: Shown) -> None:
    _ensure_same(scheme, answers)
    for index, one in enumerate(answers):
        for name in one.evidence:
            if name not in shown.digests:
                why = f"no file {name[:12]} was handed in about this assessment"
                raise _not_shown(one.question, why, f"没有就本评估提交过文件 {name[:12]}", f"/answers/{index}/evidence")
        for name in one.certificates:
            if name not in shown.certificates:
                why = f"the registry has no certificate {name} of this supplier"
                raise _not_shown(
                    one.question, why, f"登记簿中没有该供应商的证书 {name}", f"/answers/{index}/certificates"
                )


def _ensure_marks(scheme: AssessmentScheme, answers: Sequence[Answer], marks: Sequence[Mark], shown: Shown) -> None:
    _ensure_same(scheme, marks)
    said = {one.question: one for one in answers}
    for index, mark in enumerate(marks):
        question = scheme.questions[mark.question]
        if mark.points and not is_shown(question, said[mark.question], shown):
            why, zh = _LACKING[question.needs]
            raise _not_shown(mark.question, why, zh, f"/marks/{index}/points")


_LACKING = {
    "certificate": ("no points without a certificate in force", "没有有效证书不能得分"),
    "file": ("no points without a file that shows it", "没有证据文件不能得分"),
    "words": ("no points without an answer in words", "没有文字说明不能得分"),
}


def is_shown(question: Question, answer: Answer, shown: Shown) -> bool:
    """Whether there is what a question asks for: a certificate in force now, a file, or words."""
    if question.needs == "words":
        return answer.words is not None
    if question.needs == "file":
        return any(name in shown.digests for name in answer.evidence)
    held = [shown.certificates[name] for name in answer.certificates if name in shown.certificates]
    return any(
        state == "in_force" and any(satisfies(asked, scheme) for asked in question.certificates)
        for scheme, state in held
    )


def _ensure_same(scheme: AssessmentScheme, said: Sequence[Answer] | Sequence[Mark]) -> None:
    known, levels = scheme.questions, {one.points for one in scheme.levels}
    for one in said:
        if one.question not in known:
            raise QuestionsDiffer(question=one.question, why="the edition has no such", why_zh="该版方案无此问题")
        if one.points not in levels:
            raise QuestionsDiffer(
                question=one.question, why=f"no level has {one.points}", why_zh=f"没有 {one.points} 分的等级"
            )
    for key in known:
        if key not in {one.question for one in said}:
            raise QuestionsDiffer(question=key, why="is left out", why_zh="未作答")


def _ensure_action(action: Action | None, step: AssessmentStep, shown: Shown) -> None:
    if action is None:
        raise _refused(step, f"there is no corrective action {step.action}", f"没有整改项 {step.action}")
    if action.status == "closed":
        raise _refused(step, "the corrective action is closed", "该整改项已关闭")
    if step.step == "action_answered":
        for name in step.evidence:
            if name not in shown.digests:
                why = f"no file {name[:12]} was handed in about this assessment"
                raise _not_shown(action.question, why, f"没有就本评估提交过文件 {name[:12]}", "/evidence")
    elif action.status != "answered":
        raise _refused(step, "the supplier has not shown what it did", "供应商尚未提交整改证据")
    elif step.judged != action.steps[-1][1].id:
        raise _refused(step, "the supplier showed something else since", "供应商其后已重新提交整改证据")


def _refused(step: AssessmentStep, why: str, why_zh: str) -> AssessmentStepRefused:
    return AssessmentStepRefused(assessment=step.assessment, step=step.step, why=why, why_zh=why_zh)


def _not_shown(question: str, why: str, why_zh: str, pointer: str) -> NotShown:
    return NotShown(question=question, why=why, why_zh=why_zh).at(Place(pointer=pointer))

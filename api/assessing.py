"""Who may take which step of an assessment, and what is shown of one on the wire."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from api.parties import party_of
from api.permissions import GRANTS, Permission, may
from api.schemas.assessments import ActionView, AssessmentView, AxisView, StepView
from api.scope import Scope
from ledger.programme.assessment import Assessed
from ledger.records.assessment import OF_SUPPLIER, AssessmentAct
from ledger.services.access import Principal, require
from ledger.services.assessments import take_step
from ledger.wiring import Ledger

SCORES: Final[Permission] = "assessments.score"
ANSWERS: Final[Permission] = "assessments.answer"


def step_taken(ledger: Ledger, principal: Principal, name: str, step: AssessmentAct, says: dict[str, Any]) -> None:
    """Take a step, if the principal may; raises what ``require`` and ``take_step`` raise."""
    needed = ANSWERS if step in OF_SUPPLIER else SCORES
    require(principal, needed, GRANTS[needed])
    take_step(ledger, party_of(principal), name, step, **says)


def assessment_view(ledger: Ledger, one: Assessed) -> AssessmentView:
    """An assessment as it stands today, UTC."""
    day, score, said = ledger.clock.now().astimezone(UTC).date(), one.score, one.assessment
    return AssessmentView(
        assessment=said.id,
        entry=one.entry,
        supplier=said.supplier,
        scheme=said.scheme,
        period_start=said.period_start,
        period_end=said.period_end,
        due=said.due,
        expires=one.expires,
        status=one.status(day),
        points=f"{score.points:f}" if score else None,
        axes=[AxisView(axis=each.axis, points=f"{each.points:f}") for each in score.axes] if score else [],
        scored_entry=score.entry if score else None,
        actions=[
            ActionView(action=each.key, question=each.question, due=each.due, status=each.status)
            for each in one.actions
        ],
        steps=[
            StepView(id=each.id, entry=at, step=each.step, by=each.by, at=each.occurred_at, judged=each.judged)
            for at, each in one.steps
        ],
    )


def seen_as(scope: Scope, one: Assessed) -> frozenset[Permission]:
    """Which of answering and scoring a reader may do to an assessment: never both, and nobody to its own."""
    own = party_of(scope.principal).organisation == one.assessment.supplier
    needed = ANSWERS if own else SCORES
    return frozenset({needed}) if may(scope.principal, needed) else frozenset()

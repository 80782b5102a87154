"""Assessments of suppliers on three axes: published editions, assessments as they stand, and their steps."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.assessing import assessment_view, step_taken
from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.paging import After, Limit, place_of, text_of
from api.parties import party_of
from api.schemas.assessments import (
    AssessmentList,
    AssessmentView,
    NewAssessment,
    NewAssessmentStep,
    PublishedScheme,
    SchemeList,
)
from api.wire import read, reply
from ledger.services.assessments import PAGE, Opened, assessment_seen, assessments_page, open_assessment, schemes
from ledger.services.project import catch_up

router = APIRouter(tags=["assessments of suppliers"])


@router.get("/api/v1/assessment-schemes", **gives(SchemeList))
def list_schemes(ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Every published edition: axes, questions, weights, levels. Handed in as a record of kind assessment_scheme."""
    catch_up(ledger.entries, ledger.projections)
    found = schemes(ledger, principal.tenant)
    return reply(SchemeList(schemes=[PublishedScheme(entry=at, scheme=one) for at, one in found]))


@router.get("/api/v1/assessments", **gives(AssessmentList))
def list_assessments(ledger: LedgerDep, principal: PrincipalDep, after: After = None, limit: Limit = PAGE) -> Response:
    """Assessments of the house, page by page; a supplier's account sees its organisation's."""
    found, more = assessments_page(ledger, party_of(principal), place_of(after), limit)
    listed = [assessment_view(ledger, one) for one in found]
    return reply(AssessmentList(assessments=listed, next_after=text_of(more)))


@router.post("/api/v1/assessments", **gives(AssessmentView, status=201, takes=NewAssessment))
async def post_assessment(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Ask a supplier for its answers for a period."""
    said, party = await read(request, NewAssessment), party_of(principal)
    opened = Opened(said.supplier, said.scheme, said.period_start, said.period_end, said.due)

    def take() -> AssessmentView:
        made, _ = open_assessment(ledger, party, opened)
        return assessment_view(ledger, assessment_seen(ledger, party, made.id))

    made = await run_in_threadpool(take)
    return reply(made, 201, Location=f"/api/v1/assessments/{made.assessment}")


@router.get("/api/v1/assessments/{assessment_id}", **gives(AssessmentView))
def get_assessment(assessment_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One assessment with its score, corrective actions and steps."""
    return reply(assessment_view(ledger, assessment_seen(ledger, party_of(principal), assessment_id)))


@router.post("/api/v1/assessments/{assessment_id}/steps", **gives(AssessmentView, takes=NewAssessmentStep))
async def post_step(request: Request, assessment_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """A step: the supplier answers and shows what it corrected; others score, ask for actions, close or return."""
    said, party = await read(request, NewAssessmentStep), party_of(principal)
    says = {name: getattr(said, name) for name in said.__struct_fields__ if name != "step"}

    def take() -> AssessmentView:
        step_taken(ledger, principal, assessment_id, said.step, says)
        return assessment_view(ledger, assessment_seen(ledger, party, assessment_id))

    return reply(await run_in_threadpool(take))

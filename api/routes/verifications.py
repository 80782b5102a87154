"""Internal verification: plans, samples drawn by a checkpoint, findings, restatements, signed statements."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.parties import party_of
from api.schemas.verifications import NewVerification, NewVerificationStep, VerificationList, VerificationView
from api.verifying import step_taken, verification_view
from api.wire import read, reply
from ledger.services.internal_verification import Planned, draw, plan, verification, verifications

router = APIRouter(tags=["internal verification"])


@router.get("/api/v1/verifications", **gives(VerificationList))
def list_verifications(
    ledger: LedgerDep,
    principal: PrincipalDep,
    after: Annotated[int, Query(ge=-1)] = -1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Plans with their counts; ``after`` is an entry."""
    found = verifications(ledger, party_of(principal), after, limit)
    return reply(
        VerificationList(
            verifications=[verification_view(ledger, one, limit=0) for one in found],
            next_after=found[-1].entry if len(found) == limit else None,
        )
    )


@router.post("/api/v1/verifications", **gives(VerificationView, status=201, takes=NewVerification))
async def post_verification(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """State what is to be sampled; the sample is drawn later, by a checkpoint that does not exist yet."""
    said, party = await read(request, NewVerification), party_of(principal)
    planned = Planned(said.title, said.kinds, said.confidence_pct, said.tolerable_pct)

    def take() -> VerificationView:
        made, _ = plan(ledger, party, planned)
        return verification_view(ledger, verification(ledger, party, made.id))

    made = await run_in_threadpool(take)
    return reply(made, 201, Location=f"/api/v1/verifications/{made.plan}")


@router.get("/api/v1/verifications/{verification_id}", **gives(VerificationView))
def get_verification(
    verification_id: str,
    ledger: LedgerDep,
    principal: PrincipalDep,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """One verification with its sampled entries."""
    found = verification(ledger, party_of(principal), verification_id)
    return reply(verification_view(ledger, found, after, limit))


@router.post("/api/v1/verifications/{verification_id}/sample", **gives(VerificationView))
async def post_sample(verification_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Draw the sample by the first checkpoint over the plan, and record it."""
    party = party_of(principal)

    def take() -> VerificationView:
        draw(ledger, party, verification_id)
        return verification_view(ledger, verification(ledger, party, verification_id))

    return reply(await run_in_threadpool(take))


@router.post("/api/v1/verifications/{verification_id}/steps", **gives(VerificationView, takes=NewVerificationStep))
async def post_verification_step(
    request: Request, verification_id: str, ledger: LedgerDep, principal: PrincipalDep
) -> Response:
    """A step: a finding about a sampled entry, what restated it, the signed statement at the end."""
    said, party = await read(request, NewVerificationStep), party_of(principal)
    says = {name: getattr(said, name) for name in said.__struct_fields__ if name != "step"}

    def take() -> VerificationView:
        step_taken(ledger, principal, verification_id, said.step, says)
        return verification_view(ledger, verification(ledger, party, verification_id))

    return reply(await run_in_threadpool(take))

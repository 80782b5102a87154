"""The tenant's targets: paths, pace, warnings, tasks, scenarios, emissions trading, measures."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.wire import reply
from ledger.services.targets import targets_of

router = APIRouter(tags=["targets"])


@router.get("/api/v1/targets", **gives(None))
def get_targets(ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Everything about targets, figures as exact text; what no figure uses is listed with its reason."""
    return reply(targets_of(ledger, principal.tenant).to_record())

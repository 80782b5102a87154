"""Calculation runs of the tenant: start one, read one, compute one again from its entries."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.schemas.native import NewRun, RunList, RunView
from api.wire import read, reply
from ledger.records.calculation_run import CalculationRun
from ledger.services.capture import Submission
from ledger.services.compare_runs import compare_runs
from ledger.services.evidence import evidence_of
from ledger.services.replay_run import replay_run
from ledger.services.runs import newest_runs, result_bytes, run_named, start_run

router = APIRouter(tags=["runs"])
Since = Annotated[str, Query(max_length=200, description="The id of the earlier run")]
Limit = Annotated[int, Query(ge=1, le=1000, description="The newest so many")]


@router.get("/api/v1/runs", **gives(RunList))
def list_runs(ledger: LedgerDep, principal: PrincipalDep, limit: Limit = 100) -> Response:
    """The newest runs, each with what it pins and its totals."""
    found, total = newest_runs(ledger, principal.tenant, limit)
    return reply(RunList(total=total, runs=[_view(at, run) for at, run in found]))


@router.post("/api/v1/runs", **gives(RunView, 200, status=201, takes=NewRun))
async def post_run(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Compute every route and product at a checkpoint and record it; the same run again is the same entry (200)."""
    asked = await read(request, NewRun)
    submission = Submission.of(principal)
    run, receipt = await run_in_threadpool(start_run, ledger, submission, asked.factors, asked.checkpoint)
    return reply(_view(receipt.seq, run), 201 if receipt.fresh else 200)


@router.get("/api/v1/runs/{run_id}", **gives(RunView))
def get_run(run_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One run."""
    return reply(_view(*run_named(ledger, principal.tenant, run_id)))


@router.get("/api/v1/runs/{run_id}/result", **gives(None))
def get_run_result(run_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Everything the run gave, route by route and product by product; its canonical bytes have the run's hash."""
    return Response(result_bytes(ledger, run_named(ledger, principal.tenant, run_id)[1]), media_type="application/json")


@router.get("/api/v1/runs/{run_id}/evidence", **gives(None, media_type="application/zip"))
def get_evidence(run_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The evidence pack, a zip: computed again before the first byte is sent; a run that does not replay has none."""
    found = evidence_of(ledger, principal.tenant, run_id)
    named = f'attachment; filename="evidence-{found.run.checkpoint.size}-{found.run.result_sha256[:12]}.zip"'
    return StreamingResponse(found.zipped(), media_type="application/zip", headers={"Content-Disposition": named})


@router.post("/api/v1/runs/{run_id}/replay", **gives(None))
def post_replay(run_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The run computed again from the stored entries: holds, differs or cannot-tell, with the first differences."""
    return reply(replay_run(ledger, run_named(ledger, principal.tenant, run_id)[1]).to_record())


@router.get("/api/v1/runs/{run_id}/changes", **gives(None))
def get_changes(run_id: str, ledger: LedgerDep, principal: PrincipalDep, since: Since) -> Response:
    """What changed from the run ``since`` to this one, by cause; the parts sum to the difference exactly."""
    older, newer = (run_named(ledger, principal.tenant, name)[1] for name in (since, run_id))
    return reply(compare_runs(ledger, older, newer).to_record())


def _view(entry: int, run: CalculationRun) -> RunView:
    record: Any = msgspec.to_builtins(run)
    return RunView(entry=entry, run=record)

"""Calculation runs of the reader's tenant: the list, one with what it pins and gives, starting and replaying one."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.run_views import RunsView, run_row, run_view
from api.pages.shell import page
from api.permissions import may
from api.scope import Scope
from ledger.services.capture import Submission
from ledger.services.replay_run import Replay, replay_run
from ledger.services.runs import newest_runs, result_of, run_named, start_run

router = APIRouter(include_in_schema=False)
LONGEST_LIST: Final = 100


@router.get("/runs")
def runs(request: Request, scope: ScopeDep) -> Response:
    """The newest runs."""
    t = translator(locale_for(request))
    found, total = newest_runs(scope.ledger, scope.tenant, LONGEST_LIST)
    sets = [*reversed(scope.ledger.factors.ids())]
    current = scope.ledger.factors.current().id
    view = RunsView([run_row(*one) for one in found], total, sets, current, may(scope.principal, "runs.start"))
    return page(request, "runs.html", view, crumbs=((t("nav.runs"), ""),))


@router.post("/runs")
async def start(request: Request, scope: ScopeDep) -> Response:
    """Compute everything there is, and record it. The answer comes when that is done."""
    said = (await request.form()).get("factors")
    submission = Submission.of(scope.principal)
    factors = said if isinstance(said, str) and said else None
    run, _ = await run_in_threadpool(start_run, scope.ledger, submission, factors)
    return RedirectResponse(f"/runs/{run.id}", 303)


@router.get("/runs/{run_id}")
def run(request: Request, run_id: str, scope: ScopeDep) -> Response:
    """One run."""
    return _run(request, run_id, scope, None)


@router.post("/runs/{run_id}/replay")
def replay(request: Request, run_id: str, scope: ScopeDep) -> Response:
    """The same page with the verdict of computing the run again."""
    _, found = run_named(scope.ledger, scope.tenant, run_id)
    return _run(request, run_id, scope, replay_run(scope.ledger, found))


def _run(request: Request, run_id: str, scope: Scope, replayed: Replay | None) -> Response:
    locale = locale_for(request)
    t = translator(locale)
    entry, found = run_named(scope.ledger, scope.tenant, run_id)
    content = result_of(scope.ledger, found)
    view = run_view(entry, found, content, replayed, locale, may_replay=may(scope.principal, "runs.replay"))
    return page(request, "run.html", view, crumbs=((t("nav.runs"), "/runs"), (found.id, "")))

"""The targets of the reader's tenant; warnings become tasks, tasks are answered and closed."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.target_views import targets_view
from api.permissions import may
from api.scope import Scope
from ledger.errors import LedgerError
from ledger.services.capture import Submission
from ledger.services.project import catch_up
from ledger.services.targets import Reply, open_tasks, take_step, targets_of

router = APIRouter(include_in_schema=False)
LONGEST_NAME: Final = 200
LONGEST_WORDS: Final = 1000


@router.get("/targets")
def targets(request: Request, scope: ScopeDep) -> Response:
    """Every target with its path and pace, open tasks, allowances, measures."""
    locale = locale_for(request)
    t = translator(locale)
    view = targets_view(
        targets_of(scope.ledger, scope.tenant),
        t,
        locale,
        may_steer=may(scope.principal, "targets.write"),
        may_answer=may(scope.principal, "tasks.answer"),
    )
    return page(request, "targets.html", view, crumbs=((t("nav.targets"), ""),))


@router.post("/targets/tasks")
def open_them(scope: ScopeDep) -> Response:
    """A task for every warning that has none, of everything recorded so far."""
    _follow(scope)
    for outcome in open_tasks(scope.ledger, _submission(scope)):
        if isinstance(outcome, LedgerError):
            raise outcome
    return _back(scope)


@router.post("/targets/tasks/answer")
async def answer(request: Request, scope: ScopeDep) -> Response:
    """An answer to an open task."""
    return await _stepped(request, scope, "answered")


@router.post("/targets/tasks/close")
async def close(request: Request, scope: ScopeDep) -> Response:
    """The end of an open task."""
    return await _stepped(request, scope, "closed")


async def _stepped(request: Request, scope: Scope, step: Reply) -> Response:
    said = {key: str(value).strip() for key, value in (await request.form()).items()}
    for name, most in (("task", LONGEST_NAME), ("words", LONGEST_WORDS)):
        if not 0 < len(said.get(name, "")) <= most:
            raise ParameterRefused(name=name, why=f"1 - {most}")
    await run_in_threadpool(take_step, scope.ledger, _submission(scope), said["task"], step, said["words"])
    return await run_in_threadpool(_back, scope)


def _submission(scope: Scope) -> Submission:
    return Submission.of(scope.principal)


def _back(scope: Scope) -> Response:
    """To the tasks, which then show what was just recorded."""
    _follow(scope)
    return RedirectResponse("/targets#tasks", 303)


def _follow(scope: Scope) -> None:
    catch_up(scope.ledger.entries, scope.ledger.projections)

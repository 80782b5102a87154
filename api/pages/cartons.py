"""Cartons: a mix of orders handed in, the curve over how many cartons are kept, and its files."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.carton_example import example_mix
from api.carton_work import curve_of, mix_of
from api.deps import RuntimeDep, ScopeDep, locale_for
from api.downloads import MEDIA, download
from api.pages.carton_views import mix_tables, mix_view
from api.pages.catalogue import translator
from api.pages.plan_list_views import DayRow, day_rows
from api.pages.plans import sent_file
from api.pages.shell import page
from api.permissions import may
from api.scope import Scope
from ledger.adapters.files.carton_workbook import SHEETS, read_mix
from ledger.adapters.files.plan_refused import refused_tables
from ledger.adapters.files.plan_tables import template_tables
from ledger.adapters.files.written_workbook import workbook
from ledger.errors import LedgerError
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.plan_drafts import Asked, PlanDraftAbsent, begin, done_draft, draft_of, now

router = APIRouter(include_in_schema=False)


class CartonsView(NamedTuple):
    """The page one begins at."""

    days: list[DayRow]
    next_before: str
    may_plan: bool
    fault: str
    fix: str


@router.get("/cartons")
def cartons(request: Request, scope: ScopeDep, before: Annotated[str, Query(max_length=60)] = "") -> Response:
    """Mixes that were handed in."""
    return _list(request, scope, before)


def _list(request: Request, scope: Scope, before: str = "", fault: LedgerError | None = None) -> Response:
    locale = locale_for(request)
    days, following = day_rows(scope, "cartons", before)
    words = (fault.message(locale), fault.fix(locale)) if fault else ("", "")
    view = CartonsView(days, following, may(scope.principal, "plans.write"), *words)
    crumbs = ((translator(locale)("nav.cartons"), ""),)
    return page(request, "cartons.html", view, crumbs=crumbs, status=422 if fault else 200)


@router.post("/cartons")
async def take(request: Request, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """A mix; it is read at once, and chosen for beside what is answered."""
    form = await request.form()
    try:
        draft = await run_in_threadpool(_begun, scope, await sent_file(form))
    except LedgerError as error:
        return await run_in_threadpool(_list, request, scope, fault=error)
    runtime.planning.wake()
    return RedirectResponse(f"/cartons/{draft.id}", 303)


@router.post("/cartons/example")
def try_example(scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Orders and candidates whose best cartons are published."""
    draft = _begun(scope, ("example-mix.xlsx", example_mix()))
    runtime.planning.wake()
    return RedirectResponse(f"/cartons/{draft.id}", 303)


def _begun(scope: Scope, file: tuple[str, bytes]) -> PlanDraft:
    read_mix(file[1], file[0])
    return begin(scope.ledger, (scope.tenant, scope.principal.id), "cartons", file, [Asked("")])


@router.get("/cartons/template")
def template() -> Response:
    """An empty workbook with every sheet and heading."""
    return download(workbook(template_tables(SHEETS)), MEDIA["xlsx"], "mix.xlsx")


@router.get("/cartons/example")
def example_file() -> Response:
    """The example as a workbook."""
    return download(example_mix(), MEDIA["xlsx"], "example-mix.xlsx")


@router.get("/cartons/{draft_id}")
def mix(request: Request, draft_id: str, scope: ScopeDep, k: Annotated[int, Query(ge=0, le=100)] = 0) -> Response:
    """The curve of a mix, and the choice of ``k`` cartons."""
    found = _draft(scope, draft_id)
    book = mix_of(scope.ledger, found)
    curve = curve_of(scope.ledger, found, book) if found.stage == "done" else []
    locale = locale_for(request)
    view = mix_view(found, book, curve, (k, may(scope.principal, "plans.write"), now(scope.ledger), locale))
    crumbs = ((translator(locale)("nav.cartons"), "/cartons"), (found.file, ""))
    return page(request, "carton-mix.html", view, crumbs=crumbs)


def _draft(scope: Scope, draft_id: str) -> PlanDraft:
    found = draft_of(scope.ledger, scope.tenant, draft_id)
    if found.kind != "cartons":
        raise PlanDraftAbsent(draft=draft_id[:60])
    return found


@router.get("/cartons/{draft_id}/file")
def file(request: Request, draft_id: str, scope: ScopeDep) -> Response:
    """The curve and every assignment, and rows that were left out, as a workbook."""
    _draft(scope, draft_id)
    found = done_draft(scope.ledger, scope.tenant, draft_id)
    book = mix_of(scope.ledger, found)
    tables = mix_tables(curve_of(scope.ledger, found, book))
    tables += refused_tables(scope.ledger.contents.read(found.sha256), book.refused, locale_for(request))
    return download(workbook(tables), MEDIA["xlsx"], f"{found.file.removesuffix('.xlsx')}-cartons.xlsx")

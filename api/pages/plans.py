"""Plans of routes: the list, a day's workbook handed in, its template, and an example to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as Sent
from starlette.responses import RedirectResponse, Response

from api.deps import RuntimeDep, ScopeDep, locale_for
from api.downloads import MEDIA, download
from api.pages.catalogue import translator
from api.pages.plan_list_views import DayRow, RecordedPage, day_rows, recorded_page
from api.pages.shell import page
from api.permissions import may
from api.plan_asks import ITERATIONS, SPEED, ask_of
from api.plan_example import example_day
from api.planned_day import DAY, pinned
from api.scope import Scope
from ledger.adapters.files.plan_tables import template_tables
from ledger.adapters.files.written_workbook import workbook
from ledger.errors import LedgerError
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.plan_drafts import MOST_BYTES, Asked, PlanFileSize, begin

router = APIRouter(include_in_schema=False)
ASKS = ("seed", "iterations", "carbon_price", "speed")
_LONGEST = 200


class PlansView(NamedTuple):
    """The page one begins at."""

    days: list[DayRow]
    next_before: str
    recorded: RecordedPage
    may_plan: bool
    iterations: int
    speed: int
    said: Mapping[str, str]
    fault: str
    fix: str


@router.get("/plans")
def plans(
    request: Request, scope: ScopeDep,
    before: Annotated[str, Query(max_length=60)] = "", older: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> Response:  # fmt: skip
    """Days under way, and what was recorded."""
    return _list(request, scope, before=before, older=older)


def _list(
    request: Request,
    scope: Scope,
    *,
    before: str = "",
    older: int | None = None,
    said: Mapping[str, str] | None = None,
    fault: LedgerError | None = None,
) -> Response:
    locale = locale_for(request)
    days, following = day_rows(scope, "routes", before)
    view = PlansView(
        days=days,
        next_before=following,
        recorded=recorded_page(scope, older),
        may_plan=may(scope.principal, "plans.write"),
        iterations=ITERATIONS,
        speed=SPEED,
        said=said or {},
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((translator(locale)("nav.plans"), ""),)
    return page(request, "plans.html", view, crumbs=crumbs, status=422 if fault else 200)


@router.post("/plans")
async def take(request: Request, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """A day's workbook; it is read at once, and planned beside what is answered."""
    form = await request.form()
    said = said_in(form, (*ASKS, DAY))
    try:
        ask_of(said)
        draft = await run_in_threadpool(_begun, scope, await sent_file(form), said)
    except LedgerError as error:
        return await run_in_threadpool(_list, request, scope, said=said, fault=error)
    runtime.planning.wake()
    return RedirectResponse(f"/plans/days/{draft.day}", 303)


@router.post("/plans/example")
def try_example(scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """A day of a warehouse near Nanjing, invented, to see what comes of it."""
    draft = _begun(scope, ("example-day.xlsx", example_day()), {})
    runtime.planning.wake()
    return RedirectResponse(f"/plans/days/{draft.day}", 303)


@router.get("/plans/template")
def template() -> Response:
    """An empty workbook with every sheet and heading."""
    return download(workbook(template_tables()), MEDIA["xlsx"], "day.xlsx")


@router.get("/plans/example")
def example_file() -> Response:
    """The example as a workbook, to see how one is filled."""
    return download(example_day(), MEDIA["xlsx"], "example-day.xlsx")


def _begun(scope: Scope, file: tuple[str, bytes], said: Mapping[str, str]) -> PlanDraft:
    """The day as it is driven today, where the file says so, and the first plan."""
    book, kept = pinned(scope.ledger, file, said.get(DAY, ""))
    said = {**said, **kept}
    asked = [Asked("", {**said, "today": "1"})] if book.today else []
    whose = (scope.tenant, scope.principal.id)
    return begin(scope.ledger, whose, "routes", file, [*asked, Asked("", said)])


async def sent_file(form: FormData) -> tuple[str, bytes]:
    """Name and bytes of the file of a form. Raises ``PlanFileSize``."""
    sent = form.get("file")
    size = (sent.size or 0) if isinstance(sent, Sent) else 0
    if not isinstance(sent, Sent) or not 0 < size <= MOST_BYTES:
        raise PlanFileSize(size=size, limit=MOST_BYTES)
    return sent.filename or "day.xlsx", await sent.read()


def said_in(form: FormData, names: tuple[str, ...]) -> dict[str, str]:
    """What a form says under these names, as far as it says something."""
    found = ((name, form.get(name)) for name in names)
    return {name: text.strip()[:_LONGEST] for name, text in found if isinstance(text, str) and text.strip()}

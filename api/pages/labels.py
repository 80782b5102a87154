"""The label desk: choose what to print, see it drawn, print it, and what became of each job."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import RuntimeDep, ScopeDep, locale_for
from api.faults import NoSuchAddress, ParameterRefused
from api.pages.catalogue import translator
from api.pages.label_forms import SOURCES, chosen, fields, listing_of, order_of_form, whole
from api.pages.label_views import (
    CheckedView,
    DeskView,
    JobsView,
    RunView,
    StockView,
    checked_faults,
    job_rows,
    job_view,
)
from api.pages.shell import page
from api.runtime import Runtime
from api.scope import Scope
from labels.layout import DPIS
from labels.stocks import STOCKS
from ledger.errors import LedgerError
from ledger.ports.labels import LabelOrder, Progress
from ledger.services.label_desk import LabelDesk, order_of, print_job, report_of
from ledger.services.label_list import numbers_in
from ledger.services.print_labels import new_job, print_labels
from ledger.services.project import catch_up
from ledger.services.reprint_labels import reprint_labels
from ledger.services.void_labels import void_labels

router = APIRouter(include_in_schema=False)
THINGS, RECENT, JOBS = 100, 5, 50
NEAR = 100_000
"""Entries that the list of jobs is brought forward by before it is shown; a rebuild is left to the worker."""


@router.get("/labels")
def desk(request: Request, scope: ScopeDep, after: str = "") -> Response:
    """The form, the things of the ledger to choose from, and the latest jobs."""
    return _desk(request, scope, {}, None, after[:2048])


def _desk(request: Request, scope: Scope, said: dict[str, Any], fault: LedgerError | None, after: str = "") -> Response:
    locale = locale_for(request)
    things = scope.ledger.projections.assets(scope.tenant, after, THINGS)
    view = DeskView(
        stocks=[StockView(s.name, s.zh if locale == "zh-CN" else s.en, s.roll) for s in STOCKS],
        dpis=DPIS,
        printers=tuple(scope.ledger.printers.names()),
        things=[thing.id for thing in things],
        next_after=things[-1].id if len(things) == THINGS else "",
        jobs=job_rows(_brought_up(scope).jobs(scope.tenant, None, RECENT)),
        said=said,
        source=chosen(said, "source", ("things", *SOURCES) if after else SOURCES),
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((translator(locale)("nav.labels"), ""),)
    return page(request, "labels.html", view, crumbs=crumbs, status=422 if fault else 200)


@router.post("/labels")
async def check(request: Request, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Read the list, draw its first page, and show both before anything is printed."""
    said = await fields(await request.form())
    return await run_in_threadpool(_checked, request, scope, runtime, said)


def _checked(request: Request, scope: Scope, runtime: Runtime, said: dict[str, Any]) -> Response:
    locale = locale_for(request)
    try:
        listing = listing_of(said, scope.ledger.settings.company_prefixes)
        order = order_of_form(said, listing, scope.ledger.settings.public_url, locale)
        picture = scope.ledger.press.preview(order) if order.labels else b""
    except LedgerError as error:
        return _desk(request, scope, said, error)
    t = translator(locale)
    view = CheckedView(
        token=runtime.labels.stage(scope.tenant, order) if order.labels else "",
        labels=len(order.labels),
        stock=order.stock,
        format=order.format,
        printer=order.printer or "",
        encode=order.encode,
        picture=b64encode(picture).decode(),
        faults=checked_faults(listing.faults, locale),
        refused=listing.refused,
    )
    crumbs = ((t("nav.labels"), "/labels"), (t("labels.checked"), ""))
    return page(request, "labels-checked.html", view, crumbs=crumbs)


@router.get("/labels/calibration")
def calibration(request: Request, scope: ScopeDep, stock: str = "L7160") -> Response:
    """A page to adjust a printer by."""
    empty = LabelOrder(labels=(), domain="id.gs1.org", stock=stock[:60], locale=locale_for(request))
    data = scope.ledger.press.calibration(empty)
    return Response(data, media_type="application/pdf", headers=_named(f"calibration-{empty.stock}.pdf"))


@router.get("/labels/jobs")
def jobs(request: Request, scope: ScopeDep, before: int | None = None) -> Response:
    """Print jobs, newest first."""
    rows = _brought_up(scope).jobs(scope.tenant, before, JOBS)
    t = translator(locale_for(request))
    view = JobsView(job_rows(rows), rows[-1].seq if len(rows) == JOBS else None)
    return page(request, "label-jobs.html", view, crumbs=((t("nav.labels"), "/labels"), (t("labels.jobs"), "")))


@router.post("/labels/jobs")
async def start(request: Request, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Print a checked order; the job's page shows how far it is."""
    order = runtime.labels.staged(scope.tenant, str((await request.form()).get("token", "")))
    at, job = _label_desk(scope), new_job(_label_desk(scope))

    def work(progress: Progress) -> object:
        return print_labels(at, order, job=job, progress=progress)

    runtime.labels.start(scope.tenant, job, len(order.labels), work)
    return RedirectResponse(f"/labels/jobs/{job}", 303)


@router.get("/labels/jobs/{job}")
def job(request: Request, job: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """A job: how far it is, or what its entries tell."""
    locale = locale_for(request)
    t = translator(locale)
    crumbs = ((t("nav.labels"), "/labels"), (t("labels.jobs"), "/labels/jobs"), (job, ""))
    run = runtime.labels.run(scope.tenant, job)
    if run is not None and (not run.finished or run.fault or run.stage == "failed"):
        fault = run.fault
        said = (fault.message(locale), fault.fix(locale)) if fault else ("", "")
        view = RunView(job, run.stage, run.done, run.total, run.finished, *said)
        return page(request, "label-run.html", view, crumbs=crumbs, status=422 if run.finished else 200)
    at = _label_desk(scope)
    found = print_job(at, job)
    reports = [report_of(at, act.record) for act in found.acts]
    return page(request, "label-job.html", job_view(job, found, reports), crumbs=crumbs)


@router.get("/labels/jobs/{job}/{act}/file")
def file(job: str, act: int, scope: ScopeDep) -> Response:
    """The file of a print or reprint, as it was verified."""
    at = _label_desk(scope)
    record = _act(at, job, act)
    kind = "application/pdf" if record.format == "pdf" else "application/octet-stream"
    data = scope.ledger.contents.read(record.file_sha256 or "")
    return Response(data, media_type=kind, headers=_named(f"labels-{job}-{act}.{record.format}"))


@router.get("/labels/jobs/{job}/{act}/{number}.png")
def label(job: str, act: int, number: int, scope: ScopeDep) -> Response:
    """One label of a job, drawn as it was."""
    at = _label_desk(scope)
    order = order_of(at, _act(at, job, act))
    if not 1 <= number <= len(order.labels):
        raise NoSuchAddress
    return Response(scope.ledger.press.cutting(order, number), media_type="image/png")


@router.post("/labels/jobs/{job}/reprint")
async def reprint(request: Request, job: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Print some labels of a job again."""
    said = await fields(await request.form())
    at, numbers = _label_desk(scope), numbers_in(said.get("numbers", ""))
    reason, place = _reason(said), whole(said, "start", 1, 100, 1)
    total = len(numbers) or (await run_in_threadpool(print_job, at, job)).printed.count

    def work(progress: Progress) -> object:
        return reprint_labels(at, job, numbers=numbers, reason=reason, start=place, progress=progress)

    runtime.labels.start(scope.tenant, job, total, work)
    return RedirectResponse(f"/labels/jobs/{job}", 303)


@router.post("/labels/jobs/{job}/void")
async def void(request: Request, job: str, scope: ScopeDep) -> Response:
    """Declare some labels of a job void."""
    said = await fields(await request.form())
    numbers, reason = numbers_in(said.get("numbers", "")), _reason(said)
    await run_in_threadpool(lambda: void_labels(_label_desk(scope), job, numbers=numbers, reason=reason))
    return RedirectResponse(f"/labels/jobs/{job}", 303)


def _label_desk(scope: Scope) -> LabelDesk:
    ledger = scope.ledger
    return LabelDesk(
        ledger.entries,
        ledger.contents,
        ledger.press,
        ledger.printers,
        ledger.clock,
        ledger.random,
        scope.tenant,
        scope.principal.id,
    )


def _act(desk: LabelDesk, job: str, act: int) -> Any:
    """An act that has a file. Raises ``PrintJobAbsent``, ``NoSuchAddress``."""
    acts = print_job(desk, job).acts
    if not 1 <= act <= len(acts) or acts[act - 1].record.file_sha256 is None:
        raise NoSuchAddress
    return acts[act - 1].record


def _reason(said: dict[str, Any]) -> str:
    reason = str(said.get("reason", "")).strip()
    if not 0 < len(reason) <= 200:
        raise ParameterRefused(name="reason", why="1 - 200")
    return reason


def _brought_up(scope: Scope) -> Any:
    jobs, entries = scope.ledger.label_jobs, scope.ledger.entries
    if entries.size() - jobs.watermark() <= NEAR:
        catch_up(entries, jobs)
    return jobs


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}

"""Hand in a file: templates, the upload, what its check found, submission and its receipt."""

from __future__ import annotations

from typing import Annotated, Final, Literal, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile as Sent
from starlette.responses import RedirectResponse, Response

from api.deps import LocaleDep, RuntimeDep, ScopeDep, locale_for
from api.downloads import MEDIA, download
from api.faults import NoSuchAddress
from api.hand_in import may_hand_in
from api.intake_views import error_file, receipt_page, refused_page, sender_of, upload_for, upload_view
from api.pages.catalogue import translator
from api.pages.shell import page
from api.runtime import Runtime
from api.schemas.uploads import ReceiptPage, RefusedPage, UploadView
from api.scope import Scope
from ledger.adapters.files.forms import FORMS, Form, form_of
from ledger.adapters.files.template import template_csv, template_xlsx
from ledger.errors import LedgerError
from ledger.ports.intake import IntakeJob
from ledger.records.errors import KindUnknown
from ledger.services import intake
from ledger.services.own_products import own_products

router = APIRouter(include_in_schema=False)
LISTED: Final = 20
ERRORS: Final = 50
MEGABYTE: Final = 1_000_000


class TemplateRow(NamedTuple):
    """A kind of table that the reader may hand in."""

    kind: str
    label: str


class IntakeView(NamedTuple):
    """The page one begins at."""

    templates: list[TemplateRow]
    uploads: list[UploadView]
    next_before: str
    most_megabytes: int
    fault: str
    fix: str


class JobView(NamedTuple):
    """One upload."""

    job: UploadView
    errors: RefusedPage
    after: int
    receipt: ReceiptPage | None
    batch: int
    running: bool
    share: int
    """Percent of the present stage."""
    may_undo: bool
    house: bool


@router.get("/intake")
def intake_page(
    request: Request, scope: ScopeDep, before: Annotated[str, Query(max_length=100)] = ""
) -> Response:  # fmt: skip
    """Where a file is handed in, and what became of the latest."""
    return _begin(request, scope, before)


def _begin(request: Request, scope: Scope, before: str = "", fault: LedgerError | None = None) -> Response:
    locale, principal = locale_for(request), scope.principal
    found = scope.ledger.intake.listed(scope.tenant, principal.organisation, LISTED + 1, before)
    views = [upload_view(scope.ledger, job, locale) for job in found[:LISTED]]
    forms = [form for form in FORMS if may_hand_in(form.kind, principal)]
    view = IntakeView(
        templates=[TemplateRow(form.kind, form.title(locale)) for form in forms],
        uploads=views,
        next_before=views[-1].id if len(found) > LISTED else "",
        most_megabytes=intake.MOST_BYTES // MEGABYTE,
        fault=fault.message(locale) if fault else "",
        fix=fault.fix(locale) if fault else "",
    )
    crumbs = ((translator(locale)("nav.intake"), ""),)
    return page(request, "intake.html", view, crumbs=crumbs, status=422 if fault else 200)


@router.post("/intake")
async def take(request: Request, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """A whole file from a browser without scripts."""
    sent = (await request.form()).get("file")
    if not isinstance(sent, Sent) or not sent.size:
        return RedirectResponse("/intake", 303)
    try:
        job = await _taken(scope, sent)
    except LedgerError as error:
        return _begin(request, scope, fault=error)
    runtime.intake.wake()
    return RedirectResponse(f"/intake/{job.id}", 303)


async def _taken(scope: Scope, sent: Sent) -> IntakeJob:
    ledger, who = scope.ledger, sender_of(scope.principal)
    job = await run_in_threadpool(intake.open_upload, ledger, who, sent.filename or "", sent.size or 0)
    while data := await sent.read(intake.PART):
        job = await run_in_threadpool(intake.take_part, ledger, job, job.received, data)
    return job


@router.get("/intake/template/{kind}")
def template(
    kind: str, scope: ScopeDep, locale: LocaleDep,
    form: Annotated[Literal["xlsx", "csv"], Query(alias="as")] = "xlsx",
    lang: Annotated[Literal["zh-CN", "en"] | None, Query()] = None,
) -> Response:  # fmt: skip
    """A template, filled with the reader's own products where its table names products."""
    made, said = form_of(kind), lang or locale
    if made is None or not may_hand_in(kind, scope.principal):
        raise KindUnknown(kind=kind[:100])
    write = template_csv if form == "csv" else template_xlsx
    name = made.title(said)
    return download(write(kind, said, _known_rows(scope, made)), MEDIA[form], f"{name}.{form}")


def _known_rows(scope: Scope, form: Form) -> list[dict[str, str]]:
    keys = {column.key for column in form.columns}
    organisation = scope.principal.organisation
    owner = {"supplier": organisation} if organisation and "supplier" in keys else {}
    products = own_products(scope.ledger, scope.tenant, organisation) if "product" in keys else []
    if owner and not products:  # the example speaks for its reader: another's id would be refused
        return [{column.key: column.example for column in form.columns} | owner]
    return [{"product": one.product, **({"name": one.name} if "name" in keys else {}), **owner} for one in products]


@router.get("/intake/{job}")
def job_page(
    request: Request, job: str, scope: ScopeDep,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0, batch: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:  # fmt: skip
    """An upload: how far it is, its bad rows, what can be done with it, its receipt."""
    return _job(request, scope, upload_for(scope.ledger, scope.principal, job), after, batch)


def _job(request: Request, scope: Scope, job: IntakeJob, after: int, batch: int) -> Response:
    locale, ledger = locale_for(request), scope.ledger
    shown = upload_view(ledger, job, locale)
    done, total = (job.received, job.size) if job.stage == "uploading" else (job.done, job.good)
    done, total = (job.read, job.total) if job.stage == "checking" else (done, total)
    view = JobView(
        job=shown,
        errors=refused_page(ledger, job, after, ERRORS, locale),
        after=after,
        receipt=receipt_page(ledger, job, batch) if job.sent else None,
        batch=batch,
        running=job.stage in {"checking", "submitting", "withdrawing"},
        share=min(100, done * 100 // total) if total else 0,
        may_undo=job.fresh > 0 and (scope.principal.id == job.submitter or sender_of(scope.principal).manages),
        house=not scope.principal.organisation,
    )
    crumbs = ((translator(locale)("nav.intake"), "/intake"), (job.name, ""))
    return page(request, "intake-job.html", view, crumbs=crumbs)


@router.get("/intake/{job}/errors")
def errors(
    job: str, scope: ScopeDep, form: Annotated[Literal["xlsx", "csv"], Query(alias="as")] = "xlsx"
) -> Response:  # fmt: skip
    """The refused rows as a file."""
    return error_file(scope.ledger, upload_for(scope.ledger, scope.principal, job), form)


@router.post("/intake/{job}/{act}")
def act(job: str, act: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Submit the good rows, cancel, discard, or undo."""
    ledger, found = scope.ledger, upload_for(scope.ledger, scope.principal, job)
    if act == "discard":
        intake.discard(ledger, found)
        return RedirectResponse("/intake", 303)
    _done(runtime, scope, found, act)
    return RedirectResponse(f"/intake/{found.id}", 303)


def _done(runtime: Runtime, scope: Scope, job: IntakeJob, act: str) -> None:
    ledger = scope.ledger
    if act == "submit":
        intake.submit(ledger, job)
    elif act == "cancel":
        intake.cancel(ledger, job)
    elif act == "undo":
        intake.undo(ledger, job, sender_of(scope.principal))
    else:
        raise NoSuchAddress
    runtime.intake.wake()

"""Hand in one record by hand: choose its kind, fill in a form, see what is wrong where it is, check, record."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.downloads import MEDIA, download
from api.hand_in import permit
from api.pages.catalogue import translator
from api.pages.claim_views import ClaimView, claim_view
from api.pages.shell import page
from api.record_forms import Field, fields_of, form_for, forms_for, read_form, unplaced
from api.scope import Scope
from ledger.adapters.files.forms import Form
from ledger.adapters.files.template import template_xlsx
from ledger.errors import LedgerError
from ledger.ports import Receipt
from ledger.records.claim import Claim
from ledger.records.record import Record
from ledger.services.capture import Submission, capture
from ledger.services.claims import check_claim, record_claims
from ledger.services.import_file import Fault, own_vehicles, vehicle_names

router = APIRouter(include_in_schema=False)


class KindRow(NamedTuple):
    """A kind of record in the list."""

    kind: str
    label: str


class KindsView(NamedTuple):
    """What a reader may hand in."""

    kinds: list[KindRow]


class FormView(NamedTuple):
    """The form as it stands. ``checked`` says that nothing is wrong with it and nothing is recorded yet."""

    kind: str
    label: str
    fields: list[Field]
    faults: list[tuple[str, str]]
    wrong: int
    vehicles: list[str]
    checked: bool
    claim: ClaimView | None


@router.get("/records/new")
def kinds(request: Request, scope: ScopeDep) -> Response:
    """The kinds of records that have a form."""
    locale = locale_for(request)
    rows = [KindRow(form.kind, form.title(locale)) for form in forms_for(scope.principal)]
    crumbs = ((translator(locale)("records.new"), ""),)
    return page(request, "record-kinds.html", KindsView(rows), crumbs=crumbs)


@router.get("/records/new/{kind}")
def form(request: Request, kind: str, scope: ScopeDep) -> Response:
    """An empty form."""
    return _form(request, scope, form_for(kind), {}, ())


@router.get("/records/template/{kind}")
def template(request: Request, kind: str) -> Response:
    """The same form as a workbook, for many records at once."""
    made, locale = form_for(kind), locale_for(request)
    return download(template_xlsx(kind, locale), MEDIA["xlsx"], f"{made.title(locale)}.xlsx")


@router.post("/records/new/{kind}")
async def hand_in(request: Request, kind: str, scope: ScopeDep) -> Response:
    """Check what was filled in; record it when that was asked for and nothing is wrong."""
    said = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    return await run_in_threadpool(_handed_in, request, scope, form_for(kind), said)


def _handed_in(request: Request, scope: Scope, form: Form, said: dict[str, str]) -> Response:
    ledger = scope.ledger
    vehicles = vehicle_names(ledger.factors, own_vehicles(ledger.projections, scope.tenant))
    read = read_form(form, said, vehicles)
    if isinstance(read, tuple):
        return _form(request, scope, form, said, read)
    permit(read, scope.principal)
    if said.get("act") == "check":
        return _form(request, scope, form, said, (), checked=read)
    outcome = _record(scope, read)
    if isinstance(outcome, LedgerError):
        return _form(request, scope, form, said, (Fault(None, "", outcome),))
    return RedirectResponse(f"/claims/{read.id}" if isinstance(read, Claim) else f"/entries/{outcome.seq}", 303)


def _record(scope: Scope, record: Record) -> Receipt | LedgerError:
    ledger, tenant, submitter = scope.ledger, scope.tenant, scope.principal.id
    if isinstance(record, Claim):
        return record_claims(ledger, tenant, submitter, [record])[0]
    names = Submission.of(scope.principal)._asdict()
    return capture(ledger.entries, ledger.clock, ledger.random, **names, records=[record])[0]


def _form(  # noqa: PLR0917 - a request, a form, and how it stands
    request: Request,
    scope: Scope,
    form: Form,
    said: dict[str, str],
    faults: tuple[Fault, ...],
    checked: Record | None = None,
) -> Response:
    locale = locale_for(request)
    t = translator(locale)
    label = form.title(locale)
    drawn = fields_of(form, said, faults, locale)
    needs_vehicle = any(one.shape == "vehicle" for one in drawn)
    claim = check_claim(scope.ledger, scope.tenant, checked) if isinstance(checked, Claim) else None
    view = FormView(
        kind=form.kind,
        label=label,
        fields=drawn,
        faults=unplaced(form, faults, locale),
        wrong=len(faults),
        vehicles=_vehicles(scope, zh=locale == "zh-CN") if needs_vehicle else [],
        checked=checked is not None,
        claim=claim_view(claim, (), t, locale) if claim else None,
    )
    crumbs = ((t("records.new"), "/records/new"), (label, ""))
    return page(request, "record-form.html", view, crumbs=crumbs, status=422 if faults else 200)


def _vehicles(scope: Scope, *, zh: bool) -> list[str]:
    """Names that a vehicle may be given by, in the reader's language, own ones first."""
    ledger = scope.ledger
    classes = ledger.factors.current().classes.values()
    return [*sorted(own_vehicles(ledger.projections, scope.tenant)), *(row.zh if zh else row.en for row in classes)]

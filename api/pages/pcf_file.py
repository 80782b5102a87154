"""A supplier's footprints by a file in PACT's form: chosen, checked with everything shown at once, then recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import BodyTooLarge, ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.scope import Scope
from api.wire import require_shallow
from ledger.errors import LedgerError, Locale
from ledger.pact.errors import FootprintFileRefused
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.organisations import OrganisationAbsent
from ledger.services.pcf import publish
from ledger.services.pcf_file import FootprintRead, conflict, read_footprints
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
LONGEST_FILE: Final = 500_000
"""Bytes. A file that was checked is sent back as a field of the form, and those end at 1 MB."""

Said = tuple[str, str]
"""What is wrong, and what to do about it."""


class FootprintRow(NamedTuple):
    """A footprint of the file: what it says, and what is said of it."""

    pointer: str
    name: str
    product: str
    kg: str
    unit: str
    period: str
    converted: bool
    faults: list[Said]
    warnings: list[Said]
    entry: int | None


class FileView(NamedTuple):
    """The form as it stands. ``checked`` says that nothing is wrong and nothing is recorded yet."""

    suppliers: list[tuple[str, str]]
    supplier: str
    document: str
    rows: list[FootprintRow]
    faults: list[Said]
    wrong: int
    checked: bool


@router.get("/pcf/new")
def choose(request: Request, scope: ScopeDep) -> Response:
    """An empty form."""
    return _form(request, _view(scope, "", b""))


@router.post("/pcf/new")
async def hand_in(request: Request, scope: ScopeDep) -> Response:
    """Check a file; record it when that was asked for and nothing is wrong with any of its footprints."""
    form = await request.form()
    upload = form.get("file")
    data = await upload.read(LONGEST_FILE + 1) if isinstance(upload, UploadFile) else b""
    data = data or str(form.get("document", "")).encode()
    if len(data) > LONGEST_FILE:
        raise BodyTooLarge(limit=LONGEST_FILE)
    recording = form.get("act") == "record"
    return await run_in_threadpool(_handed_in, request, scope, str(form.get("supplier", "")), data, recording=recording)


def suppliers_of(ledger: Ledger, principal: Principal) -> list[tuple[str, str]]:
    """For whom a principal may state footprints, (id, name): its own organisation, or for the house any supplier."""
    listed = [one for one in ledger.organisations.listed(principal.tenant) if one.kind == "supplier"]
    if principal.organisation or principal.role == "supplier":
        listed = [one for one in listed if one.id == principal.organisation]
    return [(one.id, one.name) for one in listed]


def _handed_in(request: Request, scope: Scope, supplier: str, data: bytes, *, recording: bool) -> Response:
    locale = locale_for(request)
    own = [name for name, _ in suppliers_of(scope.ledger, scope.principal)]
    if supplier not in own:
        if not supplier:
            raise ParameterRefused(name="supplier", why=", ".join(own[:20]) or "-")
        raise OrganisationAbsent(id=supplier[:100])
    require_shallow(data)
    try:
        read = read_footprints(data)
    except FootprintFileRefused as error:
        return _form(request, _view(scope, supplier, b"", faults=[_said(error, locale)]), 422)
    rows = [_row(scope, supplier, one, locale) for one in read]
    wrong = sum(len(row.faults) for row in rows)
    if wrong or not recording:
        return _form(request, _view(scope, supplier, data, rows), 422 if wrong else 200)
    submission = Submission.of(scope.principal)
    done: list[FootprintRow] = []
    for one, row in zip(read, rows, strict=True):
        assert one.footprint is not None
        try:
            done.append(row._replace(entry=publish(scope.ledger, submission, one.footprint, supplier=supplier).seq))
        except LedgerError as error:
            done.append(row._replace(faults=[_said(error, locale)]))
    failed = any(row.faults for row in done)
    if len(done) == 1 and not failed:
        return RedirectResponse(f"/entries/{done[0].entry}", 303)
    return _form(request, _view(scope, supplier, b"", done), 422 if failed else 200)


def _row(scope: Scope, supplier: str, one: FootprintRead, locale: Locale) -> FootprintRow:
    faults: list[LedgerError] = [*one.faults]
    product = kg = unit = period = ""
    if one.footprint is not None:
        taken = conflict(scope.ledger.entries, scope.tenant, supplier, one.footprint)
        faults += [taken] if taken else []
        carbon: dict[str, Any] = one.footprint["pcf"]
        product = one.footprint["productIds"][0]
        kg = carbon["pcfExcludingBiogenicUptake"]
        unit = f"{carbon['declaredUnitAmount']} {carbon['declaredUnitOfMeasurement']}"
        period = f"{carbon['referencePeriodStart'][:10]} – {carbon['referencePeriodEnd'][:10]}"
    return FootprintRow(
        pointer=one.pointer,
        name=one.name,
        product=product,
        kg=kg,
        unit=unit,
        period=period,
        converted=one.converted,
        faults=[_said(each, locale) for each in faults],
        warnings=[_said(each, locale) for each in one.warnings],
        entry=None,
    )


def _said(error: LedgerError, locale: Locale) -> Said:
    return error.message(locale), error.fix(locale)


def _view(
    scope: Scope, supplier: str, data: bytes, rows: Sequence[FootprintRow] = (), faults: Sequence[Said] = ()
) -> FileView:
    wrong = len(faults) + sum(len(row.faults) for row in rows)
    return FileView(
        suppliers=suppliers_of(scope.ledger, scope.principal),
        supplier=supplier,
        document=data.decode() if data and not wrong else "",
        rows=list(rows),
        faults=list(faults),
        wrong=wrong,
        checked=bool(data and rows and not wrong),
    )


def _form(request: Request, view: FileView, status: int = 200) -> Response:
    t = translator(locale_for(request))
    crumbs = ((t("nav.desk-footprints"), "/pcf"), (t("pcf.new"), ""))
    return page(request, "pcf-new.html", view, crumbs=crumbs, status=status)

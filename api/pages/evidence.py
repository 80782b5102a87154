"""Attach a file of evidence by hand; a browser that can hashes it before it is sent."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.intake_views import attached
from api.pages.catalogue import translator
from api.pages.shell import page
from ledger.errors import LedgerError
from ledger.records.evidence_file import MOST_BYTES
from ledger.services.evidence_files import Upload

router = APIRouter(include_in_schema=False)
_MOST: Final = MOST_BYTES // 1_000_000


class EvidenceForm(NamedTuple):
    """The form for a file of evidence: what was said, what is wrong, what was attached."""

    about: str
    fault: str
    fix: str
    attached: str
    entry: int
    sha256: str
    most_megabytes: int


@router.get("/evidence")
def evidence(request: Request, about: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form."""
    return _evidence(request, EvidenceForm(about, "", "", "", 0, "", _MOST))


@router.post("/evidence")
async def attach_evidence(request: Request, scope: ScopeDep) -> Response:
    """Keep a file and record that it was handed in."""
    form = await request.form()
    sent, about, digest = form.get("file"), str(form.get("about", ""))[:200].strip(), str(form.get("sha256", ""))
    if not isinstance(sent, UploadFile) or not about:
        return RedirectResponse("/evidence", 303)
    upload = Upload(sent.filename or "", await sent.read(), about, digest)
    try:
        record, receipt = await run_in_threadpool(attached, scope.ledger, scope.principal, upload)
    except LedgerError as error:
        locale = locale_for(request)
        return _evidence(request, EvidenceForm(about, error.message(locale), error.fix(locale), "", 0, "", _MOST))
    return _evidence(request, EvidenceForm(about, "", "", record.id, receipt.seq, record.sha256, _MOST))


def _evidence(request: Request, view: EvidenceForm) -> Response:
    t = translator(locale_for(request))
    crumbs = ((t("nav.intake"), "/intake"), (t("intake.evidence"), ""))
    return page(request, "evidence-form.html", view, crumbs=crumbs, status=422 if view.fault else 200)

"""Certificates of suppliers: how each stands, which run out soon, and what became of one."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Final

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.certificate_views import certificate_page, certificates_view
from api.pages.shell import page
from api.pages.words import segment
from api.paging import After, place_of
from api.parties import party_of
from api.permissions import may
from ledger.records.supplier_certificate import CertificateStep
from ledger.services.certificates import (
    Become,
    certificate_seen,
    certificates_counted,
    certificates_page,
    state_step,
)

router = APIRouter(include_in_schema=False)
LONGEST: Final = 2_000
_BEIJING: Final = timezone(timedelta(hours=8))


@router.get("/certificates")
def certificates(request: Request, scope: ScopeDep, after: After = None, over: After = None) -> Response:
    """All of the house, or the reader's organisation's own; those that run out first come first. Page by page."""
    t, ledger, party = translator(locale_for(request)), scope.ledger, party_of(scope.principal)
    live, ended = (
        certificates_page(ledger, party, place_of(place), live=live) for place, live in ((after, True), (over, False))
    )
    view = certificates_view(
        certificates_counted(ledger, party),
        live,
        ended,
        ledger.clock.now(),
        may_write=may(scope.principal, "certificates.write"),
    )
    return page(request, "certificates.html", view, crumbs=((t("nav.certificates"), ""),))


@router.get("/certificates/{certificate_id:path}")
def certificate(request: Request, certificate_id: str, scope: ScopeDep) -> Response:
    """One certificate as it reads, its history, and a form for who may state what became of it."""
    t, party = translator(locale_for(request)), party_of(scope.principal)
    held = certificate_seen(scope.ledger, party, certificate_id)
    may_state = may(scope.principal, "certificates.state") and held.certificate.supplier != party.organisation
    view = certificate_page(held, scope.ledger.clock.now(), may_state=may_state)
    crumbs = ((t("nav.certificates"), "/certificates"), (held.certificate.number, ""))
    return page(request, "certificate.html", view, crumbs=crumbs)


@router.post("/certificates/{certificate_id:path}")
async def become(request: Request, certificate_id: str, scope: ScopeDep) -> Response:
    """What became of it."""
    form = await request.form()
    said = {key: str(form.get(key) or "").strip() for key in ("status", "reason", "effective_on")}
    try:
        status = msgspec.convert(said["status"], CertificateStep)
    except msgspec.ValidationError:
        raise ParameterRefused(name="status", why=said["status"][:100]) from None
    if not 0 < len(said["reason"]) <= LONGEST:
        raise ParameterRefused(name="reason", why=f"1 - {LONGEST}")
    at = _start_of(said["effective_on"]) if said["effective_on"] else scope.ledger.clock.now()
    told = Become(status, at, said["reason"])
    await run_in_threadpool(state_step, scope.ledger, party_of(scope.principal), certificate_id, told)
    return RedirectResponse(f"/certificates/{segment(certificate_id)}", 303)


def _start_of(day: str) -> datetime:
    """The first moment of a day in Beijing."""
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), time(), _BEIJING)
    except ValueError:
        raise ParameterRefused(name="effective_on", why="2026-12-31") from None

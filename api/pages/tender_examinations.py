"""Beside an award: the robustness card, and the gaming desk."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.bidding import desk_of
from api.card_runs import end_card, start_card, uncertainty_in
from api.deps import RuntimeDep, ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.gaming_views import gaming_view
from api.pages.shell import page
from api.pages.tender_card_views import card_view
from api.pages.words import segment
from api.permissions import may
from ledger.scoring.award import replay
from ledger.services.tender_examination import CardWithoutAward, card_known, findings_of
from ledger.services.tenders import sheets_of

router = APIRouter(include_in_schema=False)


@router.get("/tenders/{tender_id:path}/card")
def card(request: Request, tender_id: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """How firm the award of the newest score sheet is; computed when somebody asks for it, then kept."""
    locale = locale_for(request)
    t, desk = translator(locale), desk_of(scope.ledger, scope.principal)
    known, sheets = card_known(desk, tender_id), sheets_of(desk, tender_id)
    if not sheets:
        raise CardWithoutAward(tender=tender_id)
    run = runtime.cards.run(scope.tenant, tender_id)
    may_start = may(scope.principal, "tenders.examine")
    view = card_view(replay(sheets[-1][1]), known, run, (t, locale), may_start=may_start)
    here = f"/tenders/{segment(tender_id)}"
    crumbs = ((t("nav.tenders"), "/tenders"), (tender_id, here), (t("card.title"), ""))
    return page(request, "tender-card.html", view, crumbs=crumbs)


@router.post("/tenders/{tender_id:path}/card")
async def start(request: Request, tender_id: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """Compute the card; the page shows how far it is."""
    said = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    await run_in_threadpool(start_card, runtime, scope.principal, tender_id, uncertainty_in(said))
    return RedirectResponse(f"/tenders/{segment(tender_id)}/card", 303)


@router.post("/tenders/{tender_id:path}/card/cancel")
def cancel(tender_id: str, scope: ScopeDep, runtime: RuntimeDep) -> Response:
    """End a card on its way."""
    end_card(runtime, scope.tenant, tender_id)
    return RedirectResponse(f"/tenders/{segment(tender_id)}/card", 303)


@router.get("/tenders/{tender_id:path}/gaming")
def gaming(request: Request, tender_id: str, scope: ScopeDep) -> Response:
    """What in the bids somebody should look into: questions to bidders, and no proof of anything."""
    locale = locale_for(request)
    t = translator(locale)
    evaluation, found = findings_of(desk_of(scope.ledger, scope.principal), tender_id)
    here = f"/tenders/{segment(tender_id)}"
    crumbs = ((t("nav.tenders"), "/tenders"), (tender_id, here), (t("gaming.title"), ""))
    return page(request, "tender-gaming.html", gaming_view(evaluation, found, t, locale), crumbs=crumbs)

"""Beside an award: the robustness card, and the gaming desk."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.bidding import desk_of
from api.card_runs import end_card, start_card, uncertainty_in
from api.deps import RuntimeDep, ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.gaming_views import gaming_view
from api.pages.shell import page
from api.pages.tender_card_views import card_view
from api.pages.what_if_views import weight_names, what_if_view
from api.pages.words import segment
from api.permissions import may
from ledger.errors import LedgerError, ScoringError
from ledger.scoring.award import replay
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.rational import parse_rational
from ledger.scoring.what_if import MOST_PER_TONNE, what_if
from ledger.services.tender_examination import CardWithoutAward, card_known, evaluated, findings_of
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


@router.get("/tenders/{tender_id:path}/what-if")
def try_out(request: Request, tender_id: str, scope: ScopeDep) -> Response:
    """The opened bids by other weights or another carbon price. No award, and never recorded."""
    locale = locale_for(request)
    t, desk = translator(locale), desk_of(scope.ledger, scope.principal)
    before, awarded = evaluated(desk, tender_id), bool(sheets_of(desk, tender_id))
    said = request.query_params
    weights = {
        key: found for name, key in weight_names(before.scheme).items() if (found := _amount(said, name)) is not None
    }
    carbon = _amount(said, "carbon")
    after: Evaluation | LedgerError
    try:
        after = what_if(before, weights, carbon)
    except ScoringError as error:
        after = error
    view = what_if_view(before, after, (weights, carbon), locale, awarded=awarded)
    here = f"/tenders/{segment(tender_id)}"
    crumbs = ((t("nav.tenders"), "/tenders"), (tender_id, here), (t("what-if.title"), ""))
    return page(request, "tender-what-if.html", view, crumbs=crumbs)


def _amount(said: Mapping[str, str], name: str) -> Fraction | None:
    """A number of the address from 0 to 100,000; ``None`` where nothing is said. Raises ``ParameterRefused``."""
    text = said.get(name, "").strip()
    if not text:
        return None
    try:
        found = parse_rational(text[:20])
    except ValueError as error:
        raise ParameterRefused(name=name, why=str(error)) from None
    if not 0 <= found <= MOST_PER_TONNE:
        raise ParameterRefused(name=name, why=f"0-{MOST_PER_TONNE}")
    return found

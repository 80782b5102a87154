"""Beside an award: the robustness card of its score sheet, and what in the bids somebody should look into."""

from __future__ import annotations

from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.background_runs import Run
from api.bidding import desk_of
from api.card_runs import end_card, start_card
from api.deps import LedgerDep, LocaleDep, PrincipalDep, RuntimeDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.schemas.tender_examination import (
    CardRunView,
    CardView,
    FindingList,
    FindingView,
    NewCard,
    NewWhatIf,
    WhatIfOutcome,
    WhatIfRow,
)
from api.wire import read, reply
from ledger.errors import Locale
from ledger.scoring.bid import FootprintStatus
from ledger.scoring.card_record import card_form
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.form import to_form
from ledger.scoring.rational import plain, ratio
from ledger.scoring.what_if import what_if
from ledger.services.tender_examination import card_known, evaluated, findings_of

router = APIRouter(tags=["tenders"])


@router.get("/api/v1/tenders/{tender_id:path}/card", **gives(CardView))
def get_card(tender_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The robustness card: rank acceptability, smallest change of weights, flip price, leave-one-out, win counts."""
    known = card_known(desk_of(ledger, principal), tender_id)
    if known is None:
        raise NoSuchAddress
    form = card_form(known.card)
    return reply(CardView(tender=tender_id, entry=known.entry, sheet_entry=known.sheet_entry, card=form))


@router.post("/api/v1/tenders/{tender_id:path}/card", **gives(CardRunView, status=202, takes=NewCard))
async def post_card(
    tender_id: str, request: Request, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep
) -> Response:
    """Compute the card of the newest score sheet; one on its way goes on. The seed is the sheet's digest."""
    said = await read(request, NewCard)
    widths: dict[FootprintStatus, Fraction] = {
        "verified": Fraction(said.verified, 100),
        "unverified": Fraction(said.unverified, 100),
        "expired": Fraction(said.expired, 100),
        "missing": Fraction(said.missing, 100),
    }
    run = await run_in_threadpool(start_card, runtime, principal, tender_id, widths)
    return reply(_run_view(tender_id, run, locale), 202)


@router.get("/api/v1/tenders/{tender_id:path}/card/run", **gives(CardRunView))
def get_card_run(tender_id: str, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """How far a card is."""
    run = runtime.cards.run(principal.tenant, tender_id)
    if run is None:
        raise NoSuchAddress
    return reply(_run_view(tender_id, run, locale))


@router.delete("/api/v1/tenders/{tender_id:path}/card/run", **gives(None, status=204))
def delete_card_run(tender_id: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """End a card on its way; nothing of it is recorded."""
    end_card(runtime, principal.tenant, tender_id)
    return Response(status_code=204)


@router.get("/api/v1/tenders/{tender_id:path}/findings", **gives(FindingList))
def list_findings(tender_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Cover bids, abnormally low prices and footprints, slips of digits, implied factors: questions, not proof."""
    evaluation, found = findings_of(desk_of(ledger, principal), tender_id)
    rows = [
        FindingView(kind=one.kind, bidders=list(one.bidders), en=one.en, zh=one.zh, figures=to_form(one.figures))
        for one in found
    ]
    return reply(FindingList(tender=tender_id, bids=len(evaluation.bids), findings=rows))


@router.post("/api/v1/tenders/{tender_id:path}/what-if", **gives(WhatIfOutcome, takes=NewWhatIf))
async def post_what_if(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The opened bids by other weights or another carbon price. No award, and never recorded."""
    said = await read(request, NewWhatIf)

    def work() -> WhatIfOutcome:
        before = evaluated(desk_of(ledger, principal), tender_id)
        weights = {key: Fraction(text) for key, text in said.weights.items()}
        after = what_if(before, weights, None if said.carbon_price is None else Fraction(said.carbon_price))
        return _outcome(tender_id, before, after)

    return reply(await run_in_threadpool(work))


def _outcome(tender: str, before: Evaluation, after: Evaluation) -> WhatIfOutcome:
    places = {rank.bidder: rank.rank for rank in before.ranks}
    points = {total.bidder: ratio(total.points) for total in after.totals}
    return WhatIfOutcome(
        tender=tender,
        award=False,
        weights={c.key: plain(c.weight) for c in after.scheme.criteria},
        winner=after.winner,
        ranks=[
            WhatIfRow(bidder=r.bidder, rank_before=places.get(r.bidder), rank=r.rank, points=points[r.bidder])
            for r in after.ranks
        ],
    )


def _run_view(tender: str, run: Run, locale: Locale) -> CardRunView:
    return CardRunView(
        tender=tender,
        stage="failed" if run.fault else run.stage,
        done=run.done,
        of=run.total,
        finished=run.finished,
        problem=run.fault.message(locale) if run.fault else None,
    )

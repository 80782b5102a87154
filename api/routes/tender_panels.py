"""The panel's marks before prices, and scoring a tender that has closed."""

from __future__ import annotations

from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.bidding import desk_of, receipt_of
from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.schemas.sealed_bids import SealReceipt
from api.schemas.tender_panel import NewPanelMarks, NewScoring, PanelMarkView, PanelView, Scored
from api.wire import read, reply
from ledger.scoring.bid import Ruling
from ledger.scoring.panel_marks import PanelMark
from ledger.scoring.rational import plain
from ledger.services.panel import give_marks, panel_seen, prices_shown
from ledger.services.project import catch_up
from ledger.services.tenders import score_tender

router = APIRouter(tags=["tenders"])


@router.get("/api/v1/tenders/{tender_id:path}/panel", **gives(PanelView))
def get_panel(tender_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The panel of a tender whose bids are opened; no price is in it."""
    desk = desk_of(ledger, principal)
    panel = panel_seen(desk, tender_id)
    given = panel.given
    marks = given.marks if given else ()
    view = PanelView(
        tender=tender_id,
        names=list(panel.scheme.panel_names),
        bidders=[bid.bidder for bid in panel.bids],
        prices_shown=prices_shown(desk, panel.scheme),
        entry=given.entry if given else None,
        recorded_at=given.recorded_at if given else None,
        marks=[PanelMarkView(bidder=m.bidder, name=m.name, mark=plain(m.mark), reason=m.reason) for m in marks],
    )
    return reply(view)


@router.post("/api/v1/tenders/{tender_id:path}/panel", **gives(SealReceipt, status=201, takes=NewPanelMarks))
async def post_panel(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Record the panel's marks, once for good; prices are displayed from then on."""
    said = await read(request, NewPanelMarks)
    marks = [PanelMark(bidder=m.bidder, name=m.name, mark=Fraction(m.mark), reason=m.reason) for m in said.marks]

    def take() -> SealReceipt:
        return receipt_of(give_marks(desk_of(ledger, principal), tender_id, marks))

    return reply(await run_in_threadpool(take), 201)


@router.post("/api/v1/tenders/{tender_id:path}/score-sheet", **gives(Scored, status=201, takes=NewScoring))
async def post_score_sheet(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Score the bids of a tender that has closed and record the sheet; the same inputs give the same entry."""
    said = await read(request, NewScoring)
    rulings = [
        Ruling(bidder=r.bidder, subject=r.subject, accepted=r.accepted, reason=r.reason, decided_by=principal.name)
        for r in said.rulings
    ]

    def take() -> Scored:
        sheet, receipt = score_tender(desk_of(ledger, principal), tender_id, rulings)
        catch_up(ledger.entries, ledger.projections)
        return Scored(tender=tender_id, entry=receipt.seq, fresh=receipt.fresh, winner=sheet.winner)

    return reply(await run_in_threadpool(take), 201)

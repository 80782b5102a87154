"""Sealed bids: keys of a tender, bids sealed by their bidders, keys released after closing, what opened."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.bidding import bidder_of, check_holder, desk_of, handed, is_open, receipt_of, sealing_seen
from api.deps import LedgerDep, LocaleDep, PrincipalDep
from api.describe import gives
from api.paging import After, Limit, place_of, text_of
from api.schemas.sealed_bids import (
    NewKeyRelease,
    NewSealedBid,
    NewSealingKey,
    OfferList,
    OpenedList,
    OpenedView,
    SealingView,
    SealReceipt,
    TenderOffer,
)
from api.wire import read, reply
from ledger.services.panel import check_prices_shown
from ledger.services.sealed_bids import hand_in, opened_bids, publish_key, release_key, sealing_of
from ledger.services.tenders import PAGE, sealed_page

router = APIRouter(tags=["sealed bids"])


@router.get("/api/v1/open-tenders", **gives(OfferList))
def list_open_tenders(ledger: LedgerDep, principal: PrincipalDep, after: After = None, limit: Limit = PAGE) -> Response:
    """Tenders that take sealed bids, or took them, those that close last first, page by page."""
    desk = desk_of(ledger, principal)
    found, more = sealed_page(desk, place_of(after), limit)
    offers = [
        TenderOffer(
            tender=state.scheme.id,
            title_en=state.scheme.title_en,
            title_zh=state.scheme.title_zh,
            closes_at=state.scheme.closes_at,
            open=is_open(desk, state),
        )
        for state in (sealing_of(desk, name) for name in found)
    ]
    return reply(OfferList(tenders=offers, next_after=text_of(more)))


@router.get("/api/v1/tenders/{tender_id:path}/sealing", **gives(SealingView))
def get_sealing(tender_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """A sealed tender: its scheme, its keys, and sealed bids; a supplier sees its own."""
    return reply(sealing_seen(desk_of(ledger, principal), principal, tender_id))


@router.post("/api/v1/tenders/{tender_id:path}/sealing-keys", **gives(SealReceipt, status=201, takes=NewSealingKey))
async def post_sealing_key(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Publish a key of this tender; from the first on, bids in the open are refused."""
    said = await read(request, NewSealingKey)

    def take() -> SealReceipt:
        check_holder(principal, tender_id, said.holder)
        return receipt_of(publish_key(desk_of(ledger, principal), tender_id, said.holder, said.public_key))

    return reply(await run_in_threadpool(take), 201)


@router.post("/api/v1/tenders/{tender_id:path}/sealed-bids", **gives(SealReceipt, status=201, takes=NewSealedBid))
async def post_sealed_bid(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Hand a sealed bid in, or take it back; the last one before closing counts."""
    said = await read(request, NewSealedBid)

    def take() -> SealReceipt:
        desk = desk_of(ledger, principal)
        return receipt_of(hand_in(desk, tender_id, bidder_of(principal), handed(said)))

    return reply(await run_in_threadpool(take), 201)


@router.post("/api/v1/tenders/{tender_id:path}/key-releases", **gives(SealReceipt, status=201, takes=NewKeyRelease))
async def post_key_release(tender_id: str, request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Release a key after closing; once both are, every bid is open."""
    said = await read(request, NewKeyRelease)

    def take() -> SealReceipt:
        check_holder(principal, tender_id, said.holder)
        return receipt_of(release_key(desk_of(ledger, principal), tender_id, said.holder, said.private_key))

    return reply(await run_in_threadpool(take), 201)


@router.get("/api/v1/tenders/{tender_id:path}/opened-bids", **gives(OpenedList))
def list_opened(tender_id: str, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Every bid that counts, opened from its entry with the released keys."""
    desk = desk_of(ledger, principal)
    state = sealing_of(desk, tender_id)
    check_prices_shown(desk, state.scheme)
    found = [
        OpenedView(
            entry=one.row.entry,
            supplier=one.row.bid.supplier,
            recorded_at=one.row.recorded_at,
            bid=one.bid.to_record() if one.bid else None,
            problem=one.error.message(locale) if one.error else None,
        )
        for one in opened_bids(desk, state)
    ]
    return reply(OpenedList(bids=found))

"""Footprints asked of suppliers, as they stand, and reviewed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, LocaleDep, PrincipalDep
from api.describe import gives
from api.origin import request_id_of
from api.paging import After, Before, Limit, place_of, text_of
from api.parties import party_of
from api.problem import problem_of
from api.schemas.pcf import (
    FootprintList,
    FootprintView,
    NewRequests,
    NewReview,
    NewShare,
    NewStep,
    RequestList,
    RequestOutcome,
    RequestsOutcome,
    RequestView,
    ReviewView,
    ShareList,
    ShareTurn,
    ShareView,
)
from api.sharing import switches_of, turned
from api.statements import review_view
from api.wire import read, reply
from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text
from ledger.services.access import Principal
from ledger.services.pcf_requests import PAGE, Part, Wanted, ask, board, request_named, take_step
from ledger.services.pcf_reviews import Examined, footprint_seen, footprints_page, review, statement
from ledger.services.pcf_standing import StoodFootprint
from ledger.services.reminders import calendar_for
from ledger.wiring import Ledger

router = APIRouter(tags=["footprints of suppliers"])


@router.get("/api/v1/pcf/requests", **gives(RequestList))
def list_requests(
    ledger: LedgerDep, principal: PrincipalDep, after: After = None, limit: Limit = PAGE, part: Part = "all"
) -> Response:
    """Requests of the house, page by page; a supplier's account sees those to its organisation."""
    today = _today(ledger, principal.tenant)
    found, more = board(ledger, party_of(principal), place_of(after), limit, part=part)
    return reply({"requests": [one.to_record(today) for one in found], "next_after": text_of(more)})


@router.post("/api/v1/pcf/requests", **gives(RequestsOutcome, takes=NewRequests))
async def post_requests(request: Request, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Ask suppliers for footprints of products. Each request is an entry; what cannot be asked comes back."""
    said = await read(request, NewRequests)
    products = [(one.product, one.name) for one in said.products]
    wanted = Wanted(said.suppliers, products, said.due, said.grace_days, said.words)
    outcomes = await run_in_threadpool(ask, ledger, party_of(principal), wanted)
    found = [
        RequestOutcome(problem=problem_of(one, locale, request_id_of(request)))
        if isinstance(one, LedgerError)
        else RequestOutcome(index=one.seq)
        for one in outcomes
    ]
    return reply(RequestsOutcome(requests=found))


@router.get("/api/v1/pcf/requests/{request_id}", **gives(RequestView))
def get_request(request_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One request with its steps."""
    return reply(request_named(ledger, party_of(principal), request_id).to_record(_today(ledger, principal.tenant)))


@router.post("/api/v1/pcf/requests/{request_id}/steps", **gives(RequestView, takes=NewStep))
async def post_step(request: Request, request_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """A step of a request: extension asked, granted or refused, handed on, declined, answered, withdrawn."""
    said, party = await read(request, NewStep), party_of(principal)
    says = {name: getattr(said, name) for name in said.__struct_fields__ if name != "step"}

    def take() -> dict[str, object]:
        take_step(ledger, party, request_id, said.step, **says)
        return request_named(ledger, party, request_id).to_record(_today(ledger, principal.tenant))

    return reply(await run_in_threadpool(take))


@router.get("/api/v1/pcf/footprints", **gives(FootprintList))
def list_footprints(
    ledger: LedgerDep,
    principal: PrincipalDep,
    before: Before = None,
    limit: Limit = 100,
) -> Response:
    """Recorded footprints as they stand now, the newest first, page by page; a supplier sees its organisation's."""
    found, older = footprints_page(ledger, party_of(principal), before, limit)
    return reply(FootprintList(footprints=[footprint_view(one) for one in found], next_before=older))


@router.get("/api/v1/pcf/footprints/{pcf_id:path}", **gives(FootprintView))
def get_footprint(pcf_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One of them, by the id of its record."""
    return reply(footprint_view(footprint_seen(ledger, party_of(principal), pcf_id)))


@router.post("/api/v1/pcf/reviews", **gives(ReviewView, status=201, takes=NewReview))
async def post_review(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """A verifier's statement on a footprint: held against its findings, signed, recorded."""
    said = await read(request, NewReview)
    examined = Examined(
        provider=said.provider,
        scope=said.scope,
        level=said.level,
        materiality_pct=said.materiality_pct,
        verdict=said.verdict,
        findings=said.findings,
        reasons=said.reasons,
        valid_until=said.valid_until,
    )
    made, receipt = await run_in_threadpool(review, ledger, party_of(principal), said.pcf, examined)
    return reply(review_view(receipt.seq, made), 201, Location=f"/api/v1/pcf/reviews/{made.id}")


@router.get("/api/v1/pcf/reviews/{review_id}", **gives(ReviewView))
def get_review(review_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """A statement with the bytes that were signed: Ed25519 over RFC 8785 bytes, checked without the ledger."""
    return reply(review_view(*statement(ledger, party_of(principal), review_id)))


@router.get("/api/v1/pcf/shares", **gives(ShareList))
def get_shares(ledger: LedgerDep, principal: PrincipalDep, pcf: Annotated[str, Query(max_length=300)]) -> Response:
    """Who sees how much of a footprint of one's own: buyers, verifiers, partners, tenders; every turn and its entry."""
    return reply(_shares(ledger, principal, pcf))


@router.post("/api/v1/pcf/shares", **gives(ShareList, takes=NewShare))
async def post_share(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Turn a switch of a footprint of one's own; an entry, unless it stands so already."""
    said = await read(request, NewShare)
    await run_in_threadpool(turned, ledger, principal, said.pcf, said.reader, said.reach)
    return reply(_shares(ledger, principal, said.pcf))


def _shares(ledger: Ledger, principal: Principal, pcf: str) -> ShareList:
    found = switches_of(ledger, principal, pcf)
    return ShareList(
        pcf=pcf,
        readers=[ShareView(reader=one.reader, name=one.name, reach=one.reach) for one in found.readers],
        turns=[
            ShareTurn(entry=one.entry, at=one.share.occurred_at, reader=one.share.reader, reach=one.share.reach)
            for one in found.turns
        ],
    )


def footprint_view(one: StoodFootprint) -> FootprintView:
    """A footprint on the wire."""
    said = one.stated
    return FootprintView(
        pcf=said.id,
        entry=said.entry,
        kind="pcf" if said.kind == "pcf" else "product_footprint",
        supplier=said.supplier,
        product=said.product,
        name=said.name,
        kg_co2e=exact_text(said.kg_co2e),
        declared_unit_amount=exact_text(said.amount),
        declared_unit=said.unit,
        sha256=said.sha256,
        valid_from=said.valid_from.isoformat(),
        valid_before=said.valid_end.isoformat(),
        status=one.standing.status,
        superseded_by_entry=one.standing.entry,
        reviews=[made.id for _, made in one.reviews],
    )


def _today(ledger: Ledger, tenant: str) -> date:
    return calendar_for(ledger, tenant).today(ledger.clock.now())

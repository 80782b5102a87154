"""Sealed tenders: for bidders a form that is sealed in the browser, and their seals; for holders their keys."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from api.bidding import desk_of, is_open, sealing_seen
from api.deps import ScopeDep, SessionDep, locale_for
from api.pages import shell
from api.pages.bid_views import BidsView, OfferRow, bid_view
from api.pages.catalogue import translator, under
from api.pages.shell import page
from api.pages.tender_views import title_of
from api.pages.words import moment
from api.paging import After, place_of
from api.parties import party_of
from api.permissions import may
from ledger.services.sealed_bids import sealing_of
from ledger.services.tenders import sealed_page

router = APIRouter(include_in_schema=False)


@router.get("/bids")
def bids(request: Request, scope: ScopeDep, after: After = None) -> Response:
    """Tenders that take sealed bids, or took them, page by page; for holders also those that have no key yet."""
    locale, desk, party = locale_for(request), desk_of(scope.ledger, scope.principal), party_of(scope.principal)
    holds = may(scope.principal, "bids.open")
    found, more = sealed_page(desk, place_of(after), unsealed=holds)
    states = [sealing_of(desk, name) for name in found]
    rows = [
        OfferRow(
            id=state.scheme.id,
            title=title_of(state.scheme, locale),
            closes=moment(state.scheme.closes_at),
            open=is_open(desk, state),
            own=sum(row.bid.supplier == party.organisation for row in state.counted) if not holds else 0,
            bids=len(state.counted),
            stage=_stage(state.missing is None, is_open(desk, state), len(state.released)),
        )
        for state in states
    ]
    crumbs = ((translator(locale)("nav.bids"), ""),)
    return page(request, "bids.html", BidsView(rows, f"/bids?after={more.text}" if more else "", holds), crumbs=crumbs)


@router.get("/bids/{tender_id:path}")
def bid(request: Request, tender_id: str, scope: ScopeDep, session: SessionDep) -> Response:
    """One sealed tender, as its bidder or a holder of its keys sees it."""
    locale, desk = locale_for(request), desk_of(scope.ledger, scope.principal)
    seen = sealing_seen(desk, scope.principal, tender_id)
    view = bid_view(scope, desk, seen, session.form_token if session else "", locale)
    crumbs = ((translator(locale)("nav.bids"), "/bids"), (tender_id, ""))
    text = shell.text(request, "bid.html", view, crumbs=crumbs, messages=under(locale, "js."))
    return HTMLResponse(text, headers={"Content-Language": locale})


def _stage(keyed: bool, open_: bool, released: int) -> str:
    if open_:
        return "open"
    if not keyed:
        return "no-keys"
    return "opened" if released == 2 else "closed"

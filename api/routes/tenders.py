"""Tenders of the tenant: what the log holds of each, and the score sheet that replays."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import ScopeDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.routes.entries import entry_view
from api.schemas.native import EntryView, TenderList, TenderView
from api.wire import reply

router = APIRouter(tags=["tenders"])


@router.get("/api/v1/tenders", **gives(TenderList))
def list_tenders(scope: ScopeDep) -> Response:
    """Tenders with the number of their schemes, bids and score sheets. Bids are counted, not shown."""
    found = {
        kind: Counter(fact.subject for fact in scope.ledger.projections.facts(scope.tenant, kind))
        for kind in ("scheme", "bid", "score_sheet")
    }
    names = sorted({name for counts in found.values() for name in counts})
    views = [
        TenderView(
            tender=name,
            schemes=found["scheme"][name],
            bids=found["bid"][name],
            score_sheets=found["score_sheet"][name],
        )
        for name in names
    ]
    return reply(TenderList(tenders=views))


@router.get("/api/v1/tenders/{tender_id:path}/score-sheet", **gives(EntryView))
def get_score_sheet(tender_id: str, scope: ScopeDep) -> Response:
    """The latest score sheet of a tender, as recorded: scheme, bids and every figure that led to the award."""
    facts = scope.ledger.projections.facts(scope.tenant, "score_sheet", tender_id)
    if not facts:
        raise NoSuchAddress
    entry = scope.entry(facts[-1].seq)
    return reply(entry_view(entry, scope.state(entry.index)))

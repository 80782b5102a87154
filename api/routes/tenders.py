"""Tenders of the tenant: what the log holds of each, and the score sheet that replays."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import ScopeDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.routes.entries import entry_view
from api.schemas.native import EntryView, PaperlessView, TenderList, TenderView
from api.wire import reply
from ledger.claims.paper import MOST_SHEETS, USUAL_SHEETS
from ledger.scoring.rational import plain
from ledger.services.paperless import Basis, paper_saved

router = APIRouter(tags=["tenders"])
Sheets = Annotated[int, Query(ge=0, le=MOST_SHEETS, description="Sheets per project: an assumption")]


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


@router.get("/api/v1/paperless", **gives(PaperlessView))
def get_paperless(scope: ScopeDep, sheets: Sheets = USUAL_SHEETS, basis: Basis = "material") -> Response:
    """Paper that tenders did not need, as an estimate with everything it rests on."""
    saved = paper_saved(scope.ledger.projections, scope.ledger.factors, scope.tenant, sheets, basis)
    count, factor = saved.saved, saved.factor
    view = PaperlessView(
        projects=count.projects,
        sheets_per_project=count.sheets_per_project,
        sheets=count.sheets,
        g_per_sheet=plain(count.g_per_sheet),
        grams=plain(count.grams),
        basis=saved.basis,
        factor=factor.id if factor else "",
        source=factor.source if factor else "",
    )
    return reply(view)


@router.get("/api/v1/tenders/{tender_id:path}/score-sheet", **gives(EntryView))
def get_score_sheet(tender_id: str, scope: ScopeDep) -> Response:
    """The latest score sheet of a tender, as recorded: scheme, bids and every figure that led to the award."""
    facts = scope.ledger.projections.facts(scope.tenant, "score_sheet", tender_id)
    if not facts:
        raise NoSuchAddress
    entry = scope.entry(facts[-1].seq)
    return reply(entry_view(entry, scope.state(entry.index)))

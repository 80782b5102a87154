"""Tenders of the tenant: what the log holds of each, and the score sheet that replays."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import ScopeDep
from api.describe import gives
from api.faults import NoSuchAddress
from api.paging import AfterName, Limit
from api.routes.entries import entry_view
from api.schemas.native import EntryView, PaperlessView, TenderList, TenderView
from api.wire import reply
from ledger.claims.paper import MOST_SHEETS, USUAL_SHEETS
from ledger.scoring.rational import plain
from ledger.services.paperless import Basis, paper_saved

router = APIRouter(tags=["tenders"])
Sheets = Annotated[int, Query(ge=0, le=MOST_SHEETS, description="Sheets per project: an assumption")]


@router.get("/api/v1/tenders", **gives(TenderList))
def list_tenders(scope: ScopeDep, after: AfterName = "", limit: Limit = 100) -> Response:
    """Tenders by name with the number of their schemes, bids and score sheets. Bids are counted, not shown."""
    known, tenant, kinds = scope.ledger.projections, scope.tenant, ("scheme", "bid", "score_sheet")
    found = known.subjects(tenant, kinds, after=after, limit=limit + 1)
    counts = known.tally(tenant, kinds, found[:limit])
    views = [
        TenderView(
            tender=name,
            schemes=counts.get(("scheme", name), 0),
            bids=counts.get(("bid", name), 0),
            score_sheets=counts.get(("score_sheet", name), 0),
        )
        for name in found[:limit]
    ]
    return reply(TenderList(tenders=views, next_after=found[limit - 1] if len(found) > limit else None))


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

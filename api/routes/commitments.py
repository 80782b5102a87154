"""Suppliers' pledges to the six commitments with what they reached."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.paging import After, Limit, place_of, text_of
from api.parties import party_of
from api.schemas.commitments import PledgeList, PledgeView, ValueView
from api.wire import reply
from ledger.programme.commitments import Pledged
from ledger.services.commitments import PAGE, pledges_page
from ledger.units import shown

router = APIRouter(tags=["commitments of suppliers"])
_PLACES = 12


@router.get("/api/v1/commitments", **gives(PledgeList))
def list_pledges(ledger: LedgerDep, principal: PrincipalDep, after: After = None, limit: Limit = PAGE) -> Response:
    """Pledges of the house's suppliers, page by page; a supplier's account sees its own. Handed in as records."""
    found, more = pledges_page(ledger, party_of(principal), place_of(after), limit)
    return reply(PledgeList(pledges=[_view(one) for one in found], next_after=text_of(more)))


def _view(one: Pledged) -> PledgeView:
    said = one.pledge
    return PledgeView(
        pledge=said.id,
        entry=one.entry,
        supplier=said.supplier,
        commitment=said.commitment,
        indicator=said.indicator,
        unit=said.unit,
        base_year=said.base_year,
        base_value=said.base_value,
        target_year=said.target_year,
        target_value=said.target_value,
        state=one.state,
        values=[
            ValueView(
                year=year, value=value.value, line=shown(one.line(year), _PLACES), entry=at, evidence=value.evidence
            )
            for year, (at, value) in sorted(one.values.items())
        ],
    )

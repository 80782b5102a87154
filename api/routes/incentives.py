"""What suppliers earned in a year by the published rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.parties import party_of
from api.schemas.incentives import CheckedView, EarnedView, IncentivesView, SupplierYearView
from api.wire import reply
from ledger.programme.incentives import Earned
from ledger.services.incentives import incentives_of

router = APIRouter(tags=["incentives of suppliers"])


@router.get("/api/v1/incentives", **gives(IncentivesView))
def get_incentives(
    ledger: LedgerDep,
    principal: PrincipalDep,
    year: Annotated[int | None, Query(ge=2000, le=2200)] = None,
    after: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Every incentive of each supplier with the tests it was held against; a supplier's account sees its own."""
    found = incentives_of(ledger, party_of(principal), year, after, limit)
    return reply(
        IncentivesView(
            year=found.year,
            day=found.day,
            rules=found.rules[1].id if found.rules else None,
            rules_entry=found.rules[0] if found.rules else None,
            suppliers=[
                SupplierYearView(supplier=one.supplier, incentives=[_view(each) for each in one.incentives])
                for one in found.suppliers
            ],
            next_after=after + limit if after + limit < found.found else None,
        )
    )


def _view(one: Earned) -> EarnedView:
    return EarnedView(
        incentive=one.incentive.key,
        zh=one.incentive.zh,
        en=one.incentive.en,
        benefit=one.incentive.benefit,
        amount=one.incentive.amount,
        state=one.state,
        tests=[
            CheckedView(
                measure=each.test.measure,
                at_least=each.test.at_least,
                value="" if each.value is None else str(each.value),
                holds=each.holds,
            )
            for each in one.checked
        ],
        reason=one.exception[1].reason if one.exception else None,
        entry=one.exception[0] if one.exception else None,
    )

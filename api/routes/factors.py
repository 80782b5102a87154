"""
The factor registry: sets, search, single factors, comparison.

Sets belong to the installation and hold nothing of any tenant: every reader with the permission sees the same.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import LedgerDep
from api.describe import gives
from api.factor_search import SoughtDep
from api.wire import reply
from ledger.services.factors import (
    LONGEST_PAGE,
    all_sets,
    compare_sets,
    factor_record,
    find_factors,
    one_factor,
    one_set,
)

router = APIRouter(tags=["factors"])
SetName = Annotated[str, Query(max_length=100, description="A set by id or hash")]


@router.get("/api/v1/factors", **gives(None))
def get_factor_sets(ledger: LedgerDep) -> Response:
    """Every usable set with its origin, and what is damaged."""
    damaged = [{"code": e.code, "message": e.message("en"), "fix": e.fix("en")} for e in ledger.factors.damaged()]
    return reply({"sets": [view.to_record() for view in all_sets(ledger.factors)], "damaged": damaged})


@router.get("/api/v1/factors/compare", **gives(None))
def get_factor_comparison(ledger: LedgerDep, old: SetName, new: SetName) -> Response:
    """What was added, removed and changed between two sets; ratios exact, as fractions where no decimal is."""
    return reply(compare_sets(ledger.factors, old, new).to_record())


@router.get("/api/v1/factors/{set_id}", **gives(None))
def get_factors(
    set_id: str, ledger: LedgerDep, query: SoughtDep, offset: Annotated[int, Query(ge=0, le=10**6)] = 0
) -> Response:
    """A set and one page of its factors that fit the search, by id."""
    view = one_set(ledger.factors, set_id)
    found = find_factors(ledger.factors, set_id, query, offset)
    after = offset + LONGEST_PAGE
    return reply(
        {
            "set": view.to_record(),
            "total": found.total,
            "factors": [factor_record(factor) for factor in found.rows],
            "next_offset": after if after < found.total else None,
        }
    )


@router.get("/api/v1/factors/{set_id}/{factor_id:path}", **gives(None))
def get_factor(set_id: str, factor_id: str, ledger: LedgerDep) -> Response:
    """One factor with every field, its unit and its hash."""
    view, factor = one_factor(ledger.factors, set_id, factor_id)
    return reply({"set": {"id": view.content.id, "hash": view.content.hash}, "factor": factor_record(factor)})

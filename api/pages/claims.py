"""The claims desk: the list with verdicts, and one claim with how it was rebuilt."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import ScopeDep, locale_for
from api.pages.catalogue import translator
from api.pages.claim_views import ClaimRow, claim_row, claim_view
from api.pages.shell import page
from ledger.services.claims import claim_named, counted_twice, newest_claims, newest_records

router = APIRouter(include_in_schema=False)
LONGEST_LIST: Final = 100
MOST_COMPARED: Final = 1000
"""Newest claims among which a claim's double is looked for."""


class ClaimsView(NamedTuple):
    """The newest claims, of ``total``; ``failed`` of those listed cannot be rebuilt."""

    rows: list[ClaimRow]
    total: int
    failed: int
    twice: int


@router.get("/claims")
def claims(request: Request, scope: ScopeDep) -> Response:
    """Claims of the reader's tenant, each with its verdict."""
    locale = locale_for(request)
    t = translator(locale)
    found, total = newest_claims(scope.ledger, scope.tenant, LONGEST_LIST)
    pairs = counted_twice([claim.record for claim in found])
    twice = frozenset(name for pair in pairs for name in (pair.first, pair.second))
    rows = [claim_row(claim, twice, t, locale) for claim in found]
    view = ClaimsView(rows, total, sum(row.look == "fails" for row in rows), len(pairs))
    return page(request, "claims.html", view, crumbs=((t("nav.claims"), ""),))


@router.get("/claims/{claim_id:path}")
def claim(request: Request, claim_id: str, scope: ScopeDep) -> Response:
    """One claim, rebuilt step by step."""
    locale = locale_for(request)
    t = translator(locale)
    found = claim_named(scope.ledger, scope.tenant, claim_id)
    beside, _ = newest_records(scope.ledger, scope.tenant, MOST_COMPARED)
    others = [record for at, record in beside if at != found.entry]
    view = claim_view(found, counted_twice([found.record, *others]), t, locale)
    return page(request, "claim.html", view, crumbs=((t("nav.claims"), "/claims"), (claim_id, "")))

"""Claims of the tenant: handed in, and each with its verdict, recomputed from the record."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LocaleDep, PrincipalDep, RuntimeDep, ScopeDep
from api.describe import gives
from api.faults import BodyTooLarge, BodyUnreadable
from api.origin import request_id_of
from api.problem import problem_of
from api.schemas.native import ClaimList, ClaimOutcome, ClaimsOutcome
from api.shell import BODY_LIMIT
from api.wire import reply, require_shallow
from ledger.claims.errors import NotAClaim, TooManyClaims
from ledger.errors import LedgerError, Place
from ledger.ports import Receipt
from ledger.records.claim import Claim, TransportPlan
from ledger.records.record import decode
from ledger.services.access import Principal
from ledger.services.capture import Outcome
from ledger.services.claims import (
    check_claim,
    claim_named,
    counted_twice,
    newest_claims,
    record_claims,
)
from ledger.wiring import Ledger

router = APIRouter(tags=["claims"])
AT_ONCE: Final = 500
_RECORDS = {"type": "array", "items": {"type": "object"}, "description": "Records of kind claim or transport_plan"}
_ARRAY: Final = msgspec.json.Decoder(list[msgspec.Raw])
Limit = Annotated[int, Query(ge=1, le=1000, description="The newest so many")]
Recording = Annotated[bool, Query(description="Record what is good; false gives verdicts and stores nothing")]


@router.get("/api/v1/claims", **gives(ClaimList))
def list_claims(scope: ScopeDep, limit: Limit = 200) -> Response:
    """The newest claims, each with its verdict, and pairs among them that count the same."""
    found, total = newest_claims(scope.ledger, scope.tenant, limit)
    pairs = [pair.to_record() for pair in counted_twice([claim.record for claim in found])]
    return reply(ClaimList(total=total, claims=[claim.to_record() for claim in found], counted_twice=pairs))


@router.get("/api/v1/claims/{claim_id:path}", **gives(None))
def get_claim(claim_id: str, scope: ScopeDep) -> Response:
    """One claim: verdict, computed figure, residual, implied factor, bound, every step; a saving by cause."""
    return reply(claim_named(scope.ledger, scope.tenant, claim_id).to_record())


@router.post("/api/v1/claims", **gives(ClaimsOutcome, takes=_RECORDS))
async def post_claims(
    request: Request, runtime: RuntimeDep, principal: PrincipalDep, locale: LocaleDep, record: Recording = True
) -> Response:
    """
    Hand in claims, and the plans that savings compare; at most 500. Good ones are kept, bad ones come back.

    Plans come before the claims that name them, or in the same request.
    """
    rows = _array(await request.body())
    done = await run_in_threadpool(_take, runtime.ledger, principal, rows, keep=record)
    outcomes = []
    for number, (outcome, claim) in enumerate(done, 1):
        if isinstance(outcome, LedgerError):
            problem = problem_of(outcome.at(Place(row=number)), locale, request_id_of(request))
            outcomes.append(ClaimOutcome(row=number, problem=problem))
        else:
            index = outcome.seq if outcome.seq >= 0 else None
            outcomes.append(ClaimOutcome(row=number, index=index, repeated=not outcome.fresh, claim=claim))
    return reply(ClaimsOutcome(rows=outcomes))


def _array(data: bytes) -> list[bytes]:
    if len(data) > BODY_LIMIT:
        raise BodyTooLarge(limit=BODY_LIMIT)
    require_shallow(data)
    try:
        rows = [bytes(raw) for raw in _ARRAY.decode(data)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BodyUnreadable(why=str(error)[:300]) from None
    if len(rows) > AT_ONCE:
        raise TooManyClaims(count=len(rows), limit=AT_ONCE)
    return rows


def _take(
    ledger: Ledger, principal: Principal, rows: list[bytes], *, keep: bool
) -> list[tuple[Outcome, dict[str, Any] | None]]:
    """An outcome per row, in order, with the verdict on a claim that was taken."""
    read: list[Claim | TransportPlan | LedgerError] = [_read(row) for row in rows]
    good = [each for each in read if not isinstance(each, LedgerError)]
    taken: list[Outcome] = (
        record_claims(ledger, principal.tenant, principal.id, good)
        if keep
        else [Receipt(-1, 0, fresh=True) for _ in good]
    )
    outcomes = iter(taken)
    done: list[tuple[Outcome, dict[str, Any] | None]] = []
    for each in read:
        outcome = each if isinstance(each, LedgerError) else next(outcomes)
        verdict = None
        if isinstance(each, Claim) and isinstance(outcome, Receipt):
            stored = outcome.seq >= 0  # what is stored is pinned to a factor set, perhaps to an earlier one
            tenant = principal.tenant
            found = claim_named(ledger, tenant, each.id) if stored else check_claim(ledger, tenant, each)
            verdict = found.to_record()
        done.append((outcome, verdict))
    return done


def _read(row: bytes) -> Claim | TransportPlan | LedgerError:
    try:
        record = decode(row)
    except LedgerError as error:
        return error
    return record if isinstance(record, Claim | TransportPlan) else NotAClaim(kind=record.kind)

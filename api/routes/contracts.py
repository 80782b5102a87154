"""Contracts after an award: what was promised, what arrived, what is owed."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.contracting import contract_made, contract_view
from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.paging import Before, Limit
from api.parties import party_of
from api.schemas.contracts import ContractList, ContractRow, ContractView, NewContract
from api.wire import read, reply
from ledger.services.contracts import PAGE, contracts_page

router = APIRouter(tags=["contracts"])


@router.get("/api/v1/contracts", **gives(ContractList))
def list_contracts(ledger: LedgerDep, principal: PrincipalDep, before: Before = None, limit: Limit = PAGE) -> Response:
    """Contracts of the house, the newest first, page by page; a supplier's account sees its organisation's."""
    found, older = contracts_page(ledger, party_of(principal), before, limit)
    rows = [
        ContractRow(
            contract=one.id,
            entry=at,
            tender=one.tender,
            supplier=one.supplier,
            product=one.product,
            first_month=one.first_month,
            last_month=one.last_month,
        )
        for at, one in found
    ]
    return reply(ContractList(contracts=rows, next_before=older))


@router.post("/api/v1/contracts", **gives(ContractView, status=201, takes=NewContract))
async def post_contract(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Record what followed an award; the same terms again are the same contract."""
    terms = await read(request, NewContract)

    def take() -> ContractView:
        return contract_view(ledger, principal, contract_made(ledger, principal, terms))

    made = await run_in_threadpool(take)
    return reply(made, 201, Location=f"/api/v1/contracts/{quote(made.contract)}")


@router.get("/api/v1/contracts/{contract_id:path}", **gives(ContractView))
def get_contract(contract_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One contract: every month, the promise, what was measured, the advantage not earned and the sanction."""
    return reply(contract_view(ledger, principal, contract_id))

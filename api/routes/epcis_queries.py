"""EPCIS 2.0 named queries: kept, listed, run, forgotten."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import PrincipalDep, RuntimeDep
from api.describe import gives, many
from api.epcis_asking import AskingDep
from api.epcis_terms import ANNOUNCED, TermsDep, epcis_reply
from api.faults import ParameterRefused
from api.schemas.epcis import QueryBody, QueryView
from api.wire import instant, read
from ledger.ports.queries import NamedQuery
from ledger.services.event_query.errors import QueryNameUnknown
from ledger.services.event_query.named import asked_by, keep_query, the_query

router = APIRouter(tags=["EPCIS"])


@router.post("/queries", **gives(QueryView, status=201, takes=QueryBody))
async def post_query(request: Request, runtime: RuntimeDep, principal: PrincipalDep, terms: TermsDep) -> Response:
    """Keep a query under a name. It is checked now, and run when it is asked for."""
    body = await read(request, QueryBody)
    ledger = runtime.ledger
    kept = await run_in_threadpool(
        keep_query, ledger.queries, ledger.clock, principal.tenant, body.name, bytes(body.query)
    )
    return epcis_reply(_view(kept), terms, 201, {"Location": f"/queries/{kept.name}"})


@router.get("/queries", **gives(many(QueryView)))
def list_queries(asking: AskingDep) -> Response:
    """The tenant's queries, by name."""
    queries, tenant = asking.runtime.ledger.queries, asking.tenant
    names, headers = asking.names(
        "queries", lambda limit, after: [kept.name for kept in queries.listed(tenant, limit, after)]
    )
    found = (queries.get(tenant, name) for name in names)
    return epcis_reply([_view(kept) for kept in found if kept is not None], asking.terms, headers=headers)


@router.get("/queries/{name}", **gives(QueryView))
def get_query(name: str, runtime: RuntimeDep, principal: PrincipalDep, terms: TermsDep) -> Response:
    """What a name asks for."""
    return epcis_reply(_view(the_query(runtime.ledger.queries, principal.tenant, name)), terms)


@router.delete("/queries/{name}", **gives(None, status=204))
def delete_query(name: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Forget a query, and every subscription to it."""
    if not runtime.ledger.queries.remove(principal.tenant, name[:200]):
        raise QueryNameUnknown(name=name[:200])
    return Response(status_code=204, headers=dict(ANNOUNCED))


@router.get("/queries/{name}/events", **gives(None))
def run_query(name: str, asking: AskingDep) -> Response:
    """The events that match a named query now."""
    further = next(iter(asking.given()), None)
    if further is not None:
        raise ParameterRefused(name=further[:200], why="a named query has its parameters; only paging is added")
    kept = the_query(asking.runtime.ledger.queries, asking.tenant, name)
    page = asking.page(asked_by(kept.query), {"query": name, "as": kept.query.decode()})
    return asking.events(name, page)


def _view(kept: NamedQuery) -> QueryView:
    return QueryView(name=kept.name, query=msgspec.Raw(kept.query), created_at=instant(kept.created_at))

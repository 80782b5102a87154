"""EPCIS 2.0 subscriptions to named queries, delivered by webhook."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import PrincipalDep, RuntimeDep
from api.describe import gives
from api.epcis_asking import AskingDep
from api.epcis_terms import ANNOUNCED, TermsDep, epcis_reply
from api.schemas.epcis import MadeSubscription, SubscriptionView
from api.wire import instant, read
from ledger.ports.subscriptions import Subscription
from ledger.services.event_query.errors import SubscriptionUnknown
from ledger.services.event_query.named import the_query
from ledger.services.event_query.schedule import Schedule
from ledger.services.event_query.subscribing import NEVER, Terms

router = APIRouter(tags=["EPCIS"])
_PATH = "/queries/{name}/subscriptions"


@router.post(_PATH, **gives(MadeSubscription, status=201, takes=Terms))
async def post_subscription(
    name: str, request: Request, runtime: RuntimeDep, principal: PrincipalDep, terms: TermsDep
) -> Response:
    """Have new answers of a query sent to an address. The answer holds the signatureToken, this once."""
    wanted = await read(request, Terms)
    made = await run_in_threadpool(runtime.ledger.subscribing.subscribe, principal.tenant, name, wanted)
    runtime.errands.deliveries.wake()
    answer = MadeSubscription(**_fields(made), signature_token=made.secret.decode())
    return epcis_reply(answer, terms, 201, {"Location": f"/queries/{name}/subscriptions/{made.id}"})


@router.get(_PATH, **gives(None))
def list_subscriptions(name: str, asking: AskingDep) -> Response:
    """The subscriptions to a query."""
    ledger, tenant = asking.runtime.ledger, asking.tenant
    the_query(ledger.queries, tenant, name)
    ids, headers = asking.names(
        f"subscriptions/{name}",
        lambda limit, after: [one.id for one in ledger.subscriptions.listed(tenant, name, limit, after)],
    )
    found = (ledger.subscriptions.get(tenant, name, each) for each in ids)
    return epcis_reply([_view(one) for one in found if one is not None], asking.terms, headers=headers)


@router.get(f"{_PATH}/{{subscription_id}}", **gives(SubscriptionView))
def get_subscription(
    name: str, subscription_id: str, runtime: RuntimeDep, principal: PrincipalDep, terms: TermsDep
) -> Response:
    """One subscription, and how its deliveries go."""
    return epcis_reply(
        _view(runtime.ledger.subscribing.the_subscription(principal.tenant, name, subscription_id)), terms
    )


@router.delete(f"{_PATH}/{{subscription_id}}", **gives(None, status=204))
def delete_subscription(name: str, subscription_id: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """End a subscription."""
    if not runtime.ledger.subscriptions.remove(principal.tenant, name, subscription_id[:60]):
        raise SubscriptionUnknown(id=subscription_id[:60])
    return Response(status_code=204, headers=dict(ANNOUNCED))


def _view(one: Subscription) -> SubscriptionView:
    return SubscriptionView(**_fields(one))


def _fields(one: Subscription) -> dict[str, Any]:
    schedule = msgspec.json.decode(one.schedule, type=Schedule) if one.schedule else None
    return {
        "subscription_id": one.id,
        "dest": one.destination,
        "schedule": schedule,
        "stream": schedule is None,
        "report_if_empty": one.report_if_empty,
        "created_at": instant(one.created_at),
        "last_notified_at": instant(one.delivered_at) if one.delivered_at else None,
        "failed_attempts": one.attempts,
        "trouble": one.trouble,
        "suspended": one.due_at == NEVER,
    }

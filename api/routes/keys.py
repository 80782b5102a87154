"""Keys of machines: issued, listed and revoked by the owner."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.audit import keys_of, recorded
from api.deps import PrincipalDep, RuntimeDep
from api.describe import gives
from api.permissions import ensure_within, scope_of
from api.schemas.native import IssuedKey, KeyList, KeyView, NewKey
from api.wire import instant, read, reply
from ledger.services.access import Principal
from ledger.services.keys import KeyAbsent
from ledger.services.organisations import organisation_of

router = APIRouter(tags=["keys"])


@router.get("/api/v1/keys", **gives(KeyList))
def list_keys(runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """All keys of the tenant, without their secrets. People are no keys: they are at /people."""
    people = {each.id for each in runtime.ledger.people.of_tenant(principal.tenant)}
    found = [each for each in runtime.ledger.principals.of_tenant(principal.tenant) if each.id not in people]
    return reply(KeyList(keys=[key_view(each) for each in found]))


@router.post("/api/v1/keys", **gives(IssuedKey, status=201, takes=NewKey))
async def create_key(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """A new key for a machine, valid 90 days at most. Its text is in this answer and nowhere else."""
    wanted = await read(request, NewKey)
    ledger = runtime.ledger

    scope = scope_of(wanted.role, wanted.scope)
    ensure_within(principal, wanted.role, scope)
    if wanted.organisation:
        await run_in_threadpool(organisation_of, ledger.organisations, principal.tenant, wanted.organisation)

    def issue() -> tuple[Principal, str]:
        with recorded(request) as tell:
            return keys_of(request, principal, tell).issue(
                name=wanted.name,
                role=wanted.role,
                days=wanted.days,
                scope=scope,
                organisation=wanted.organisation,
            )

    issued, text = await run_in_threadpool(issue)
    return reply(IssuedKey(key=text, details=key_view(issued)), 201, Location=f"/api/v1/keys/{issued.id}")


@router.delete("/api/v1/keys/{key_id}", **gives(None, status=204))
def delete_key(key_id: str, request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Revoke a key for good: at once here, within half a minute on every other process."""
    with recorded(request) as tell:
        keys_of(request, principal, tell).revoke(key_id)
    runtime.gate.forget(key_id)  # again: until it was committed, somebody may have looked it up
    return Response(status_code=204)


@router.post("/api/v1/keys/{key_id}/successor", **gives(IssuedKey, status=201))
def replace_key(key_id: str, request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """A new key on the same terms; the old one ends after a day. Its text is in this answer and nowhere else."""
    ledger = runtime.ledger
    old = ledger.principals.get(key_id)
    if ledger.people.by_id(key_id) is not None:
        raise KeyAbsent(id=key_id)
    if old is not None:
        ensure_within(principal, old.principal.role, old.principal.scope)
    with recorded(request) as tell:
        issued, text = keys_of(request, principal, tell).replace(key_id)
    runtime.gate.forget(key_id)
    return reply(IssuedKey(key=text, details=key_view(issued)), 201, Location=f"/api/v1/keys/{issued.id}")


def key_view(principal: Principal) -> KeyView:
    """A key on the wire."""
    return KeyView(
        id=principal.id,
        name=principal.name,
        role=principal.role,
        created_at=instant(principal.created_at),
        expires_at=instant(principal.expires_at),
        revoked=principal.revoked,
        organisation=principal.organisation,
        scope=sorted(principal.scope),
    )

"""Signing in by an OpenID provider: there, and back."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.audit import done, note, recorded, refused
from api.deps import RuntimeDep
from api.faults import NoSuchAddress
from api.origin import address_of
from api.runtime import Runtime
from api.signing_in import local, next_or_start, opened
from ledger.errors import AccessError
from ledger.services.attempts import TooManyAttempts
from ledger.services.openid import TICKET_SECONDS, RelyingParty, known_as

router = APIRouter(include_in_schema=False)
PATH: Final = "/login/oidc"
CALLBACK: Final = "/login/oidc/callback"
_TICKET: Final = "openid"
_NEXT: Final = "openid-next"


@router.get(PATH)
def begin(request: Request, runtime: RuntimeDep, next: str = "/") -> Response:  # noqa: A002 - the parameter's name
    """On to the provider, with a ticket in this browser alone."""
    party = _party(runtime)
    place = f"{address_of(request)} login"
    runtime.attempts.check(place)
    address, ticket = party.begin()
    answer = RedirectResponse(address, 303)
    for name, value in ((_TICKET, ticket), (_NEXT, quote(local(next)[:2000], safe=""))):
        _cookie(answer, runtime, name, value)
    return answer


@router.get(CALLBACK)
def finish(request: Request, runtime: RuntimeDep) -> Response:
    """Back from the provider. A ticket is good for one answer in this browser."""
    party, ledger = _party(runtime), runtime.ledger
    place = f"{address_of(request)} login"
    try:
        runtime.attempts.check(place)
        claims = party.finish(request.cookies.get(_TICKET, ""), dict(request.query_params))
        with recorded(request) as tell:
            person_id = known_as(ledger, runtime.gate, claims)
            stored = runtime.gate.known(person_id)
            tell(done("sign_in", stored.principal))
    except AccessError as error:
        if not isinstance(error, TooManyAttempts):
            runtime.attempts.failed(place)
        note(request, refused(request, "sign_in", error))
        raise
    address = next_or_start(local(unquote(request.cookies.get(_NEXT, "/"))), stored.principal)
    answer = opened(runtime, stored, address)
    for name in (_TICKET, _NEXT):
        answer.delete_cookie(name, path=PATH)
    return answer


def _party(runtime: Runtime) -> RelyingParty:
    """Raises ``NoSuchAddress`` where no provider is configured."""
    if runtime.openid is None:
        raise NoSuchAddress
    return runtime.openid


def _cookie(answer: Response, runtime: Runtime, name: str, value: str) -> None:
    terms = {"max_age": TICKET_SECONDS, "path": PATH, "secure": runtime.sessions.secure}
    answer.set_cookie(name, value, httponly=True, samesite="lax", **terms)  # type: ignore[arg-type]

"""Signing in in a browser, with e-mail and password or with a key, and out again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import audit
from api.deps import RuntimeDep, SessionDep, address_of, request_id_of
from api.faults import MediaTypeRefused
from api.runtime import Runtime
from api.schemas.forms import SignIn
from api.signing_in import local, next_or_start, opened, same_origin
from api.wire import JSON, media_type, read
from ledger.services.access import KeyRefused, StoredPrincipal
from ledger.services.people import SignInRefused
from ledger.services.people import sign_in as person_signs_in

router = APIRouter(include_in_schema=False)
_FORM = "application/x-www-form-urlencoded"


@router.post("/login")
async def sign_in(request: Request, runtime: RuntimeDep) -> Response:
    """Open a session. Form fields ``email`` and ``password``, or ``key``, and ``next``; or the same as JSON."""
    same_origin(request, runtime)
    asked = await _asked(request)
    place = f"{address_of(request)} login"
    runtime.attempts.check(place)
    try:
        stored = await run_in_threadpool(_known, runtime, asked)
    except (KeyRefused, SignInRefused):
        runtime.attempts.failed(place)
        _audit(request, runtime, "sign-in refused")
        raise
    _audit(request, runtime, "signed in", stored.principal.id)
    return opened(runtime, stored, next_or_start(local(asked.next), stored.principal))


def _known(runtime: Runtime, asked: SignIn) -> StoredPrincipal:
    """Whose key, or whose e-mail and password these are. Raises ``KeyRefused`` and ``SignInRefused``."""
    if asked.key:
        return runtime.gate.known(runtime.gate.identify(asked.key).id)
    if not asked.email and not asked.password:
        raise KeyRefused
    ledger = runtime.ledger
    return runtime.gate.known(person_signs_in(ledger.people, ledger.clock, asked.email, asked.password))


@router.post("/logout")
def sign_out(request: Request, runtime: RuntimeDep, session: SessionDep) -> Response:
    """End the session."""
    if session:
        runtime.sessions.leave(session)
        _audit(request, runtime, "signed out", session.principal.id)
    return RedirectResponse("/login", 303, {"Set-Cookie": runtime.sessions.set_cookie("")})


async def _asked(request: Request) -> SignIn:
    kind = media_type(request)
    if kind in JSON:
        return await read(request, SignIn)
    if kind != _FORM:
        raise MediaTypeRefused(got=kind[:100], wanted=_FORM)
    form = await request.form()
    said = {name: str(form.get(name, "")) for name in ("key", "email", "password")}
    return SignIn(**said, next=str(form.get("next", "/")))


def _audit(request: Request, runtime: Runtime, what: str, who: str = "") -> None:
    audit(what, runtime.ledger.clock.now(), who=who, place=address_of(request), request_id=request_id_of(request))

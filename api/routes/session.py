"""Signing in with a key in a browser, and out again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import audit
from api.deps import RuntimeDep, SessionDep, address_of, request_id_of
from api.faults import MediaTypeRefused
from api.runtime import Runtime
from api.schemas.forms import SignIn
from api.wire import JSON, media_type, read
from ledger.services.access import FormTokenMismatch, KeyRefused

router = APIRouter(include_in_schema=False)
_FORM = "application/x-www-form-urlencoded"


@router.post("/login")
async def sign_in(request: Request, runtime: RuntimeDep) -> Response:
    """Open a session for the holder of a key. Form fields ``key`` and ``next``, or the same as JSON."""
    _same_origin(request, runtime)
    asked = await _asked(request)
    place = f"{address_of(request)} login"
    runtime.attempts.check(place)
    try:
        principal = await run_in_threadpool(runtime.gate.identify, asked.key)
    except KeyRefused:
        runtime.attempts.failed(place)
        _audit(request, runtime, "sign-in refused")
        raise
    _audit(request, runtime, "signed in", principal.id)
    cookie = runtime.sessions.open(runtime.gate.known(principal.id))
    return _moved(_local(asked.next), runtime.sessions.set_cookie(cookie))


@router.post("/logout")
def sign_out(request: Request, runtime: RuntimeDep, session: SessionDep) -> Response:
    """End the session."""
    if session:
        runtime.sessions.leave(session)
        _audit(request, runtime, "signed out", session.principal.id)
    return _moved("/login", runtime.sessions.set_cookie(""))


async def _asked(request: Request) -> SignIn:
    kind = media_type(request)
    if kind in JSON:
        return await read(request, SignIn)
    if kind != _FORM:
        raise MediaTypeRefused(got=kind[:100], wanted=_FORM)
    form = await request.form()
    return SignIn(key=str(form.get("key", "")), next=str(form.get("next", "/")))


def _same_origin(request: Request, runtime: Runtime) -> None:
    """Another site's page must not sign its visitor in here as someone of its choice."""
    origin = request.headers.get("origin")
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}", runtime.ledger.settings.public_url.rstrip("/")}
    if origin is not None and origin not in own:
        raise FormTokenMismatch


def _local(address: str) -> str:
    """An address on this server; anything else becomes the first page."""
    plain = address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
    return address if plain else "/"


def _moved(address: str, cookie: str) -> Response:
    return RedirectResponse(address, 303, {"Set-Cookie": cookie})


def _audit(request: Request, runtime: Runtime, what: str, who: str = "") -> None:
    audit(what, runtime.ledger.clock.now(), who=who, place=address_of(request), request_id=request_id_of(request))

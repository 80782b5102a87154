"""Signing in in a browser, with e-mail and password or with a key, and out again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import done, note, refused
from api.deps import RuntimeDep, SessionDep, locale_for
from api.faults import MediaTypeRefused
from api.origin import address_of
from api.runtime import Runtime
from api.schemas.forms import SignIn
from api.signing_in import keep_language, local, next_or_start, opened, same_origin
from api.wire import JSON, media_type, read
from ledger.services.access import StoredPrincipal
from ledger.services.attempts import TooManyAttempts
from ledger.services.gate import Key, KeyRefused
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
    try:
        await run_in_threadpool(runtime.attempts.check, place)
        stored = await run_in_threadpool(_known, runtime, asked)
    except (KeyRefused, SignInRefused, TooManyAttempts) as error:
        if not isinstance(error, TooManyAttempts):
            await run_in_threadpool(runtime.attempts.failed, place)
        note(request, refused(request, "sign_in", error), claimed=_claimed(asked))
        raise
    note(request, done("sign_in", stored.principal))
    await run_in_threadpool(keep_language, runtime, stored.principal, locale_for(request))
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
        note(request, done("sign_out", session.principal))
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


def _claimed(asked: SignIn) -> str:
    """Who somebody says to be: the id of a key, or an address."""
    try:
        return Key.parse(asked.key).id if asked.key else asked.email.strip().lower()
    except KeyRefused:
        return ""

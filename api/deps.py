"""
The door every request passes: who is it, may they do this, and only then the handler.

``enter`` is a dependency of the whole app. What handlers need is handed to them as annotated arguments.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.audit import forbidden, note, refused
from api.faults import NoSuchAddress
from api.language import LANGUAGE_COOKIE, locale_of
from api.limits import COSTLY
from api.operations import SECRET_DOORS, TOKEN_PATH, roles_for
from api.origin import address_of, unknown_place
from api.runtime import Runtime
from api.scope import Scope
from api.session import Session
from ledger.errors import AccessError, Locale
from ledger.ports.tenancy import act_for
from ledger.services.access import PUBLIC, FormTokenMismatch, Principal, require
from ledger.services.attempts import Attempts, TooManyAttempts
from ledger.services.gate import Key, KeyRefused
from ledger.services.tokens import is_token
from ledger.wiring import Ledger

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - a header's name
FORM_TOKEN_FIELD = "csrf_token"  # noqa: S105 - a form field's name
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def enter(request: Request) -> None:
    """Refuse unless the permission table lets this principal do this. Raises ``AccessError``, ``NoSuchAddress``."""
    path = request.scope["route"].path
    row = roles_for(request.method, path)
    if row is None:
        raise NoSuchAddress
    permission, roles = row
    principal, session = await who(request) if path != TOKEN_PATH else (PUBLIC, None)
    request.state.principal, request.state.session = principal, session
    if principal.tenant and path not in SECRET_DOORS:
        act_for(principal.tenant)
    try:
        require(principal, permission, roles)
        if session and permission != "public" and request.method not in SAFE_METHODS:
            await _check_form_token(request, session)
        await _take(request, principal, path)
    except AccessError as error:
        note(request, forbidden(principal, request.app.state.runtime.ledger.settings.tenant, path, error))
        raise


async def _take(request: Request, principal: Principal, path: str) -> None:
    """One of the costly requests that a principal has in a while. Raises ``TooManyRequests``."""
    subject = COSTLY.get((request.method, path))
    if subject is not None:
        who = principal.id if principal.tenant else address_of(request)
        await run_in_threadpool(request.app.state.runtime.allowance.take, subject, who)


async def who(request: Request) -> tuple[Principal, Session | None]:
    """The principal of a request: by key, by token, by session, or the public. Raises ``KeyRefused``."""
    runtime: Runtime = request.app.state.runtime
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() == "bearer" and is_token(text):
            return await _by_token(request, runtime, text), None
        return await _by_key(request, runtime, authorization), None
    cookie = request.cookies.get(runtime.sessions.cookie_name)
    if cookie:
        try:
            session = await run_in_threadpool(runtime.sessions.read, cookie)
        except KeyRefused:
            return PUBLIC, None
        return session.principal, session
    return PUBLIC, None


async def _by_key(request: Request, runtime: Runtime, authorization: str) -> Principal:
    scheme, _, text = authorization.partition(" ")
    attempts, place, claimed = runtime.attempts, unknown_place(request), ""
    try:
        key = Key.parse(text if scheme.lower() == "bearer" else "")
        place, claimed = f"{address_of(request)} {key.id}", key.id
        await _check_attempts(attempts, place)
        remembered = runtime.gate.remembered(text)
        if remembered is not None:
            return remembered
        if not await run_in_threadpool(runtime.gate.knows, key.id):
            place = unknown_place(request)
            await _check_attempts(attempts, place)
        return await run_in_threadpool(runtime.gate.identify, text)
    except (KeyRefused, TooManyAttempts) as error:
        if isinstance(error, KeyRefused):
            await run_in_threadpool(attempts.failed, place)
        note(request, refused(request, "use_key", error), claimed=claimed)
        raise


async def _check_attempts(attempts: Attempts, place: str) -> None:
    """``Attempts.check``, in a thread of its own where it asks the database."""
    if attempts.recent(place):
        attempts.check(place)
    else:
        await run_in_threadpool(attempts.check, place)


async def _by_token(request: Request, runtime: Runtime, text: str) -> Principal:
    try:
        return await run_in_threadpool(runtime.tokens.read, text)
    except KeyRefused as error:
        note(request, refused(request, "use_key", error))
        raise


async def _check_form_token(request: Request, session: Session) -> None:
    given = request.headers.get(FORM_TOKEN_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(_FORMS):
        given = str((await request.form()).get(FORM_TOKEN_FIELD, ""))
    if not hmac.compare_digest((given or "").encode(), session.form_token.encode()):
        raise FormTokenMismatch


def locale_for(request: Request) -> Locale:
    """The reader's language."""
    return locale_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def runtime_of(request: Request) -> Runtime:
    """The running app's parts."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def ledger_of(request: Request) -> Ledger:
    """The ledger."""
    return runtime_of(request).ledger


def principal_of(request: Request) -> Principal:
    """Who passed the door."""
    principal: Principal = request.state.principal
    return principal


def session_of(request: Request) -> Session | None:
    """The browser session, when the principal came with one."""
    session: Session | None = request.state.session
    return session


def scope_of(request: Request) -> Scope:
    """What of the log this principal may see."""
    return Scope(ledger_of(request), principal_of(request))


# Asynchronous, because the framework takes every other function into a thread and back, for each request.
async def _runtime(request: Request) -> Runtime:
    return runtime_of(request)


async def _ledger(request: Request) -> Ledger:
    return ledger_of(request)


async def _principal(request: Request) -> Principal:
    return principal_of(request)


async def _session(request: Request) -> Session | None:
    return session_of(request)


async def _scope(request: Request) -> Scope:
    return scope_of(request)


async def _locale(request: Request) -> Locale:
    return locale_for(request)


RuntimeDep = Annotated[Runtime, Depends(_runtime)]
LedgerDep = Annotated[Ledger, Depends(_ledger)]
PrincipalDep = Annotated[Principal, Depends(_principal)]
SessionDep = Annotated[Session | None, Depends(_session)]
ScopeDep = Annotated[Scope, Depends(_scope)]
LocaleDep = Annotated[Locale, Depends(_locale)]

"""A person's own account: the link that invited it, its password, its sessions."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import done, note, recorded, refused
from api.deps import PrincipalDep, RuntimeDep, locale_for
from api.origin import address_of
from api.pages.catalogue import translator
from api.pages.people import Fault
from api.pages.shell import page
from api.pages.words import at, moment
from api.runtime import Runtime
from api.signing_in import keep_language, opened, same_origin, start_of
from ledger.errors import LedgerError
from ledger.services.attempts import TooManyAttempts
from ledger.services.audit import Deed
from ledger.services.organisations import Organisation
from ledger.services.passwords import PasswordTooWeak
from ledger.services.people import (
    Invitation,
    Person,
    SignInRefused,
    accept,
    change_password,
    invitation_of,
    person_of,
    sign_out_everywhere,
)

router = APIRouter(include_in_schema=False)


class WelcomeView(NamedTuple):
    """An open invitation, whom it is for, and why the form is shown again."""

    token: str
    invitation: Invitation
    organisation: Organisation | None
    until: str
    fault: Fault | None


class AccountView(NamedTuple):
    """Who is signed in; a person has a password to change, a key has not."""

    name: str
    role: str
    organisation: Organisation | None
    person: Person | None
    fault: Fault | None


@router.get("/welcome/{token}")
def welcome(request: Request, token: str, runtime: RuntimeDep) -> Response:
    """The form that sets a password. Looking at it uses nothing up: mail programs look at links too."""
    return _welcome(request, runtime, token[:100])


@router.post("/welcome/{token}")
async def set_password(request: Request, token: str, runtime: RuntimeDep) -> Response:
    """Set the password, use the link up, and sign in."""
    same_origin(request, runtime)
    password = str((await request.form()).get("password", ""))
    return await run_in_threadpool(_accepted, request, runtime, token[:100], password)


def _accepted(request: Request, runtime: Runtime, token: str, password: str) -> Response:
    try:
        with recorded(request) as tell:
            person_id = accept(runtime.ledger, runtime.gate, token, password)
            who = person_of(runtime.ledger.people, person_id).person
            tell(Deed("accept_invitation", who.tenant, person_id, person_id, role=who.role))
    except PasswordTooWeak as error:
        locale = locale_for(request)
        return _welcome(request, runtime, token, Fault(error.message(locale), error.fix(locale)))
    runtime.gate.forget(person_id)
    stored = runtime.gate.known(person_id)
    keep_language(runtime, stored.principal, locale_for(request))
    return opened(runtime, stored, start_of(stored.principal))


def _welcome(request: Request, runtime: Runtime, token: str, fault: Fault | None = None) -> Response:
    ledger = runtime.ledger
    found = invitation_of(ledger.people, ledger.clock, token)
    party = ledger.organisations.get(found.tenant, found.organisation) if found.organisation else None
    view = WelcomeView(token, found, party, moment(at(found.expires_at)), fault)
    return page(request, "welcome.html", view, status=422 if fault else 200)


@router.get("/account")
def account(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Who one is here, and what one may change about it."""
    return _account(request, runtime, principal.id)


@router.post("/account/password")
async def another_password(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Another password: every other session ends, this one goes on."""
    form = await request.form()
    old, new = str(form.get("old", "")), str(form.get("password", ""))
    return await run_in_threadpool(_changed, request, runtime, principal.id, (old, new))


def _changed(request: Request, runtime: Runtime, person_id: str, words: tuple[str, str]) -> Response:
    place = f"{address_of(request)} {person_id}"
    try:
        runtime.attempts.check(place)
        change_password(runtime.ledger, runtime.gate, person_id, *words)
    except (PasswordTooWeak, SignInRefused, TooManyAttempts) as error:
        if isinstance(error, SignInRefused):
            runtime.attempts.failed(place)
        if not isinstance(error, PasswordTooWeak):
            note(request, refused(request, "change_password", error), claimed=person_id)
        return _account(request, runtime, person_id, error)
    stored = runtime.gate.known(person_id)
    note(request, done("change_password", stored.principal))
    return opened(runtime, stored, "/account")


@router.post("/account/sessions/end")
def end_sessions(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Sign out everywhere, here too."""
    sign_out_everywhere(runtime.ledger, runtime.gate, principal.id)
    note(request, done("end_sessions", principal))
    return RedirectResponse("/login", 303, {"Set-Cookie": runtime.sessions.set_cookie("")})


def _account(request: Request, runtime: Runtime, principal_id: str, error: LedgerError | None = None) -> Response:
    ledger, locale = runtime.ledger, locale_for(request)
    who = runtime.gate.known(principal_id).principal
    stored = ledger.people.by_id(principal_id)
    party = ledger.organisations.get(who.tenant, who.organisation) if who.organisation else None
    fault = Fault(error.message(locale), error.fix(locale)) if error else None
    view = AccountView(who.name, who.role, party, stored.person if stored else None, fault)
    crumbs = ((translator(locale)("account.title"), ""),)
    return page(request, "account.html", view, crumbs=crumbs, status=422 if error else 200)

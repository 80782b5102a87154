"""People of the tenant and the links that invited them; organisations beside the house."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import done, recorded
from api.deps import PrincipalDep, RuntimeDep, locale_for
from api.pages.catalogue import translator
from api.pages.letters import invitation_letter
from api.pages.shell import page
from api.pages.words import at, moment
from api.permissions import may
from api.runtime import Runtime
from ledger.errors import LedgerError, Locale
from ledger.ports.mail import MAIL_TROUBLE
from ledger.records.record import microseconds
from ledger.services.access import OWNER_ID, ROLES, Principal
from ledger.services.keys import revoke_key
from ledger.services.organisations import KINDS, Organisation, add_organisation
from ledger.services.people import Invitation, Person, PersonAbsent, invite, person_of

router = APIRouter(include_in_schema=False)
ASKED: Final = ("name", "email", "role", "organisation")
ENTERED: Final = ("name", "kind", "id", "identifiers")
_GRANTED: Final = tuple(role for role in ROLES if role != "public")


class InvitationRow(NamedTuple):
    """An invitation, and how far it is: open, taken, ended or expired."""

    invitation: Invitation
    state: str
    until: str


class PersonRow(NamedTuple):
    """A person, and when it last signed in; empty before the first time."""

    person: Person
    seen: str


class Fault(NamedTuple):
    """Why a form comes back."""

    reason: str
    fix: str


class PeopleView(NamedTuple):
    """People, invitations, the form with what was typed, and a link that was just made."""

    people: list[PersonRow]
    invitations: list[InvitationRow]
    organisations: dict[str, Organisation]
    roles: tuple[str, ...]
    typed: dict[str, str]
    fault: Fault | None
    link: str
    sent_to: str
    not_sent: str


class OrganisationsView(NamedTuple):
    """Organisations, the form with what was typed, who may add one."""

    rows: list[Organisation]
    kinds: tuple[str, ...]
    typed: dict[str, str]
    fault: Fault | None
    may_add: bool


@router.get("/people")
def people(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Everyone who may sign in, and every link that was given."""
    return _people(request, runtime, principal, dict.fromkeys(ASKED, ""))


@router.post("/people/invitations")
async def invite_someone(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Invite a person: the link is sent where there is a mail server, and shown once in any case."""
    said = await _said(request, ASKED)
    return await run_in_threadpool(_invited, request, runtime, principal, said)


def _invited(request: Request, runtime: Runtime, principal: Principal, said: dict[str, str]) -> Response:
    ledger = runtime.ledger
    try:
        with recorded(request) as tell:
            made, secret = invite(ledger, tenant=principal.tenant, **said)
            tell(done("invite", principal, made.id, role=made.role))
    except LedgerError as error:
        return _people(request, runtime, principal, said, fault=_fault(error, locale_for(request)))
    link = f"{ledger.settings.domain}/welcome/{secret}"
    not_sent = ""
    if ledger.post is not None:
        letter = invitation_letter(made, link, moment(at(made.expires_at)))
        try:
            ledger.post.send(made.email, letter.subject, letter.text)
        except MAIL_TROUBLE as error:
            not_sent = error.message(locale_for(request))
    sent_to = made.email if ledger.post is not None and not not_sent else ""
    empty = dict.fromkeys(ASKED, "")
    return _people(request, runtime, principal, empty, link=link, sent_to=sent_to, not_sent=not_sent)


@router.post("/people/invitations/{invitation_id}/revoke")
def revoke_invitation(request: Request, invitation_id: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """End a link that was not used."""
    with recorded(request) as tell:
        if not runtime.ledger.people.revoke_invitation(principal.tenant, invitation_id[:60]):
            raise PersonAbsent
        tell(done("revoke_invitation", principal, invitation_id[:60]))
    return RedirectResponse("/people", 303)


@router.post("/people/{person_id}/revoke")
def revoke_person(request: Request, person_id: str, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """End an account: its sessions here at once, on other processes within half a minute."""
    found = person_of(runtime.ledger.people, person_id[:60]).person
    if found.tenant != principal.tenant or found.id in {OWNER_ID, principal.id}:
        raise PersonAbsent
    with recorded(request) as tell:
        revoke_key(runtime.ledger.principals, runtime.gate, tenant=principal.tenant, key_id=found.id)
        tell(done("close_person", principal, found.id))
    runtime.gate.forget(found.id)
    return RedirectResponse("/people", 303)


@router.get("/organisations")
def organisations(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Suppliers, verifiers and partners of the tenant."""
    return _organisations(request, runtime, principal, dict.fromkeys(ENTERED, ""))


@router.post("/organisations")
async def enter_organisation(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """Enter an organisation."""
    said = await _said(request, ENTERED)
    return await run_in_threadpool(_entered, request, runtime, principal, said)


def _entered(request: Request, runtime: Runtime, principal: Principal, said: dict[str, str]) -> Response:
    ledger = runtime.ledger
    try:
        with recorded(request) as tell:
            made = add_organisation(
                ledger.organisations,
                ledger.clock,
                ledger.random,
                tenant=principal.tenant,
                name=said["name"],
                kind=said["kind"],
                organisation_id=said["id"],
                identifiers=tuple(said["identifiers"].split()),
            )
            tell(done("enter_organisation", principal, made.id))
    except LedgerError as error:
        return _organisations(request, runtime, principal, said, _fault(error, locale_for(request)))
    return RedirectResponse("/organisations", 303)


def _people(
    request: Request,
    runtime: Runtime,
    principal: Principal,
    typed: dict[str, str],
    *,
    fault: Fault | None = None,
    link: str = "",
    sent_to: str = "",
    not_sent: str = "",
) -> Response:
    ledger, tenant = runtime.ledger, principal.tenant
    now = microseconds(ledger.clock.now())
    view = PeopleView(
        [
            PersonRow(each, moment(at(each.signed_in_at)) if each.signed_in_at else "")
            for each in ledger.people.of_tenant(tenant)
        ],
        [_row(each, now) for each in ledger.people.invitations(tenant)],
        {each.id: each for each in ledger.organisations.listed(tenant)},
        _GRANTED,
        typed,
        fault,
        link,
        sent_to,
        not_sent,
    )
    t = translator(locale_for(request))
    return page(request, "people.html", view, crumbs=((t("nav.people"), ""),), status=422 if fault else 200)


def _row(each: Invitation, now: int) -> InvitationRow:
    state = "taken" if each.taken_at else "ended" if each.revoked else "open" if each.open(now) else "expired"
    return InvitationRow(each, state, moment(at(each.expires_at)))


def _organisations(
    request: Request, runtime: Runtime, principal: Principal, typed: dict[str, str], fault: Fault | None = None
) -> Response:
    rows = runtime.ledger.organisations.listed(principal.tenant)
    may_add = may(principal, "organisations.write")
    t = translator(locale_for(request))
    view = OrganisationsView(rows, KINDS, typed, fault, may_add)
    crumbs = ((t("nav.organisations"), ""),)
    return page(request, "organisations.html", view, crumbs=crumbs, status=422 if fault else 200)


async def _said(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    form = await request.form()
    return {name: str(form.get(name, "")).strip()[:2000] for name in names}


def _fault(error: LedgerError, locale: Locale) -> Fault:
    return Fault(error.message(locale), error.fix(locale))

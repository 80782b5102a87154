"""Partners that footprints are exchanged with: where they are, what goes to and fro, who sees what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import done, keys_of, recorded
from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.partner_forms import LONGEST, form_of, one_of, text_of, until_of
from api.pages.partner_views import (
    Fresh,
    PartnersView,
    PartnerView,
    Traffic,
    Tried,
    key_rows,
    partner_row,
    traffic,
)
from api.pages.shell import page
from api.pages.words import segment
from api.parties import party_names
from api.permissions import ensure_within
from api.scope import Scope
from ledger.errors import LedgerError
from ledger.pact.value import a_urn
from ledger.ports.exchange import Partner, Passed
from ledger.services.capture import Submission
from ledger.services.organisations import Organisation, OrganisationAbsent
from ledger.services.pcf import grant

router = APIRouter(include_in_schema=False)
SHOWN: Final = 50
"""Events and requests on a page, the newest first."""
Behind = Annotated[str | None, Query(pattern="^[0-9]{1,17}-.{1,500}$")]
"""The last of the page before: when it was made, and its id."""
KEY_DAYS: Final = 90
MOST_PRODUCTS: Final = 200


@router.get("/partners")
def partners(request: Request, scope: ScopeDep, sent: Behind = None, asked: Behind = None) -> Response:
    """All partners, and what goes to and fro with them, page by page."""
    t, store = translator(locale_for(request)), scope.ledger.exchange.store
    known = {one.organisation: one for one in store.partners(scope.tenant)}
    troubles = store.troubles(scope.tenant)
    rows = [partner_row(one, known.get(one.id), troubles.get(one.id, "")) for one in _organisations(scope)]
    view = PartnersView(rows, _traffic(scope, "", sent, asked))
    return page(request, "partners.html", view, crumbs=((t("nav.partners"), ""),))


@router.post("/partners/outbox/retry")
async def retry(request: Request, scope: ScopeDep) -> Response:
    """Try a dead letter again."""
    said = await form_of(request)
    exchange = scope.ledger.exchange

    def again() -> None:
        outgoing = exchange.store.outgoing(scope.tenant, said.get("id", "")[:500])
        if outgoing is None or outgoing.state != "dead":
            raise ParameterRefused(name="id", why=said.get("id", "")[:100])
        exchange.outbox.retry(outgoing)

    await run_in_threadpool(again)
    return RedirectResponse("/partners#outbox", 303)


@router.get("/partners/{organisation}")
def partner(
    request: Request, organisation: str, scope: ScopeDep, sent: Behind = None, asked: Behind = None
) -> Response:
    """One partner: its interface, its keys, requests to it, what it sees."""
    return _page(request, scope, _partner_organisation(scope, organisation), sent=sent, asked=asked)


@router.post("/partners/{organisation}")
async def register(request: Request, organisation: str, scope: ScopeDep) -> Response:
    """Register a partner's interface, or change it. Without a secret the one that is kept stays, at its address."""
    said = await form_of(request)
    await run_in_threadpool(lambda: _register(request, scope, organisation, said))
    return RedirectResponse(f"/partners/{segment(organisation)}", 303)


@router.post("/partners/{organisation}/test")
def try_connection(request: Request, organisation: str, scope: ScopeDep) -> Response:
    """Call the partner, and show what came of it."""
    found = _partner_organisation(scope, organisation)
    registered = _registered(scope, found)
    try:
        tried = Tried(scope.ledger.exchange.client.try_connection(registered), "")
    except LedgerError as error:
        tried = Tried(0, error.message(locale_for(request)))
    return _page(request, scope, found, tried=tried)


@router.post("/partners/{organisation}/key")
def issue(request: Request, organisation: str, scope: ScopeDep) -> Response:
    """A key that the partner uses here. Its secret is in this answer and nowhere else."""
    found = _partner_organisation(scope, organisation)
    ensure_within(scope.principal, "partner", frozenset())
    with recorded(request) as tell:
        keys = keys_of(request, scope.principal, tell)
        issued, text = keys.issue(name=found.name, role="partner", days=KEY_DAYS, organisation=found.id)
    return _page(request, scope, found, fresh=Fresh(issued.id, text.split("_", 2)[2]))


@router.post("/partners/{organisation}/ask")
async def ask(request: Request, organisation: str, scope: ScopeDep) -> Response:
    """Ask a partner for footprints of products."""
    said = await form_of(request)

    def asks() -> None:
        registered = _registered(scope, _partner_organisation(scope, organisation))
        scope.ledger.exchange.ask(registered, {"productId": _urns(said, "products")})

    await run_in_threadpool(asks)
    return RedirectResponse(f"/partners/{segment(organisation)}#requests", 303)


@router.post("/partners/{organisation}/grants")
async def grants(request: Request, organisation: str, scope: ScopeDep) -> Response:
    """Let a partner see footprints of a supplier, or no longer: an entry each."""
    said = await form_of(request)
    await run_in_threadpool(lambda: _grant(scope, organisation, said))
    return RedirectResponse(f"/partners/{segment(organisation)}#grants", 303)


def _page(
    request: Request,
    scope: Scope,
    found: Organisation,
    *,
    fresh: Fresh | None = None,
    tried: Tried | None = None,
    sent: str | None = None,
    asked: str | None = None,
) -> Response:
    t, ledger = translator(locale_for(request)), scope.ledger
    troubles = ledger.exchange.store.troubles(scope.tenant)
    view = PartnerView(
        partner_row(found, ledger.exchange.store.partner(scope.tenant, found.id), troubles.get(found.id, "")),
        ledger.settings.domain,
        [(one.id, one.name) for one in ledger.organisations.listed(scope.tenant) if one.kind == "supplier"],
        key_rows(ledger.principals.of_tenant(scope.tenant), found.id, ledger.clock.now()),
        _traffic(scope, found.id, sent, asked),
        fresh,
        tried,
    )
    return page(request, "partner.html", view, crumbs=((t("nav.partners"), "/partners"), (found.name, "")))


def _traffic(scope: Scope, organisation: str, sent: str | None, asked: str | None) -> Traffic:
    store, tenant, own = scope.ledger.exchange.store, scope.tenant, {"partner": organisation}
    outbox = store.outbox(tenant, SHOWN + 1, **own, behind=_passed(sent))
    requests = store.requests(tenant, SHOWN + 1, **own, behind=_passed(asked))
    grants = scope.ledger.exchange.shelf.grants(tenant, to=organisation or None)
    said = traffic(outbox[:SHOWN], requests[:SHOWN], grants, party_names(scope.ledger, tenant))
    last, newest = outbox[SHOWN - 1 : SHOWN], requests[SHOWN - 1 : SHOWN]
    return said._replace(
        more_outbox=f"?sent={last[0].created_at}-{segment(last[0].id)}#outbox" if len(outbox) > SHOWN else "",
        more_requests=f"?asked={newest[0].asked_at}-{segment(newest[0].id)}#requests" if len(requests) > SHOWN else "",
    )


def _passed(text: str | None) -> Passed | None:
    at, _, name = (text or "").partition("-")
    return Passed(int(at), name) if text else None


def _organisations(scope: Scope) -> list[Organisation]:
    return [one for one in scope.ledger.organisations.listed(scope.tenant) if one.kind == "partner"]


def _partner_organisation(scope: Scope, organisation: str) -> Organisation:
    """The tenant's partner of that id. Raises ``OrganisationAbsent``, for another's and for a supplier alike."""
    found = scope.ledger.organisations.get(scope.tenant, organisation)
    if found is None or found.kind != "partner":
        raise OrganisationAbsent(id=organisation[:100])
    return found


def _registered(scope: Scope, found: Organisation) -> Partner:
    partner = scope.ledger.exchange.store.partner(scope.tenant, found.id)
    if partner is None:
        raise ParameterRefused(name="base_url", why=found.name)
    return partner


def _register(request: Request, scope: Scope, organisation: str, said: Mapping[str, str]) -> None:
    exchange, found = scope.ledger.exchange, _partner_organisation(scope, organisation)
    base_url = text_of(said, "base_url").rstrip("/")
    auth_base = said.get("auth_base", "").rstrip("/") or base_url
    for address in (base_url, auth_base):
        exchange.client.caller.check(address)
    client_id, wire = text_of(said, "client_id"), said.get("wire")
    if ":" in client_id:
        raise ParameterRefused(name="client_id", why=":")
    if wire not in {"2", "3"}:
        raise ParameterRefused(name="wire", why="2, 3")
    secret, earlier = said.get("client_secret", ""), exchange.store.partner(scope.tenant, found.id)
    if not secret and earlier and (earlier.base_url, earlier.auth_base) == (base_url, auth_base):
        # Only to where it was given for: whoever moves the address has to know the secret.
        secret = earlier.client_secret
    if not 0 < len(secret) <= LONGEST:
        raise ParameterRefused(name="client_secret", why=f"1 - {LONGEST}")
    with recorded(request) as tell:
        exchange.store.keep_partner(
            Partner(
                tenant=scope.tenant,
                organisation=found.id,
                base_url=base_url,
                auth_base=auth_base,
                client_id=client_id,
                client_secret=secret,
                wire=2 if wire == "2" else 3,
            )
        )
        tell(done("register_partner", scope.principal, found.id))


def _grant(scope: Scope, organisation: str, said: Mapping[str, str]) -> None:
    found, supplier = _partner_organisation(scope, organisation), said.get("supplier", "")
    reach: Any = one_of(said, "scope", Literal["all", "product", "classification"])
    value = None if reach == "all" else text_of(said, "value")
    revoked = said.get("revoked") == "yes"
    if revoked:
        in_force = scope.ledger.exchange.shelf.grants(scope.tenant, to=found.id)
        known = any((one.supplier, one.scope, one.value) == (supplier, reach, value) for one in in_force)
    else:
        its = scope.ledger.organisations.get(scope.tenant, supplier)
        known = its is not None and its.kind == "supplier"
        if value is not None and a_urn(value):
            raise ParameterRefused(name="value", why="urn:...")
    if not known:
        raise ParameterRefused(name="supplier", why=supplier[:100])
    grant(
        scope.ledger,
        Submission.of(scope.principal),
        supplier=supplier,
        grantee=found.id,
        scope=reach,
        value=value,
        until=None if revoked else until_of(said),
        revoked=revoked,
    )


def _urns(said: Mapping[str, str], name: str) -> list[str]:
    """One a line."""
    lines = list(dict.fromkeys(filter(None, (line.strip() for line in said.get(name, "").splitlines()))))
    if not 0 < len(lines) <= MOST_PRODUCTS:
        raise ParameterRefused(name=name, why=f"1 - {MOST_PRODUCTS}")
    for line in lines:
        if a_urn(line):
            raise ParameterRefused(name=name, why=line[:100])
    return lines

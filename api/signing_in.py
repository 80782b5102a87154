"""What every way of signing in does at its end: open a session, and lead to where one starts."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.runtime import Runtime
from ledger.errors import Locale
from ledger.services.access import FormTokenMismatch, Principal, StoredPrincipal

START: Final = {"supplier": "/supplier"}
"""Where a role starts, when it is not the overview."""


def start_of(principal: Principal) -> str:
    """The first page of a principal."""
    return START.get(principal.role, "/")


def opened(runtime: Runtime, stored: StoredPrincipal, address: str) -> Response:
    """A new session, and on to an address."""
    cookie = runtime.sessions.set_cookie(runtime.sessions.open(stored))
    return RedirectResponse(address, 303, {"Set-Cookie": cookie})


def keep_language(runtime: Runtime, principal: Principal, locale: Locale) -> None:
    """Keep in which language a person reads, for letters to it; keys get no letters."""
    if runtime.ledger.people.by_id(principal.id) is not None:
        runtime.ledger.letters.set(principal.tenant, f"language {principal.id}", locale)


def next_or_start(address: str, principal: Principal) -> str:
    """The page one asked for before signing in; nothing asked for is the principal's first page."""
    return start_of(principal) if address == "/" else address


def local(address: str) -> str:
    """An address on this server; anything else becomes the overview."""
    plain = address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
    return address if plain else "/"


def same_origin(request: Request, runtime: Runtime) -> None:
    """Another site's page must not sign its visitor in here as someone of its choice."""
    origin = request.headers.get("origin")
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}", runtime.ledger.settings.public_url.rstrip("/")}
    if origin is not None and origin not in own:
        raise FormTokenMismatch

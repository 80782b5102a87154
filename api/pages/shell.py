"""The frame of every page: language, navigation, who is signed in, and the template engine."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.deps import locale_for, runtime_of
from api.pages import words
from api.pages.catalogue import translator
from api.pages.navigation import navigation
from api.pages.statics import address
from api.permissions import Permission, may
from api.session import Session
from ledger.services.access import PUBLIC, Principal
from ledger.services.gate import KeyRefused

_ASKED: Final[tuple[tuple[str, Permission], ...]] = (
    ("capture", "capture"),
    ("claims", "claims.write"),
    ("entries", "entries.read"),
    ("footprints", "footprints.read"),
    ("work", "work"),
)
"""What templates ask before they offer a way in."""
Crumbs = tuple[tuple[str, str], ...]


@cache
def templates() -> Environment:
    """Every template escapes what it is given and fails on a name it was not given."""
    environment = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=words.visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.number, moment=words.moment, breakable=words.breakable, segment=words.segment
    )
    environment.globals.update(static=address)
    return environment


def reader(request: Request) -> Principal:
    """Who reads; the public when the request was refused before anyone asked."""
    found: Principal = getattr(request.state, "principal", PUBLIC)
    return found


def session_of(request: Request) -> Session | None:
    """The reader's session; read from the cookie for an address that is not served, where no one asked for it."""
    if hasattr(request.state, "session"):
        known: Session | None = request.state.session
        return known
    sessions = runtime_of(request).sessions
    with suppress(KeyRefused):
        return sessions.read(request.cookies.get(sessions.cookie_name, ""))
    return None


def page(request: Request, template: str, view: Any, *, crumbs: Crumbs = (), status: int = 200) -> HTMLResponse:
    """A whole page: ``view`` is what the template shows; ``crumbs`` are (label, address), the last without one."""
    return HTMLResponse(text(request, template, view, crumbs=crumbs), status, {"Content-Language": locale_for(request)})


def text(request: Request, template: str, view: Any, *, crumbs: Crumbs = (), **more: Any) -> str:
    """The page as text."""
    locale, principal, session = locale_for(request), reader(request), session_of(request)
    principal = session.principal if session else principal
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    t = translator(locale)
    return (
        templates()
        .get_template(template)
        .render(
            t=t,
            locale=locale,
            here=here,
            view=view,
            crumbs=((t("nav.home"), "/"), *crumbs) if crumbs else (),
            navigation=navigation(request.url.path, principal),
            session=session,
            reader_may={word: may(principal, permission) for word, permission in _ASKED},
            **more,
        )
    )

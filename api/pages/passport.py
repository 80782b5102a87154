"""The passport of a thing: what anyone may see of it, and more for those it belongs to."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Path, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import LedgerDep, RuntimeDep, locale_for
from api.faults import NoSuchAddress
from api.pages import shell
from api.pages.catalogue import translator, under
from api.pages.passport_views import Frame, passport_view
from api.pages.pins import pin_view
from api.pages.shell import reader
from api.pages.symbol import qr_svg
from api.resolving.linkset import link_header
from api.resolving.reading import identity_at
from ledger.identity import Identity, parse

router = APIRouter(include_in_schema=False)
PAGES = "/passport"


class UnknownView(NamedTuple):
    """A code that is well formed, of which nothing is recorded."""

    code: str
    link: str
    symbol: Markup
    single: bool


@router.get(PAGES + "/{rest:path}")
def passport_page(request: Request, ledger: LedgerDep, runtime: RuntimeDep) -> Response:
    """The page of a thing or a product; 404 with what to do when nothing is recorded of it."""
    identity = identity_at(request, PAGES)
    locale, domain = locale_for(request), ledger.settings.domain
    t, link = translator(locale), domain + identity.path
    symbol = qr_svg(link, t("passport.symbol"))
    found = runtime.passports.of(identity, reader(request))
    crumbs = ((identity.element_string(), ""),)
    if found is None:
        unknown = UnknownView(identity.element_string(), link, symbol, identity.level == "instance")
        return shell.page(request, "passport-unknown.html", unknown, crumbs=crumbs, status=404)
    view = passport_view(identity, found, Frame(t, locale, symbol, str(ledger.note_key.verifier)))
    more = {"messages": under(locale, "js."), "pin": pin_view(ledger, t)}
    text = shell.text(request, "passport.html", view, crumbs=crumbs, **more)
    headers = {"Content-Language": locale, "Link": _link(domain, identity), "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(text, headers=headers)


def _link(domain: str, identity: Identity) -> str:
    data = f'<{domain}/api/v1/passports{identity.path}>; rel="alternate"; type="application/ld+json"'
    return f"{link_header(domain, identity)}, {data}"


@router.get("/find")
def find(code: str = "") -> Response:
    """From anything scanned or typed to the page of the thing."""
    if not code.strip():
        return RedirectResponse("/", 303)
    return RedirectResponse(PAGES + parse(code[:2048]).path, 303)


@router.get("/photos/{digest}")
def photo(digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], ledger: LedgerDep) -> Response:
    """A photograph by its content."""
    found = ledger.photos.read(digest)
    if found is None:
        raise NoSuchAddress
    kept, data = found
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(data, headers=headers, media_type=kept.media_type)

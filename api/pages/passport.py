"""The passport of a thing, at its Digital Link address: what anyone may see of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.deps import locale_for
from api.pages.catalogue import messages, translator
from api.pages.footprint_views import readable
from api.pages.footprints import declared_name
from api.pages.shell import page, reader
from api.pages.symbol import qr_svg
from api.pages.words import at
from ledger.errors import IdentityError, Locale
from ledger.identity import Identity, parse
from ledger.ports import AssetState
from ledger.wiring import Ledger

router = APIRouter(include_in_schema=False)
SHOWN_SCANS: Final = 100


@dataclass(frozen=True, slots=True)
class Scan:
    """One event that names the thing."""

    index: int
    step: str
    place: str
    at: datetime
    state: str
    own: bool


class PassportView(NamedTuple):
    """The passport. Names and places are as the events state them."""

    name: str
    code: str
    key: str
    value: str
    serial: str
    link: str
    epc: str
    symbol: Markup
    known: bool
    disposition: str
    step: str
    place: str
    own: bool
    seen_at: datetime | None
    product: str
    product_id: str
    scan_count: int
    scans: list[Scan]


class _Id(msgspec.Struct):
    id: str


class _Event(msgspec.Struct, rename="camel"):
    event_time: datetime
    biz_step: str = ""
    biz_location: _Id | None = None
    read_point: _Id | None = None


class _Record(msgspec.Struct):
    event: _Event


class _Body(msgspec.Struct):
    record: _Record


_BODY: Final = msgspec.json.Decoder(_Body)


def render_passport(request: Request, ledger: Ledger, identity: Identity) -> HTMLResponse:
    """The page of a thing; 404 with what to do when nothing is recorded of it."""
    state = ledger.projections.asset(identity.text)
    view = passport_view(ledger, identity, state, locale_for(request), reader(request).tenant)
    return page(request, "passport.html", view, crumbs=((view.code, ""),), status=200 if state else 404)


def passport_view(
    ledger: Ledger, identity: Identity, state: AssetState | None, locale: Locale, tenant: str
) -> PassportView:
    """The passport's content. Places are for the tenant whose events state them."""
    indexes = ledger.projections.asset_entries(identity.text) if state else []
    own = state is not None and state.tenant == tenant
    link = identity.digital_link(ledger.settings.public_url)
    return PassportView(
        name=declared_name(ledger, tenant, state.product) if state and own else "",
        code=identity.element_string(),
        key=identity.key.name,
        value=identity.code,
        serial=identity.serial,
        link=link,
        epc=_epc(identity),
        symbol=qr_svg(link, translator(locale)("passport.symbol")),
        known=state is not None,
        disposition=_term("disposition", state.disposition, locale) if state else "",
        step=_term("step", state.step, locale) if state else "",
        place=_place(state.place) if state and own else "",
        own=own,
        seen_at=at(state.last_at) if state else None,
        product=readable(state.product) if state and state.product else "",
        product_id=state.product if state else "",
        scan_count=len(indexes),
        scans=[_scan(ledger, index, tenant, locale) for index in reversed(indexes[-SHOWN_SCANS:])],
    )


def _scan(ledger: Ledger, index: int, tenant: str, locale: Locale) -> Scan:
    entry = ledger.entries.entry(index)
    event, own = _BODY.decode(entry.body).record.event, entry.tenant == tenant
    place = event.biz_location or event.read_point
    covering = ledger.checkpoints.covering(index)
    state = covering.state if covering else "sequenced"
    return Scan(
        index,
        _term("step", event.biz_step, locale),
        _place(place.id) if place and own else "",
        event.event_time,
        state,
        own,
    )


def _epc(identity: Identity) -> str:
    with suppress(IdentityError):
        return identity.epc_uri()
    return ""


def _term(kind: str, uri: str, locale: Locale) -> str:
    """A step or disposition in the reader's words where GS1's vocabulary (CBV 2.0) has it, else as stated."""
    word = uri.rstrip("/").rpartition("/")[2].rpartition(":")[2].removeprefix("BizStep-").removeprefix("Disp-")
    return messages(locale).get(f"{kind}.{word}", word)


def _place(text: str) -> str:
    """A place by its short key where it is a GS1 one, else as stated."""
    with suppress(IdentityError):
        return parse(text).element_string()
    return text


@router.get("/find")
def find(code: str = "") -> Response:
    """From anything scanned or typed to the page of the thing."""
    if not code.strip():
        return RedirectResponse("/", 303)
    return RedirectResponse(parse(code[:2048]).path, 303)

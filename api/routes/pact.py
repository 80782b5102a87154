"""Footprints by the PACT protocol, versions 3 and 2: lists, single ones, events (PACT Technical Specifications)."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep, RuntimeDep
from api.describe import gives
from api.faults import BodyUnreadable
from api.permissions import may
from api.shell import BODY_LIMIT
from api.wire import require_shallow
from ledger.pact.errors import FilterRefused, NotInVersion2
from ledger.pact.event import Major, read_event
from ledger.pact.filters import Filters
from ledger.pact.odata import Asked, read_filter
from ledger.services.access import Principal
from ledger.services.exchange import SCHEMA_PATH
from ledger.services.pcf_shelf import Held, Page, Viewer
from ledger.wiring import Ledger

router = APIRouter(tags=["pact"])
AFTER: Final = "x-onecode-after"
"""Where a page goes on: after the entry that the one before ended with. Entries never move: a link stays good."""
USUAL: Final = 100
MOST: Final = 1_000
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_LIST: Final = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": {"type": "object"}}},
}
_ONE: Final = {"type": "object", "required": ["data"], "properties": {"data": {"type": "object"}}}
_EVENT: Final = {"type": "object", "required": ["type", "specversion", "id", "source", "data"]}
_ERROR: Final = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
}


def _terms(schema: dict[str, Any] | None, takes: dict[str, Any] | None = None) -> dict[str, Any]:
    kinds = ("application/cloudevents+json", "application/json")
    terms = gives(None, takes=takes, takes_type=kinds) if takes else gives(None)
    terms["responses"][200] = {"description": ""} | ({"content": _json_of(schema)} if schema else {})
    terms["responses"]["default"] = {"description": "Error of PACT", "content": _json_of(_ERROR)}
    return terms


def _json_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


@router.get("/3/footprints", **_terms(_LIST))
def list_footprints(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """Footprints shared with who asks, by the criteria of the address, in pages of ``limit``."""
    said = parse_qsl(request.url.query, keep_blank_values=True)
    limit, after = _window(said)
    exchange, filters = ledger.exchange, Filters.of(said)

    def shown(held: Held) -> dict[str, Any] | None:
        return exchange.shown(held) if held.asked_for(filters) else None

    return _page(request, ledger, said, exchange.shelf.page(viewer_of(principal), shown, after=after, limit=limit))


@router.get("/3/footprints/{footprint_id}", **_terms(_ONE))
def get_footprint(footprint_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One footprint."""
    held = ledger.exchange.shelf.get(viewer_of(principal), footprint_id)
    return _json({"data": ledger.exchange.shown(held)})


@router.get("/2/footprints", **_terms(_LIST))
def list_footprints_2(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """The same as version 2 says it; what version 2 has no word for is not in it."""
    said = parse_qsl(request.url.query, keep_blank_values=True)
    limit, after = _window(said)
    text = next((value for name, value in said if name == "$filter"), "")
    asked: Asked = read_filter(text) if text.strip() else lambda _: True
    exchange = ledger.exchange

    def shown(held: Held) -> dict[str, Any] | None:
        try:
            document = exchange.shown_in_version2(held)
        except NotInVersion2:
            return None
        return document if asked(document) else None

    return _page(request, ledger, said, exchange.shelf.page(viewer_of(principal), shown, after=after, limit=limit))


@router.get("/2/footprints/{footprint_id}", **_terms(_ONE))
def get_footprint_2(footprint_id: str, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """One footprint as version 2 says it."""
    held = ledger.exchange.shelf.get(viewer_of(principal), footprint_id)
    return _json({"data": ledger.exchange.shown_in_version2(held)})


@router.post("/3/events", **_terms(None, _EVENT))
async def take_event(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """An event of version 3: taken, and dealt with afterwards."""
    return await _take(3, request, runtime.ledger, principal)


@router.post("/2/events", **_terms(None, _EVENT))
async def take_event_2(request: Request, runtime: RuntimeDep, principal: PrincipalDep) -> Response:
    """An event of version 2."""
    return await _take(2, request, runtime.ledger, principal)


@router.get(SCHEMA_PATH, **gives(None))
def entry_schema() -> Response:
    """The schema of the extension that says where a footprint stands in the log."""
    return _json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Where a footprint stands in an append-only log",
            "type": "object",
            "required": ["entry", "leaf", "origin", "proof"],
            "properties": {
                "entry": {"type": "integer", "description": "Index of its entry"},
                "leaf": {"type": "string", "description": "RFC 6962 leaf hash of the entry, hex"},
                "origin": {"type": "string", "description": "Name of the log"},
                "proof": {"type": "string", "description": "Where its proof is"},
            },
        }
    )


def viewer_of(principal: Principal) -> Viewer:
    """How a principal looks at footprints: the house's people see all of their tenant's."""
    house = may(principal, "exchange.read-all") and not principal.organisation
    return Viewer(principal.tenant, principal.organisation, house, may(principal, "pcf.review"))


async def _take(major: Major, request: Request, ledger: Ledger, principal: Principal) -> Response:
    body = await request.body()
    if len(body) > BODY_LIMIT:
        raise BodyUnreadable(why="too large")
    require_shallow(body)
    try:
        event = read_event(major, msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyUnreadable(why=str(error)[:200]) from None
    await run_in_threadpool(ledger.exchange.take, principal.tenant, principal.organisation, major, event)
    return Response(status_code=200)


def _window(said: list[tuple[str, str]]) -> tuple[int, int]:
    """How many, and after which entry. Raises ``FilterRefused``."""
    found = {"limit": USUAL, AFTER: -1}
    for name, value in said:
        if name in found and value.strip():
            if not value.isascii() or not value.isdigit() or len(value) > 15 or (name == "limit" and int(value) < 1):
                raise FilterRefused(name=name, why="a positive whole number", why_zh="应为正整数")
            found[name] = int(value)
    return min(found["limit"], MOST), found[AFTER]


def _page(request: Request, ledger: Ledger, said: list[tuple[str, str]], page: Page[dict[str, Any]]) -> Response:
    """A page and, while there is more, the absolute address of the next one, on the host that was asked."""
    response = _json({"data": page.found})
    if page.after is not None:
        kept = [(name, value) for name, value in said if name != AFTER and value]
        query = urlencode([*kept, (AFTER, str(page.after))])
        scheme, host = ledger.settings.public_url.partition(":")[0], request.headers.get("host", "")
        response.headers["Link"] = f'<{scheme}://{host}{request.url.path}?{query}>; rel="next"'
    return response


def _json(content: dict[str, Any]) -> Response:
    return Response(_ENCODER.encode(content), media_type="application/json")

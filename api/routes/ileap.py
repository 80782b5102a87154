"""Transport activity data by iLEAP 1.0: what was carried for the partner that asks, without emissions."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import LedgerDep, PrincipalDep
from api.describe import gives
from api.faults import ParameterRefused
from api.wire import reply
from ledger.ileap.reading import written
from ledger.ports.shipments import Wanted
from ledger.services.access import Principal
from ledger.services.shipment_grants import visible
from ledger.services.shipments import activities_page
from ledger.wiring import Ledger

router = APIRouter(tags=["ileap"])
AFTER: Final = "x-onecode-after"
"""Where a page goes on: behind a consignment and an activity, so that a link gives the same again."""
USUAL: Final = 100
MOST: Final = 1_000
MOST_FILTERS: Final = 50
_HOUSE: Final = frozenset({"admin", "manager", "procurement", "auditor"})
_TERMS: Final[dict[str, Any]] = gives(None)
_TERMS["responses"] = {
    200: {
        "description": "Transport activity data",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["data"],
                    "properties": {"data": {"type": "array", "items": {"type": "object"}}},
                }
            }
        },
    },
    "default": {
        "description": "Error of iLEAP",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                }
            }
        },
    },
}


@router.get("/2/ileap/tad", **_TERMS)
def list_activities(request: Request, ledger: LedgerDep, principal: PrincipalDep) -> Response:
    """
    Activity data of the consignments that are meant for who asks.

    Any field may be asked for by its name, at any depth (``mode=road``); of several names all have to fit, of one name
    any value; case of values does not matter. Pages of ``limit``, with a link to the next.
    """
    filters: dict[str, list[str]] = {}
    limit, after = USUAL, ""
    for name, value in parse_qsl(request.url.query, keep_blank_values=True):
        if name == "limit":
            limit = _limit(value)
        elif name == AFTER:
            after = _opened(value)
        else:
            filters.setdefault(name, []).append(value)
    if sum(map(len, filters.values())) > MOST_FILTERS:
        raise ParameterRefused(name="filters", why=f"at most {MOST_FILTERS}")
    page = activities_page(
        ledger, principal.tenant, shown_to(ledger, principal), filters, after=after, limit=min(limit, MOST)
    )
    answer = reply({"data": [written(tad) for tad in page.found]})
    if page.after:
        said = [(name, value) for name, values in filters.items() for value in values]
        query = urlencode([*said, ("limit", str(limit)), (AFTER, urlsafe_b64encode(page.after.encode()).decode())])
        answer.headers["Link"] = f'<{request.url.replace(query=query)}>; rel="next"'
    return answer


def shown_to(ledger: Ledger, principal: Principal) -> Wanted:
    """What a principal may see: the house everything, an organisation what it was granted, anyone else nothing."""
    if not principal.organisation and principal.role not in _HOUSE:
        return Wanted()
    return visible(ledger, principal.tenant, principal.organisation)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise ParameterRefused(name="limit", why="a whole number above 0")
    return int(text)


def _opened(text: str) -> str:
    try:
        found = urlsafe_b64decode(text.encode()).decode()
    except (Error, ValueError):
        raise ParameterRefused(name=AFTER, why="it is not from a link of ours") from None
    if found.count("\n") != 1 or "\x00" in found:
        raise ParameterRefused(name=AFTER, why="it is not from a link of ours")
    return found

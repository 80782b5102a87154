"""The kinds of things that EPCIS 2.0 gives an address each, and their list at the root."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import Request
from starlette.responses import Response

from api.epcis_asking import collection
from api.epcis_terms import epcis_reply, terms_of
from ledger.ports.event_index import NameKind


class Resource(NamedTuple):
    """A kind of thing whose events can be asked for by name."""

    name: str
    parameter: str
    kind: NameKind | None
    """``None`` for event types, which are not names."""


RESOURCES: Final = (
    Resource("epcs", "MATCH_anyEPC", "epc"),
    Resource("bizSteps", "EQ_bizStep", "bizStep"),
    Resource("bizLocations", "EQ_bizLocation", "bizLocation"),
    Resource("readPoints", "EQ_readPoint", "readPoint"),
    Resource("dispositions", "EQ_disposition", "disposition"),
    Resource("eventTypes", "eventType", None),
)
TOP: Final = ("capture", "events", "queries", *(resource.name for resource in RESOURCES))


def resource_list(request: Request) -> Response | None:
    """The list of resources for a client that asks for JSON by name; ``None`` for browsers."""
    accept = request.headers.get("accept", "")
    if "json" not in accept or "html" in accept:
        return None
    return epcis_reply(collection(list(TOP)), terms_of(request), headers={"Vary": "Accept"})

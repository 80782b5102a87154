"""
EPCIS 2.0 queries for events: all of them, or those of one thing, step, place, disposition or type.

The parameters are those of the simple event query; ``ledger.services.event_query.parameters`` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import ScopeDep
from api.describe import gives
from api.epcis_asking import Asking, AskingDep, collection
from api.epcis_resources import RESOURCES, Resource
from api.epcis_terms import TermsDep, epcis_reply
from api.faults import NoSuchAddress, ParameterRefused
from api.schemas.epcis import Collection
from api.wire import instant
from ledger.ports.event_index import EVENT_TYPES
from ledger.services.event_query.errors import ParameterError
from ledger.services.event_query.parameters import Asked, asked
from ledger.services.event_query.presented import event_document, presented

router = APIRouter(tags=["EPCIS"])
SIMPLE: Final = "SimpleEventQuery"


@router.get("/events", **gives(None))
def get_events(asking: AskingDep) -> Response:
    """Events of the tenant that match every parameter of the simple event query, a page at a time."""
    given = asking.given()
    return asking.events(SIMPLE, asking.page(asked(given, asking.terms.prefixes), given))


@router.get("/events/{event_id:path}", **gives(None))
def get_event(event_id: str, scope: ScopeDep, terms: TermsDep) -> Response:
    """One event of the tenant by its eventID."""
    entry = scope.event(event_id)
    event = presented(entry, instant(entry.recorded_at), terms.epc_format)
    return epcis_reply(event_document(event), terms)


def _list(resource: Resource) -> Callable[..., Response]:
    def listed(asking: AskingDep) -> Response:
        asking.runtime.answering.freshen()
        events, kind = asking.runtime.ledger.events, resource.kind
        if kind is None:
            return epcis_reply(collection(events.types(asking.tenant)), asking.terms)
        names, headers = asking.names(kind, lambda limit, after: events.names(asking.tenant, kind, limit, after))
        return epcis_reply(collection(names), asking.terms, headers=headers)

    listed.__doc__ = f"What the tenant's events name as {resource.name}, in the order of code points."
    return listed


def _one(resource: Resource) -> Callable[..., Response]:
    def known(value: str, asking: AskingDep) -> Response:
        _require_known(asking, _asked(resource, value, {}, asking))
        return epcis_reply(collection(["events"]), asking.terms)

    known.__doc__ = f"What can be asked about one of the {resource.name}."
    return known


def _events_of(resource: Resource) -> Callable[..., Response]:
    def events(value: str, asking: AskingDep) -> Response:
        given = asking.given()
        page = asking.page(_asked(resource, value, given, asking), {**given, f"/{resource.name}": value})
        if not page.events and asking.token is None:
            _require_known(asking, _asked(resource, value, {}, asking))
        return asking.events(SIMPLE, page)

    events.__doc__ = f"Events of one of the {resource.name}; further parameters narrow them."
    return events


for _resource in RESOURCES:
    _stem = f"/{_resource.name}"
    for _path, _made, _shape in (
        (_stem, _list, Collection),
        (f"{_stem}/{{value:path}}/events", _events_of, None),
        (f"{_stem}/{{value:path}}", _one, Collection),
    ):
        _id = f"{_resource.name}_{_made.__name__.strip('_')}"
        router.add_api_route(_path, _made(_resource), methods=["GET"], operation_id=_id, **gives(_shape))


def _asked(resource: Resource, value: str, given: Mapping[str, str], asking: Asking) -> Asked:
    if resource.parameter in given:
        raise ParameterRefused(name=resource.parameter, why="the address says it already")
    if resource.kind is None and value not in EVENT_TYPES:
        raise NoSuchAddress
    try:
        asked({resource.parameter: [value]})
    except ParameterError as error:
        raise NoSuchAddress from error  # what cannot be read was never named
    return asked({**given, resource.parameter: [value]}, asking.terms.prefixes)


def _require_known(asking: Asking, found: Asked) -> None:
    """Raise ``NoSuchAddress`` when none of the tenant's events name it."""
    asking.runtime.answering.freshen()
    if not asking.runtime.ledger.events.find(asking.tenant, found.query, 1):
        raise NoSuchAddress

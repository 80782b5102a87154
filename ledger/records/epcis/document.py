"""
EPCIS documents in the JSON binding (EPCIS 2.0, 9.5): the events of an ``EPCISDocument`` or ``EPCISQueryDocument``.

The common document is decoded in one step; one with extensions, or with a fault, event by event, so that each event
comes back with its own reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Struct, field

from ledger.errors import LedgerError, Place
from ledger.records.epcis.context import prefixes
from ledger.records.epcis.errors import EventRepeated, SchemaVersionUnknown
from ledger.records.epcis.event import Event
from ledger.records.epcis.reading import located, read_event, with_prefixes

Kind = Literal["EPCISDocument", "EPCISQueryDocument"]


class _Events(Struct, gc=False, rename="camel"):
    event_list: list[Event] | None = None


class _Results(Struct, gc=False, rename="camel"):
    results_body: _Events | None = None


class _Body(Struct, gc=False, rename="camel"):
    event_list: list[Event] | None = None
    query_results: _Results | None = None


class _Document(Struct, gc=False, rename="camel"):
    epcis_body: _Body
    schema_version: str
    type: Kind
    context: Any = field(name="@context", default=None)


class _RawEvents(Struct, gc=False, rename="camel"):
    event_list: list[msgspec.Raw] | None = None


class _RawResults(Struct, gc=False, rename="camel"):
    results_body: _RawEvents | None = None


class _RawBody(Struct, gc=False, rename="camel"):
    event_list: list[msgspec.Raw] | None = None
    query_results: _RawResults | None = None


class _RawDocument(Struct, gc=False, rename="camel"):
    epcis_body: _RawBody
    schema_version: str
    type: Kind
    context: Any = field(name="@context", default=None)


_FAST: Final = msgspec.json.Decoder(_Document)
_EVENT_BY_EVENT: Final = msgspec.json.Decoder(_RawDocument)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class EventDocument(NamedTuple):
    """The events of a document in its order; in place of one that cannot be read stands the reason, with a pointer."""

    pointer: str
    """Where the list of events is in the document."""
    events: list[Event | LedgerError]


def read_document(data: bytes) -> EventDocument:
    """
    The events of a document, typed; ``checking`` has not seen them yet.

    Raises ``RecordUnreadable``, ``SchemaVersionUnknown``, ``ContextUnfit``, ``PrefixReserved`` for the document as a
    whole. An eventID that stands twice is an error at its second place.
    """
    try:
        document: _Document | _RawDocument = _FAST.decode(data)
    except _UNREADABLE:
        document = _read_raw(data)
    if not document.schema_version.startswith("2."):
        raise SchemaVersionUnknown(found=document.schema_version[:40]).at(Place(pointer="/schemaVersion"))
    declared = prefixes(document.context)
    body = document.epcis_body
    pointer, found = "/epcisBody/eventList", body.event_list
    if found is None and body.query_results and body.query_results.results_body:
        pointer = "/epcisBody/queryResults/resultsBody/eventList"
        found = body.query_results.results_body.event_list
    if isinstance(document, _Document):
        typed: list[Any] = found or []
        if any(event.has_free_json for event in typed):
            return EventDocument(pointer, _once(_one_by_one(_event_list(_read_raw(data)), declared)))
        return EventDocument(pointer, _once(with_prefixes(event, declared) if declared else event for event in typed))
    raw: list[Any] = found or []
    return EventDocument(pointer, _once(_one_by_one(raw, declared)))


def _read_raw(data: bytes) -> _RawDocument:
    try:
        return _EVENT_BY_EVENT.decode(data)
    except _UNREADABLE as error:
        raise located(str(error)) from None


def _event_list(document: _RawDocument) -> list[msgspec.Raw]:
    body = document.epcis_body
    if body.event_list is None and body.query_results and body.query_results.results_body:
        return body.query_results.results_body.event_list or []
    return body.event_list or []


def _one_by_one(raw: list[msgspec.Raw], declared: Mapping[str, str]) -> Iterator[Event | LedgerError]:
    for data in raw:
        try:
            yield read_event(data, declared)
        except LedgerError as error:
            yield error


def _once(events: Iterator[Event | LedgerError]) -> list[Event | LedgerError]:
    """Every event, an error in place of those whose id was there already; an event and its declaration are two."""
    first: dict[tuple[str, bool], int] = {}
    found = list(events)
    for position, event in enumerate(found):
        if isinstance(event, Event):
            before = first.setdefault((event.event_id, event.error_declaration is None), position)
            if before != position:
                repeated = EventRepeated(event_id=event.event_id, first=before)
                found[position] = repeated.at(Place(pointer="/eventID"))
    return found

"""
From the bytes of an event on the wire to its form.

The common event has nothing that EPCIS does not name and is decoded in one step. Every other one is read a second time
as plain JSON, sorted into fields and extensions, and then typed: that pass also says where an event is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ledger.errors import LedgerError, Place
from ledger.records.epcis.context import NONE, prefixes
from ledger.records.epcis.error_declaration import ErrorDeclaration
from ledger.records.epcis.event import Event
from ledger.records.epcis.event import Place as EventPlace
from ledger.records.epcis.event_hash import event_hash
from ledger.records.epcis.extension import Digits, kept, namespaced
from ledger.records.epcis.sensor import SensorElement, SensorMetadata, SensorReport
from ledger.records.errors import FieldMissing, RecordUnreadable

_EVENT: Final = msgspec.json.Decoder(Event)
_PLAIN: Final = msgspec.json.Decoder(float_hook=Digits)
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_ENCODER: Final = msgspec.json.Encoder()
_POINTER = re.compile(r" - at `(?:key in )?\$(.*)`$")
_NAMELESS: Final = "ni:"
_LEFT_OUT: Final = frozenset({"@context", "recordTime"})
_INNER: Final[dict[str, type[msgspec.Struct]]] = {
    "bizLocation": EventPlace,
    "errorDeclaration": ErrorDeclaration,
    "readPoint": EventPlace,
    "sensorElementList": SensorElement,
    "sensorMetadata": SensorMetadata,
    "sensorReport": SensorReport,
}
"""Fields whose objects may be extended, with their forms."""


def _names(form: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(form.__struct_encode_fields__) - {"extensions", "@context"}


_FORMS: Final[tuple[type[msgspec.Struct], ...]] = (Event, *_INNER.values())
_FIELDS: Final = {form: _names(form) for form in _FORMS}


def read_event(data: bytes | msgspec.Raw, declared: Mapping[str, str] = NONE) -> Event:
    """
    The event in these bytes; ``declared`` are the prefixes of the document around it.

    ``recordTime`` and GS1's own context are left out. An event without an eventID is named by its hash, so that it is
    the same event when it comes again (CBV 2.0, 8.9.2). Raises ``RecordError`` with a pointer into the event; what the
    types alone do not say is for ``checking.check_event``.
    """
    try:
        event = _EVENT.decode(data)
    except _UNREADABLE:
        return _sorted_out(data, declared)
    if event.has_free_json:
        return _sorted_out(data, declared)
    return with_prefixes(event, declared) if declared else event


def with_prefixes(event: Event, declared: Mapping[str, str]) -> Event:
    """A plain event with those of the document's prefixes that its values use."""
    used = _used(msgspec.json.encode(event), declared)
    return msgspec.structs.replace(event, context=used) if used else event


def _used(data: bytes, declared: Mapping[str, str]) -> dict[str, str] | None:
    return {prefix: uri for prefix, uri in declared.items() if f'"{prefix}:'.encode() in data} or None


def _sorted_out(data: bytes | msgspec.Raw, declared: Mapping[str, str]) -> Event:
    try:
        value = _PLAIN.decode(data)
    except _UNREADABLE as error:
        raise RecordUnreadable(why=_short(error)) from None
    if not isinstance(value, dict):
        raise RecordUnreadable(why="an event is a JSON object")
    nameless = value.get("eventID") is None
    if nameless and "errorDeclaration" in value:
        raise FieldMissing(field="eventID").at(Place(pointer="/eventID"))
    declared = {**declared, **prefixes(value.get("@context"))}
    fields = _fields(value | {"eventID": _NAMELESS} if nameless else value, Event, declared, "")
    if "ilmd" in fields:
        fields["ilmd"] = _master_data(fields["ilmd"], declared)
    encoded = _ENCODER.encode(_numbers(fields))
    used = _used(encoded, declared)
    try:
        event: Event = _EVENT.decode(encoded)
    except _UNREADABLE as error:
        raise located(str(error)) from None
    event = msgspec.structs.replace(event, context=used) if used else event
    return msgspec.structs.replace(event, event_id=event_hash(event)) if nameless else event


def _fields(value: dict[str, Any], form: type[msgspec.Struct], declared: Mapping[str, str], pointer: str) -> Any:
    """The object with its extensions moved into a field of their own, through every object that may have some."""
    known = _FIELDS[form]
    fields: dict[str, Any] = {}
    extensions: dict[str, Any] = {}
    for name, item in value.items():
        if name in known:
            inner = _INNER.get(name)
            fields[name] = item if inner is None else _part(item, inner, declared, f"{pointer}/{name}")
        elif form is not Event or name not in _LEFT_OUT:
            extensions[name] = kept(item, declared, namespaced(name, declared, pointer))
    if extensions:
        fields["extensions"] = extensions
    return fields


def _part(value: Any, form: type[msgspec.Struct], declared: Mapping[str, str], pointer: str) -> Any:
    if isinstance(value, dict):
        return _fields(value, form, declared, pointer)
    if isinstance(value, list):
        return [_part(item, form, declared, f"{pointer}/{at}") for at, item in enumerate(value)]
    return value


def _master_data(value: Any, declared: Mapping[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: kept(item, declared, namespaced(name, declared, "/ilmd")) for name, item in value.items()}


def _numbers(value: Any) -> Any:
    """Numbers outside free JSON as they were written, so that the typed decoder sees every digit."""
    if isinstance(value, Digits):
        return msgspec.Raw(value.encode())
    if isinstance(value, dict):
        return {name: _numbers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return value


def located(message: str) -> RecordUnreadable:
    """A decoder's complaint as an error with its JSON pointer."""
    found = _POINTER.search(message)
    pointer = re.sub(r"\.|\[(\d+|\.\.\.)\]", lambda m: f"/{m[1] or ''}", found[1]) if found else None
    return RecordUnreadable(why=_POINTER.sub("", message)).at(Place(pointer=pointer or None))


def at_event(error: LedgerError, pointer: str) -> LedgerError:
    """An error about an event with its pointer made to start at what is around the event."""
    inner = (error.place.pointer if error.place else None) or ""
    error.place = None
    return error.at(Place(pointer=f"{pointer}{inner}"))


def _short(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__

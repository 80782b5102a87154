"""
An event on its way out: numbers as numbers, extensions where they came in, identities in the form that is asked for.

The entry keeps the event in the words it was captured in; what is asked for is a translation of them. A company prefix
is never guessed, so an identity becomes an EPC URN only where its length is known (GS1-EPC-Format, EPCIS 2.0, 12.6.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, get_args

import msgspec

from ledger.errors import IdentityError
from ledger.identity import URI, parse
from ledger.log.entry import Entry
from ledger.records.epcis.context import GS1_CONTEXT

EpcFormat = Literal["Always_GS1_Digital_Link", "Always_EPC_URN", "No_Preference", "Never_Translates"]
EPC_FORMATS: Final[tuple[EpcFormat, ...]] = get_args(EpcFormat)
_MEASURES: Final = ("maxValue", "meanValue", "minValue", "percRank", "percValue", "sDev", "value")
_JSON_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_DECIMAL: Final = "@decimal"
Translation = Callable[[str], str]
Change = Callable[[Any, Translation], Any]


class _Record(msgspec.Struct):
    event: dict[str, Any]


class _Body(msgspec.Struct):
    record: _Record


_BODY: Final = msgspec.json.Decoder(_Body)


def presented(entry: Entry, recorded_at: str, epc_format: EpcFormat) -> dict[str, Any]:
    """The event of an entry as EPCIS JSON, ready to be encoded; its prefixes stay under ``@context``."""
    event = _flat(_BODY.decode(entry.body).record.event)
    translate = _TRANSLATIONS[epc_format]
    for name, change in _CHANGES.items():
        if name in event:
            event[name] = change(event[name], translate)
    return event | {"recordTime": recorded_at}


def event_document(event: dict[str, Any]) -> dict[str, Any]:
    """One event that stands alone, with its context."""
    own = event.get("@context")
    return event | {"@context": [GS1_CONTEXT, *([own] if own else [])]}


def query_document(events: Sequence[dict[str, Any]], created: str, **about: str) -> dict[str, Any]:
    """Events as the answer to a query; ``about`` is queryName and subscriptionID."""
    declared, listed = _together(events)
    results = {**about, "resultsBody": {"eventList": listed}}
    return {
        "@context": [GS1_CONTEXT, *([declared] if declared else [])],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": created,
        "epcisBody": {"queryResults": results},
    }


def _together(events: Iterable[dict[str, Any]]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """One context for all; an event whose prefixes mean something else keeps its own."""
    declared: dict[str, str] = {}
    listed = []
    for event in events:
        own = event.get("@context") or {}
        if any(declared.get(prefix, uri) != uri for prefix, uri in own.items()):
            listed.append(event)
        else:
            declared |= own
            listed.append({name: value for name, value in event.items() if name != "@context"})
    return declared, listed


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    """An object with its extensions among its fields again."""
    extensions = part.get("extensions")
    if extensions is None:
        return dict(part)
    fields: dict[str, Any] = {name: value for name, value in part.items() if name != "extensions"}
    return fields | {name: _plain(value) for name, value in extensions.items()}


def _plain(value: Any) -> Any:
    """Free JSON with its numbers as numbers."""
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get(_DECIMAL), str):
            return _number(value[_DECIMAL])
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _number(value: Any) -> Any:
    """A decimal that is stored as text, with every digit."""
    if isinstance(value, str) and _JSON_NUMBER.fullmatch(value):
        return msgspec.Raw(value.encode())
    return value


def _place(place: dict[str, Any], translate: Translation) -> dict[str, Any]:
    return _flat(place) | {"id": translate(place["id"])}


def _code(code: str, translate: Translation) -> str:
    return translate(code)


def _codes(codes: list[str], translate: Translation) -> list[str]:
    return [translate(code) for code in codes]


def _amounts(amounts: list[dict[str, Any]], translate: Translation) -> list[dict[str, Any]]:
    return [
        amount
        | {"epcClass": translate(amount["epcClass"])}
        | ({"quantity": _number(amount["quantity"])} if "quantity" in amount else {})
        for amount in amounts
    ]


def _parts(part: str) -> Change:
    def change(listed: list[dict[str, Any]], translate: Translation) -> list[dict[str, Any]]:
        return [each | {part: translate(each[part])} for each in listed]

    return change


def _declaration(declaration: dict[str, Any], _: Translation) -> dict[str, Any]:
    return _flat(declaration)


def _sensors(elements: list[dict[str, Any]], _: Translation) -> list[dict[str, Any]]:
    return [_sensor(element) for element in elements]


def _master_data(ilmd: dict[str, Any], _: Translation) -> Any:
    return _plain(ilmd)


def _sensor(element: dict[str, Any]) -> dict[str, Any]:
    found = _flat(element)
    if "sensorMetadata" in found:
        found["sensorMetadata"] = _flat(found["sensorMetadata"])
    if "sensorReport" in found:
        found["sensorReport"] = [_report(report) for report in found["sensorReport"]]
    return found


def _report(report: dict[str, Any]) -> dict[str, Any]:
    flat = _flat(report)
    return flat | {name: _number(flat[name]) for name in _MEASURES if name in flat}


@lru_cache(maxsize=16_384)
def _digital_link(text: str) -> str:
    try:
        return parse(text).text
    except IdentityError:
        return text


@lru_cache(maxsize=16_384)
def _urn(text: str) -> str:
    """As a URN, when the company prefix's length is known; else as a Digital Link, which needs none."""
    try:
        identity = parse(text)
        return text if identity.key is URI else identity.epc_uri()
    except IdentityError:
        return _digital_link(text)


def _same(text: str) -> str:
    return text


_TRANSLATIONS: Final[dict[EpcFormat, Translation]] = {
    "Always_GS1_Digital_Link": _digital_link,
    "Always_EPC_URN": _urn,
    "No_Preference": _same,
    "Never_Translates": _same,
}
_CHANGES: Final[dict[str, Change]] = {
    "bizLocation": _place,
    "readPoint": _place,
    "parentID": _code,
    **dict.fromkeys(("childEPCs", "epcList", "inputEPCList", "outputEPCList"), _codes),
    **dict.fromkeys(("childQuantityList", "inputQuantityList", "outputQuantityList", "quantityList"), _amounts),
    "bizTransactionList": _parts("bizTransaction"),
    "destinationList": _parts("destination"),
    "sourceList": _parts("source"),
    "errorDeclaration": _declaration,
    "sensorElementList": _sensors,
    "ilmd": _master_data,
}

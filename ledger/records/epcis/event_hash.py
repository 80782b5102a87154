"""
The event hash id of CBV 2.0 (section 8.9.2): one name for an event, whoever computes it and in whichever binding.

It is SHA-256 over a pre-hash string: the fields in a fixed order as ``name=value`` without separators, times in UTC to
the millisecond, words as web addresses, GS1 keys as canonical Digital Links, lists sorted, extensions as
``{namespace}name=value``. eventID, recordTime and errorDeclaration take no part. The order is that of the published
hashes: business transactions, destinations, ILMD, sources and extensions follow the rest in lexical order.

The string is ambiguous by design ("007" and 7 are one, two fields can look like one), and an event and the declaration
that it is an error share it. So it names and compares; what the log commits to is the record's own bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from ledger.errors import IdentityError
from ledger.identity import URI, canonical, parse
from ledger.records.epcis.event import Event, Place, Quantity
from ledger.records.epcis.extension import DECIMAL
from ledger.records.epcis.sensor import SensorElement, SensorMetadata, SensorReport
from ledger.records.epcis.vocabulary import (
    ALERT,
    BIZ_STEP,
    BIZ_TRANSACTION,
    COMPONENT,
    DISPOSITION,
    MEASUREMENT,
    PREFIXES,
    SOURCE_DESTINATION,
    Vocabulary,
)

VERSION: Final = "CBV2.0"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_KNOWN: Final = {prefix: max(uris, key=len) for prefix, uris in PREFIXES.items()} | {
    "cbvmda": "urn:epcglobal:cbv:mda",
    "gs1": "https://gs1.org/voc/",
}
"""What GS1's prefixes stand for in the hash: as the XML binding writes their namespaces."""
_LEFT_OUT: Final = frozenset({"comment", "rdfs:comment"})
_METADATA: Final = (
    ("time", "time"), ("startTime", "start_time"), ("endTime", "end_time"), ("deviceID", "device_id"),
    ("deviceMetadata", "device_metadata"), ("rawData", "raw_data"),
    ("dataProcessingMethod", "data_processing_method"), ("bizRules", "biz_rules"),
)  # fmt: skip
_REPORT: Final = (
    ("type", "type"), ("exception", "exception"), ("deviceID", "device_id"), ("deviceMetadata", "device_metadata"),
    ("rawData", "raw_data"), ("dataProcessingMethod", "data_processing_method"), ("time", "time"),
    ("microorganism", "microorganism"), ("chemicalSubstance", "chemical_substance"), ("value", "value"),
    ("component", "component"), ("stringValue", "string_value"), ("booleanValue", "boolean_value"),
    ("hexBinaryValue", "hex_binary_value"), ("uriValue", "uri_value"), ("minValue", "min_value"),
    ("maxValue", "max_value"), ("meanValue", "mean_value"), ("sDev", "s_dev"), ("percRank", "perc_rank"),
    ("percValue", "perc_value"), ("uom", "uom"), ("coordinateReferenceSystem", "coordinate_reference_system"),
)  # fmt: skip
_WORDS: Final[dict[str, Vocabulary]] = {"type": MEASUREMENT, "exception": ALERT, "component": COMPONENT}


def event_hash(event: Event) -> str:
    """The hash id, ``ni:///sha-256;...?ver=CBV2.0``."""
    return f"ni:///sha-256;{sha256(pre_hash(event).encode()).hexdigest()}?ver={VERSION}"


def hash_matches(event: Event) -> bool | None:
    """Whether an eventID that is a hash id is the one of this event; ``None`` for an eventID of another kind."""
    if not event.event_id.startswith("ni:///sha-256;"):
        return None
    return event.event_id == event_hash(event)


def pre_hash(event: Event) -> str:
    """The string that is hashed."""
    declared = _KNOWN if event.context is None else _KNOWN | event.context
    parts = [
        f"eventType={event.type}eventTime={_moment(event.event_time)}",
        f"eventTimeZoneOffset={event.event_time_zone_offset}",
    ]
    if event.certification_info is not None:
        given = event.certification_info
        parts += sorted(f"certificationInfo={_text(uri)}" for uri in ([given] if isinstance(given, str) else given))
    if event.parent_id is not None:
        parts.append(f"parentID={_link(event.parent_id)}")
    if event.epc_list:
        parts.append(_epcs("epcList", event.epc_list))
    if event.type != "ObjectEvent":
        parts += _lists_of_groups(event)
    elif event.quantity_list:
        parts.append(_quantities("quantityList", event.quantity_list))
    parts += _why_and_where(event, declared)
    if event.sensor_element_list:
        parts.append("sensorElementList")
        parts += sorted(_sensor(element, declared) for element in event.sensor_element_list)
    return "".join(parts) + "".join(sorted(_behind(event, declared)))


def _why_and_where(event: Event, declared: Mapping[str, str]) -> Iterable[str]:
    if event.action is not None:
        yield f"action={event.action}"
    if event.transformation_id is not None:
        yield f"transformationID={_text(event.transformation_id)}"
    if event.biz_step is not None:
        yield _worded("bizStep", BIZ_STEP, event.biz_step)
    if event.disposition is not None:
        yield _worded("disposition", DISPOSITION, event.disposition)
    if event.persistent_disposition is not None:
        conditions = event.persistent_disposition
        yield "persistentDisposition"
        yield from sorted(_worded("set", DISPOSITION, word) for word in conditions.set or ())
        yield from sorted(_worded("unset", DISPOSITION, word) for word in conditions.unset or ())
    if event.read_point is not None:
        yield _place("readPoint", event.read_point, declared)
    if event.biz_location is not None:
        yield _place("bizLocation", event.biz_location, declared)


def _lists_of_groups(event: Event) -> Iterable[str]:
    """The lists of things in their order, of every type but the object event."""
    if event.input_epc_list:
        yield _epcs("inputEPCList", event.input_epc_list)
    if event.child_epcs:
        yield _epcs("childEPCs", event.child_epcs)
    if event.quantity_list:
        yield _quantities("quantityList", event.quantity_list)
    if event.child_quantity_list:
        yield _quantities("childQuantityList", event.child_quantity_list)
    if event.input_quantity_list:
        yield _quantities("inputQuantityList", event.input_quantity_list)
    if event.output_epc_list:
        yield _epcs("outputEPCList", event.output_epc_list)
    if event.output_quantity_list:
        yield _quantities("outputQuantityList", event.output_quantity_list)


def _behind(event: Event, declared: Mapping[str, str]) -> Iterable[str]:
    """What follows the ordered fields, each part by itself; they are sorted among each other."""
    if event.biz_transaction_list:
        yield "bizTransactionList" + "".join(
            sorted(
                ("" if one.type is None else _worded("type", BIZ_TRANSACTION, one.type))
                + f"bizTransaction={_text(one.biz_transaction)}"
                for one in event.biz_transaction_list
            )
        )
    if event.destination_list:
        yield "destinationList" + "".join(
            sorted(
                f"{_worded('type', SOURCE_DESTINATION, one.type)}destination={_site(one.destination)}"
                for one in event.destination_list
            )
        )
    if event.source_list:
        yield "sourceList" + "".join(
            sorted(
                f"{_worded('type', SOURCE_DESTINATION, one.type)}source={_site(one.source)}"
                for one in event.source_list
            )
        )
    if event.ilmd is not None:
        yield "ilmd" + "".join(sorted(_free(event.ilmd, declared)))
    if event.extensions is not None:
        yield from _free(event.extensions, declared)


def _epcs(name: str, codes: list[str]) -> str:
    if len(codes) == 1:
        return f"{name}epc={_link(codes[0])}"
    return name + "".join(sorted(f"epc={_link(code)}" for code in codes))


def _quantities(name: str, amounts: Iterable[Quantity]) -> str:
    return name + "".join(
        sorted(
            f"quantityElementepcClass={_link(amount.epc_class)}"
            + ("" if amount.quantity is None else f"quantity={_number(amount.quantity)}")
            + ("" if amount.uom is None else f"uom={_text(amount.uom)}")
            for amount in amounts
        )
    )


def _place(name: str, place: Place, declared: Mapping[str, str]) -> str:
    if place.extensions is None:
        return f"{name}id={_site(place.id)}"
    return f"{name}id={_site(place.id)}" + "".join(sorted(_free(place.extensions, declared)))


def _sensor(element: SensorElement, declared: Mapping[str, str]) -> str:
    metadata = element.sensor_metadata
    return (
        "sensorElement"
        + ("" if metadata is None else _observed("sensorMetadata", metadata, _METADATA, {}, declared))
        + "".join(
            sorted(_observed("sensorReport", report, _REPORT, _WORDS, declared) for report in element.sensor_report)
        )
        + "".join(sorted(_free(element.extensions or {}, declared)))
    )


def _observed(
    name: str,
    part: SensorMetadata | SensorReport,
    order: Iterable[tuple[str, str]],
    words: Mapping[str, Vocabulary],
    declared: Mapping[str, str],
) -> str:
    found = [name]
    for wire, attribute in order:
        value = getattr(part, attribute)
        if value is None:
            continue
        if isinstance(value, datetime):
            text = _moment(value)
        elif wire in words:
            text = words[wire].uri(value)
        else:
            text = _plain(value)
        found.append(f"{wire}={text}")
    return "".join(found) + "".join(sorted(_free(part.extensions or {}, declared)))


def _free(fields: Mapping[str, Any], declared: Mapping[str, str]) -> Iterable[str]:
    """Names and values of free JSON, a list as its name again and again."""
    for name, value in fields.items():
        if name not in _LEFT_OUT:
            full = _full(name, declared)
            for one in value if isinstance(value, list) else (value,):
                yield full + _free_value(one, declared)


def _free_value(value: Any, declared: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        if DECIMAL in value:
            return f"={_text(value[DECIMAL])}"
        own = value.get("#text", "")
        inner = {name: part for name, part in value.items() if name != "#text"}
        return (f"={_plain(own)}" if own != "" else "") + "".join(sorted(_free(inner, declared)))
    if isinstance(value, list):
        return "".join(_free_value(one, declared) for one in value)
    text = _plain(value, declared)
    return f"={text}" if text else ""


def _full(name: str, declared: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{declared[prefix]}}}{local}" if colon and prefix in declared else name


def _plain(value: Any, declared: Mapping[str, str] | None = None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, str):
        prefix, colon, local = value.partition(":")
        if declared is not None and colon and prefix in declared:
            return _text(declared[prefix] + local)
        return _text(value)
    return str(value)


def _text(text: str) -> str:
    """A value in the one form of its meaning: number, word, GS1 key."""
    text = text.strip()
    if text[:1] in _FIRST_OF_NUMBER and _NUMBER.fullmatch(text):
        return _number(Decimal(text))
    if text.startswith(_WORD_STEMS):
        return _word_in_full(text)
    return _link(text) if text.startswith(_LINKS) else text


_FIRST_OF_NUMBER: Final = frozenset("+-.0123456789")
_LINKS: Final = ("urn:epc:", "https://", "http://")
_WORDS_AS_URN: Final = (BIZ_STEP, DISPOSITION, BIZ_TRANSACTION, SOURCE_DESTINATION)
_WORD_STEMS: Final = tuple(vocabulary.urn for vocabulary in _WORDS_AS_URN)


_site = lru_cache(maxsize=65_536)(_text)
"""Places and parties come back in event after event."""


def _link(text: str) -> str:
    """A GS1 key as its canonical Digital Link; anything else as it is."""
    try:
        link = canonical(text)
        return text if link == text or parse(link).key is URI else link
    except IdentityError:
        return text


def _number(number: Decimal) -> str:
    """Without leading and trailing zeros, sign of plus and exponent."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


@lru_cache(maxsize=4_096)
def _worded(name: str, vocabulary: Vocabulary, text: str) -> str:
    return f"{name}={vocabulary.uri(text)}"


def _word_in_full(text: str) -> str:
    found = next(vocabulary for vocabulary in _WORDS_AS_URN if text.startswith(vocabulary.urn))
    return found.web + text.removeprefix(found.urn)


def _moment(moment: datetime) -> str:
    """UTC to the millisecond, half up (CBV 2.0, 8.9.2, rule 9)."""
    offset = moment.utcoffset()
    utc = moment.replace(tzinfo=None) - offset if offset else moment.replace(tzinfo=None)
    rest = utc.microsecond % 1000
    if rest >= 500:
        utc += timedelta(microseconds=1000 - rest)
    return utc.isoformat(timespec="milliseconds") + "Z"

"""From the bodies of EPCIS events to the rows of their index: pure, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, NamedTuple, get_args

from msgspec import Struct, json

from ledger.ports import LeafRow
from ledger.ports.event_index import ACTIONS, EVENT_TYPES, ROLES, NameKind, Role, typed
from ledger.records.event_words import kept, named, number, word
from ledger.records.record import KIND_NUMBERS, microseconds

KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)
"""Names are stored with the position of their kind: append, never reorder."""
KIND_NUMBER: Final = {kind: position for position, kind in enumerate(KINDS)}
ROLE_NUMBER: Final = {role: position for position, role in enumerate(ROLES)}
TYPE_NUMBER: Final = {name: position for position, name in enumerate(EVENT_TYPES)}
ACTION_NUMBER: Final = {name: position for position, name in enumerate(ACTIONS)}
DECIMAL: Final = "@decimal"
"""The only name in an object that is a number kept with its digits."""
DEEPEST: Final = 32
"""Levels of nested extensions that are searched."""
_EVENT: Final = KIND_NUMBERS["epcis_event"]
_EPCS: Final[tuple[tuple[str, Role], ...]] = (
    ("epcList", "epc"), ("childEPCs", "child"), ("inputEPCList", "input"), ("outputEPCList", "output"),
)  # fmt: skip
_AMOUNTS: Final[tuple[tuple[str, Role], ...]] = (
    ("quantityList", "epc"), ("childQuantityList", "child"),
    ("inputQuantityList", "input"), ("outputQuantityList", "output"),
)  # fmt: skip
_TYPED: Final[tuple[tuple[str, str, NameKind], ...]] = (
    ("bizTransactionList", "bizTransaction", "bizTransaction"),
    ("sourceList", "source", "source"),
    ("destinationList", "destination", "destination"),
)
_SENSOR_TIMES: Final = ("time", "startTime", "endTime")
_SENSOR_WORDS: Final = frozenset({"type", "exception", "coordinateReferenceSystem", "component"})
_SENSOR_TEXTS: Final = frozenset(
    {
        "bizRules", "chemicalSubstance", "dataProcessingMethod", "deviceID", "deviceMetadata", "hexBinaryValue",
        "microorganism", "rawData", "stringValue", "uriValue",
    }
)  # fmt: skip
_SENSOR_NUMBERS: Final = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")


class _Record(Struct):
    event: dict[str, Any]


class _Body(Struct):
    record: _Record


_decode: Final = json.Decoder(_Body, float_hook=Decimal).decode


class Name(NamedTuple):
    """A text that events repeat, as its tenant's own."""

    tenant: str
    kind: int
    text: str


class EventRow(NamedTuple):
    """A row of ``event``, its names not numbered yet."""

    tenant: str
    seq: int
    type: int
    action: int
    declared: int
    event_at: int
    recorded_at: int
    id_hash: int
    places: tuple[Name | None, Name | None, Name | None, Name | None]
    """bizStep, disposition, readPoint, bizLocation."""


@dataclass(slots=True)
class EventFold:
    """What a run of entries adds to the index."""

    events: list[EventRow] = field(default_factory=list)
    terms: dict[tuple[Name, int, int], None] = field(default_factory=dict)
    """(name, entry, role)"""
    numbers: dict[tuple[Name, Decimal, int], None] = field(default_factory=dict)
    """(name of the field, value, entry)"""

    def take(self, rows: Sequence[LeafRow]) -> None:
        """Add the events among the next entries."""
        for row in rows:
            if row.kind == _EVENT:
                _Reading(self, row).event(_decode(row.body).record.event)

    def names(self) -> set[Name]:
        """Every name that needs a number."""
        found = {name for event in self.events for name in event.places if name is not None}
        found.update(name for name, *_ in self.terms)
        found.update(name for name, *_ in self.numbers)
        return found


def id_hash(event_id: str) -> int:
    """64 bits that an eventID is found by."""
    return int.from_bytes(sha256(event_id.encode()).digest()[:8], "big", signed=True)


class _Reading:
    """One event on its way into the index."""

    def __init__(self, fold: EventFold, row: LeafRow) -> None:
        self.fold = fold
        self.row = row
        self.prefixes: dict[str, Any] = {}

    def event(self, event: dict[str, Any]) -> None:
        row = self.row
        declaration = event.get("errorDeclaration")
        self.fold.events.append(
            EventRow(
                row.tenant,
                row.seq,
                TYPE_NUMBER.get(event.get("type", ""), -1),
                ACTION_NUMBER.get(event.get("action", ""), -1),
                0 if declaration is None else 1,
                row.occurred_at,
                row.recorded_at,
                id_hash(str(event.get("eventID", ""))),
                (
                    self._place("bizStep", event.get("bizStep"), word),
                    self._place("disposition", event.get("disposition"), word),
                    self._place("readPoint", (event.get("readPoint") or {}).get("id"), named),
                    self._place("bizLocation", (event.get("bizLocation") or {}).get("id"), named),
                ),
            )
        )
        self.prefixes = event.get("@context") or {}
        self._things(event)
        self._context(event)
        if declaration:
            self._declaration(declaration)
        if "sensorElementList" in event:
            self._sensors(event["sensorElementList"])
        self._extensions(event)

    def _place(self, kind: NameKind, text: str | None, form: Any) -> Name | None:
        return None if text is None else Name(self.row.tenant, KIND_NUMBER[kind], form(text))

    def _term(self, kind: NameKind, text: str, role: Role = "epc") -> None:
        name = Name(self.row.tenant, KIND_NUMBER[kind], text)
        self.fold.terms[name, self.row.seq, ROLE_NUMBER[role]] = None

    def _measure(self, field_: str, value: Decimal) -> None:
        self.fold.numbers[Name(self.row.tenant, KIND_NUMBER["field"], field_), value, self.row.seq] = None

    def _things(self, event: dict[str, Any]) -> None:
        if parent := event.get("parentID"):
            self._term("epc", named(parent), "parent")
        for listed, role in _EPCS:
            for code in event.get(listed) or ():
                self._term("epc", named(code), role)
        for listed, role in _AMOUNTS:
            for amount in event.get(listed) or ():
                self._term("epcClass", named(amount["epcClass"]), role)
                quantity = _decimal(amount.get("quantity"))
                if quantity is not None:
                    self._measure("quantity", quantity)
                    if uom := amount.get("uom"):
                        self._measure(f"quantity_{uom}", quantity)

    def _context(self, event: dict[str, Any]) -> None:
        for listed, value, kind in _TYPED:
            for part in event.get(listed) or ():
                self._term(kind, typed(word(part.get("type") or ""), named(part[value])))
        if transformation := event.get("transformationID"):
            self._term("transformationID", kept(transformation))
        lasting = event.get("persistentDisposition") or {}
        for disposition in lasting.get("set") or ():
            self._term("persistentDisposition_set", word(disposition))
        for disposition in lasting.get("unset") or ():
            self._term("persistentDisposition_unset", word(disposition))

    def _declaration(self, declaration: dict[str, Any]) -> None:
        if reason := declaration.get("reason"):
            self._term("errorReason", word(reason))
        for event_id in declaration.get("correctiveEventIDs") or ():
            self._term("correctiveEventID", kept(event_id))
        self._moment("errorDeclarationTime", declaration.get("declarationTime"))
        self._free(declaration.get("extensions"), "ERROR_DECLARATION_")

    def _sensors(self, elements: Sequence[dict[str, Any]]) -> None:
        self._term("field", "sensorElementList")
        for element in elements:
            metadata = element.get("sensorMetadata") or {}
            for part in (metadata, *(element.get("sensorReport") or ())):
                self._sensor(part)

    def _sensor(self, part: dict[str, Any]) -> None:
        for name, value in part.items():
            if name in _SENSOR_TEXTS:
                self._term("value", typed(name, kept(str(value))))
            elif name in _SENSOR_WORDS:
                self._term("value", typed(name, word(str(value))))
        if isinstance(truth := part.get("booleanValue"), bool):
            self._term("value", typed("booleanValue", "true" if truth else "false"))
        for name in _SENSOR_TIMES:
            self._moment(name, part.get(name))
        if (rank := _decimal(part.get("percRank"))) is not None:
            self._measure("percRank", rank)
        uom = part.get("uom")
        for name in _SENSOR_NUMBERS:
            value = _decimal(part.get(name))
            if value is not None and uom:
                self._measure(f"{name}_{uom}", value)

    def _extensions(self, event: dict[str, Any]) -> None:
        self._free(event.get("extensions"), "")
        self._free(event.get("ilmd"), "ILMD_")
        self._free((event.get("readPoint") or {}).get("extensions"), "readPoint_")
        self._free((event.get("bizLocation") or {}).get("extensions"), "bizLocation_")

    def _free(self, fields: dict[str, Any] | None, area: str) -> None:
        """Fields without a form of their own, and what is nested in them."""
        for name, value in (fields or {}).items():
            for form in self._forms(name):
                self._compared(area + form, value)
            for inner, within in _inside(value, 0):
                for form in self._forms(inner):
                    self._compared(f"INNER_{area}{form}", within)

    def _forms(self, name: str) -> tuple[str, ...]:
        """A name as it was written, and whole where its prefix says what it stands for."""
        prefix, colon, local = name.partition(":")
        stem = self.prefixes.get(prefix)
        return (name, stem + local) if colon and isinstance(stem, str) else (name,)

    def _compared(self, name: str, value: Any) -> None:
        """That the field is there, and each plain value it has: as text, as number, as time."""
        name = kept(name)
        self._term("field", name)
        for plain in value if isinstance(value, list) else [value]:
            text = _text(plain)
            if text is None:
                continue
            self._term("value", typed(name, kept(text)))
            exact = number(text)
            if exact is not None:
                self._measure(name, exact)
            elif text[:4].isdigit() and "T" in text:
                self._moment(f"{name} time", text)

    def _moment(self, name: str, text: Any) -> None:
        if isinstance(text, str):
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                return
            if moment.tzinfo is not None:
                self._measure(name, Decimal(microseconds(moment)))


def _inside(value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Fields nested in an extension, at any depth."""
    if depth >= DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith("@"):
                yield name, inner
            yield from _inside(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner, depth + 1)


def _text(value: Any) -> str | None:
    """A plain value as text, a number with its digits; ``None`` for anything that has parts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        value = value.get(DECIMAL) if len(value) == 1 else None
    return None if value is None or isinstance(value, list) else str(value)


def _decimal(value: Any) -> Decimal | None:
    """A quantity is stored as a decimal string, a count as an integer."""
    return None if value is None or isinstance(value, bool) else number(str(value))

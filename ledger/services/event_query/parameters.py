"""
From the parameters of the simple event query to what the index is asked (GS1 EPCIS 2.0, section 8.2.7.1).

Parameters come from an address, where lists are divided by ``|``, or from the JSON of a named query, where they are
arrays. Names are case-sensitive. One that is not answered is refused, never passed over: a query that silently asks
for less would answer with too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from ledger.ports.event_index import (
    ACTIONS,
    EVENT_TYPES,
    Comparison,
    Condition,
    EitherWay,
    EventQuery,
    Measured,
    Named,
    NameKind,
    Role,
    typed,
)
from ledger.records.event_words import kept, named, number, word
from ledger.services.event_query.errors import ParametersExclusive, ParameterUnknown, QueryTooComplex
from ledger.services.event_query.patterns import Pattern, classes, things
from ledger.services.event_query.values import as_text, count, exact, moment, single, truth, unfit

MOST_VALUES: Final = 500
COMPARISONS: Final[Mapping[str, Comparison]] = {"EQ": "EQ", "GT": "GT", "GE": "GE", "LT": "LT", "LE": "LE"}
Given = Mapping[str, Any]
_Match = Callable[[str, str], Pattern]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and how many of its events are wanted."""

    query: EventQuery
    limit: int | None = None
    """``eventCountLimit``: the first so many."""
    most: int | None = None
    """``maxEventCount``: refuse when there are more."""


_MATCHES: Final[Mapping[str, tuple[NameKind, _Match, tuple[Role, ...]]]] = {
    "MATCH_epc": ("epc", things, ("epc", "child")),
    "MATCH_parentID": ("epc", things, ("parent",)),
    "MATCH_inputEPC": ("epc", things, ("input",)),
    "MATCH_outputEPC": ("epc", things, ("output",)),
    "MATCH_anyEPC": ("epc", things, ()),
    "MATCH_epcClass": ("epcClass", classes, ("epc", "child")),
    "MATCH_inputEPCClass": ("epcClass", classes, ("input",)),
    "MATCH_outputEPCClass": ("epcClass", classes, ("output",)),
    "MATCH_anyEPCClass": ("epcClass", classes, ()),
}
_EQUALS: Final[Mapping[str, tuple[NameKind, Callable[[str], str]]]] = {
    "EQ_bizStep": ("bizStep", word),
    "EQ_disposition": ("disposition", word),
    "EQ_persistentDisposition_set": ("persistentDisposition_set", word),
    "EQ_persistentDisposition_unset": ("persistentDisposition_unset", word),
    "EQ_readPoint": ("readPoint", named),
    "EQ_bizLocation": ("bizLocation", named),
    "EQ_transformationID": ("transformationID", kept),
    "EQ_errorReason": ("errorReason", word),
    "EQ_correctiveEventID": ("correctiveEventID", kept),
}
_WITHIN: Final[Mapping[str, NameKind]] = {"WD_readPoint": "readPoint", "WD_bizLocation": "bizLocation"}
_TYPED: Final[Mapping[str, NameKind]] = {
    "EQ_bizTransaction_": "bizTransaction",
    "EQ_source_": "source",
    "EQ_destination_": "destination",
}
_SENSOR_WORDS: Final = frozenset({"EQ_type", "EQ_exception", "EQ_component"})
_SENSOR_TEXTS: Final = frozenset(
    {
        "EQ_bizRules", "EQ_booleanValue", "EQ_chemicalSubstance", "EQ_dataProcessingMethod", "EQ_deviceID",
        "EQ_deviceMetadata", "EQ_hexBinaryValue", "EQ_microorganism", "EQ_rawData", "EQ_stringValue", "EQ_uriValue",
    }
)  # fmt: skip
_TIMES: Final[Mapping[str, str]] = {
    "GE_eventTime": "event_from",
    "LT_eventTime": "event_before",
    "GE_recordTime": "record_from",
    "LT_recordTime": "record_before",
}
_FIELD_TIME: Final = re.compile(r"(GE|LT)_(time|startTime|endTime|errorDeclarationTime|errorDeclaration_Time)")
_NUMBER: Final = re.compile(
    r"(EQ|GT|GE|LT|LE)_(percRank|quantity|(?:quantity|value|minValue|maxValue|meanValue|sDev|percValue)_[A-Z0-9]{2,3})"
)
_EXTENSION: Final = re.compile(
    r"(EQ|GT|GE|LT|LE|EXISTS)_((?:INNER_)?(?:ILMD_|ERROR_DECLARATION_|readPoint_|bizLocation_)?)([^\s]*:[^\s]+)"
)


def asked(given: Given, prefixes: Mapping[str, str] | None = None) -> Asked:
    """
    The query that parameters ask; ``prefixes`` are those of extension names, with the namespaces they stand for.

    Raises ``ParameterError`` and ``QueryTooComplex``.
    """
    reading = _Reading(prefixes or {})
    for name, value in given.items():
        reading.take(name, value)
    return reading.done()


class _Reading:
    """Parameters, one after the other."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.plain: dict[str, Any] = {}
        self.conditions: list[Condition] = []
        self.given: dict[str, Any] = {}
        self.values = 0

    def take(self, name: str, value: Any) -> None:
        """One parameter."""
        self.values += 1
        if name in _MATCHES:
            self._match(name, value)
        elif name in _EQUALS:
            kind, form = _EQUALS[name]
            self.conditions.append(Named(kind, tuple(map(form, self._list(name, value)))))
        elif name in _WITHIN:
            places = tuple(map(named, self._list(name, value)))
            self.conditions.append(Named(_WITHIN[name], places, tuple(f"{place}/" for place in places)))
        elif name in _TIMES:
            self.plain[_TIMES[name]] = moment(name, value)
        elif not (self._known(name, value) or self._typed(name, value) or self._numeric(name, value)):
            self._extension(name, value)

    def done(self) -> Asked:
        """The whole query."""
        limit, most = self.given.get("eventCountLimit"), self.given.get("maxEventCount")
        order = self.given.get("orderBy")
        if limit is not None and most is not None:
            raise ParametersExclusive(
                first="eventCountLimit", second="maxEventCount", rule="one of them / 二者只能取一"
            )
        if limit is not None and order is None:
            rule = "eventCountLimit needs orderBy / eventCountLimit 须与 orderBy 同用"
            raise ParametersExclusive(first="eventCountLimit", second="orderBy", rule=rule)
        query = EventQuery(**self.plain, conditions=tuple(self.conditions))
        if order is not None:
            descending = self.given.get("orderDirection", "DESC") == "DESC"
            query = replace(query, order=order, descending=descending)
        return Asked(query, limit, most)

    def _known(self, name: str, value: Any) -> bool:
        """Parameters that stand for themselves."""
        match name:
            case "eventType":
                self.plain["types"] = self._choice(name, value, EVENT_TYPES)
            case "EQ_action":
                self.plain["actions"] = self._choice(name, value, ACTIONS)
            case "EQ_eventID":
                self.plain["event_ids"] = self._list(name, value)
            case "EXISTS_errorDeclaration":
                self.plain["declared"] = truth(name, value)
            case "EXISTS_sensorElementList":
                if truth(name, value):
                    self.conditions.append(Named("field", ("sensorElementList",)))
            case "orderBy":
                self.given[name] = self._one(name, value, ("eventTime", "recordTime"))
            case "orderDirection":
                self.given[name] = self._one(name, value, ("ASC", "DESC"))
            case "eventCountLimit" | "maxEventCount":
                self.given[name] = count(name, value)
            case _:
                return False
        return True

    def _match(self, name: str, value: Any) -> None:
        kind, match, roles = _MATCHES[name]
        patterns = [match(name, one) for one in self._list(name, value)]
        texts = tuple(text for pattern in patterns for text in pattern.texts)
        stems = tuple(stem for pattern in patterns for stem in pattern.stems)
        self.conditions.append(Named(kind, texts, stems, roles))

    def _typed(self, name: str, value: Any) -> bool:
        for stem, kind in _TYPED.items():
            if name.startswith(stem) and len(name) > len(stem):
                type_ = word(name.removeprefix(stem))
                texts = tuple(typed(type_, named(one)) for one in self._list(name, value))
                self.conditions.append(Named(kind, texts))
                return True
        return False

    def _numeric(self, name: str, value: Any) -> bool:
        """Quantities and what sensors report."""
        field = name.removeprefix("EQ_")
        if name in _SENSOR_WORDS or name in _SENSOR_TEXTS:
            form = word if name in _SENSOR_WORDS else kept
            self.conditions.append(
                Named("value", tuple(typed(field, form(one)) for one in self._list(name, as_text(value))))
            )
            return True
        if found := _FIELD_TIME.fullmatch(name):
            at = Decimal(moment(name, value))
            self.conditions.append(Measured(found[2].replace("_", ""), COMPARISONS[found[1]], (at,)))
            return True
        if found := _NUMBER.fullmatch(name):
            comparison = COMPARISONS[found[1]]
            texts = self._list(name, as_text(value)) if comparison == "EQ" else (single(name, value),)
            self.conditions.append(Measured(found[2], comparison, tuple(exact(name, text) for text in texts)))
            return True
        return False

    def _extension(self, name: str, value: Any) -> None:
        found = _EXTENSION.fullmatch(name)
        if found is None:
            raise ParameterUnknown(name=name[:200])
        comparison, area, field = found.groups()
        prefix, _, local = field.partition(":")
        field = kept(area + (self.prefixes[prefix] + local if prefix in self.prefixes else field))
        if comparison == "EXISTS":
            if truth(name, value):
                self.conditions.append(Named("field", (field,)))
        elif comparison == "EQ":
            texts = self._list(name, as_text(value))
            self.conditions.append(_equal(field, texts))
        else:
            text = single(name, value)
            compared = number(text)
            if compared is None:
                field, compared = f"{field} time", Decimal(moment(name, text))
            self.conditions.append(Measured(field, COMPARISONS[comparison], (compared,)))

    def _list(self, name: str, value: Any) -> tuple[str, ...]:
        parts = value.split("|") if isinstance(value, str) else value
        if not isinstance(parts, list) or not parts or not all(isinstance(part, str) and part for part in parts):
            raise unfit(name, value, "a list of texts / 文本列表")
        self.values += len(parts)
        if self.values > MOST_VALUES:
            raise QueryTooComplex(limit=MOST_VALUES)
        return tuple(parts)

    def _choice(self, name: str, value: Any, among: tuple[str, ...]) -> tuple[str, ...]:
        chosen = self._list(name, value)
        if not set(chosen) <= set(among):
            raise unfit(name, value, ", ".join(among))
        return chosen

    @staticmethod
    def _one(name: str, value: Any, among: tuple[str, ...]) -> str:
        if value not in among:
            raise unfit(name, value, ", ".join(among))
        return str(value)


def _equal(field: str, texts: tuple[str, ...]) -> Condition:
    """Equal as text, or, where both are numbers, as numbers."""
    as_text = Named("value", tuple(typed(field, kept(text)) for text in texts))
    numbers = tuple(value for text in texts if (value := number(text)) is not None)
    return EitherWay(as_text, Measured(field, "EQ", numbers)) if numbers else as_text

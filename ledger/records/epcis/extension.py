"""
The parts of an event that EPCIS gives no form: user extensions and instance master data (EPCIS 2.0, 7.3.2 and 7.3.7).

They are kept as they came, names with their prefixes. A number that is not an integer within 2^53 - 1 is kept with
every digit as ``{"@decimal": "1.50"}``, because canonical JSON knows only binary floats; JSON-LD keeps names with @ for
itself, so no extension has that name. Going out it is the number again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ledger.errors import LedgerError, Place
from ledger.records.epcis.context import prefixes, require_declared
from ledger.records.epcis.errors import ExtensionWithoutNamespace, NumberMark, TooDeep
from ledger.records.epcis.event import Event

DECIMAL: Final = "@decimal"
MAX_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 24
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
"""A JSON number (RFC 8259, 6)."""


class Digits(str):
    """A number as it was written, digit by digit."""

    __slots__ = ()


def kept(value: Any, declared: Mapping[str, str], pointer: str, depth: int = 0) -> Any:
    """
    Free JSON as the record keeps it: numbers exact, prefixes of names declared.

    Raises ``PrefixUndeclared``, ``NumberMark``, ``TooDeep``, at their pointer.
    """
    if depth > MAX_DEPTH:
        raise TooDeep(limit=MAX_DEPTH).at(Place(pointer=pointer))
    if isinstance(value, Digits):
        return {DECIMAL: str(value)}
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -MAX_INTEGER <= value <= MAX_INTEGER else {DECIMAL: str(value)}
    if isinstance(value, list):
        return [kept(item, declared, f"{pointer}/{at}", depth + 1) for at, item in enumerate(value)]
    if isinstance(value, dict):
        if DECIMAL in value:
            raise NumberMark(name=DECIMAL).at(Place(pointer=pointer))
        return {
            name: kept(item, declared, namespaced(name, declared, pointer, needed=False), depth + 1)
            for name, item in value.items()
        }
    return value


def check_free(event: Event) -> None:
    """
    Check the free parts of a record's event: namespaces, declared prefixes, exact numbers in their one form.

    Raises ``ExtensionWithoutNamespace``, ``PrefixUndeclared``, ``PrefixReserved``, ``NumberMark``, ``TooDeep``.
    """
    declared = prefixes(event.context)
    for pointer, free in _free_parts(event):
        for name, value in free.items():
            _check_kept(value, declared, namespaced(name, declared, pointer), 1)


def _free_parts(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    parts: list[tuple[str, dict[str, Any] | None]] = [("/extensions", event.extensions), ("/ilmd", event.ilmd)]
    for field, part in (
        ("readPoint", event.read_point),
        ("bizLocation", event.biz_location),
        ("errorDeclaration", event.error_declaration),
    ):
        parts.append((f"/{field}/extensions", part.extensions if part else None))
    for at, element in enumerate(event.sensor_element_list or ()):
        pointer, metadata = f"/sensorElementList/{at}", element.sensor_metadata
        parts.append((f"{pointer}/extensions", element.extensions))
        parts.append((f"{pointer}/sensorMetadata/extensions", metadata.extensions if metadata else None))
        for number, report in enumerate(element.sensor_report):
            parts.append((f"{pointer}/sensorReport/{number}/extensions", report.extensions))
    return ((pointer, free) for pointer, free in parts if free is not None)


def _check_kept(value: Any, declared: Mapping[str, str], pointer: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooDeep(limit=MAX_DEPTH).at(Place(pointer=pointer))
    if isinstance(value, dict):
        if DECIMAL in value:
            if len(value) > 1 or not isinstance(value[DECIMAL], str) or not _NUMBER.fullmatch(value[DECIMAL]):
                raise NumberMark(name=DECIMAL).at(Place(pointer=pointer))
            return
        for name, item in value.items():
            _check_kept(item, declared, namespaced(name, declared, pointer, needed=False), depth + 1)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            _check_kept(item, declared, f"{pointer}/{at}", depth + 1)


def namespaced(name: str, declared: Mapping[str, str], pointer: str, *, needed: bool = True) -> str:
    """The pointer of a name in an object at ``pointer``. Raises ``ExtensionWithoutNamespace``, ``PrefixUndeclared``."""
    inner = f"{pointer}/{escaped(name)}"
    try:
        if not require_declared(name, declared) and needed:
            raise ExtensionWithoutNamespace(name=name[:200])
    except LedgerError as error:
        raise error.at(Place(pointer=inner)) from None
    return inner


def escaped(name: str) -> str:
    """A name inside a JSON pointer (RFC 6901, 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def as_sent(value: Any) -> Any:
    """Kept free JSON with its numbers as numbers again, for ``msgspec.json.encode``."""
    if isinstance(value, dict):
        if len(value) == 1 and isinstance(value.get(DECIMAL), str):
            return msgspec.Raw(value[DECIMAL].encode())
        return {name: as_sent(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    return value

"""
Reading element strings: ``(01)...(21)...`` as people see them, or raw as a scanner sends them.

Source: GS1 General Specifications 7.8 (FNC1 and predefined lengths).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ledger.identity.elements import GS, LONGEST_VALUE, identifier_at, is_identifier, value_length
from ledger.identity.errors import (
    ApplicationIdentifierRepeated,
    ApplicationIdentifierUnknown,
    FormUnknown,
    KeyMissing,
    SeveralKeys,
    WrongLength,
)
from ledger.identity.identity import Identity, made
from ledger.identity.keys import KEYS, PRIMARY, Key
from ledger.identity.text import plain, within

_BRACKET = re.compile(r"\((\d{2,4})\) ?", re.ASCII)
_VALUE = re.compile(r"(?:[^(\\ ]|\\\()+")


def bracketed(text: str) -> Identity:
    """The identity in ``(01)...(21)...``; one blank may stand after a bracket and between elements."""
    found, at = [], 0
    while at < len(text):
        ai = _BRACKET.match(text, at)
        value = _VALUE.match(text, ai.end()) if ai else None
        if ai is None or value is None:
            raise FormUnknown(text=text)
        if not is_identifier(ai[1]):
            raise ApplicationIdentifierUnknown(ai=ai[1])
        found.append((ai[1], value[0].replace("\\(", "(")))
        at = value.end() + text.startswith(" (", value.end())
    return of_elements(found)


def separated(text: str) -> Identity:
    """The identity in a raw element string, told apart by predefined lengths and group separators."""
    found = []
    while text:
        ai = identifier_at(text)
        if not ai:
            raise ApplicationIdentifierUnknown(ai=plain("AI", text[:2]))
        rest = text[len(ai) :]
        length = value_length(ai)
        if length is None:
            value, _, text = rest.partition(GS)
        else:
            value, text = rest[:length], rest[length:].removeprefix(GS)
        found.append((ai, value))
    return of_elements(found)


def of_elements(elements: Iterable[tuple[str, str]]) -> Identity:
    """The one identity among ``(identifier, value)`` pairs, in any order; the others become its attributes."""
    values: dict[str, str] = {}
    for ai, value in elements:
        if ai in values:
            raise ApplicationIdentifierRepeated(ai=ai)
        values[ai] = value
    primary = [ai for ai in values if ai in PRIMARY]
    if len(primary) > 1:
        raise SeveralKeys(first=primary[0], second=primary[1])
    if not primary:
        raise KeyMissing(text="".join(f"({ai}){value}" for ai, value in values.items()))
    return _identity(primary[0], values)


def _identity(ai: str, values: dict[str, str]) -> Identity:
    """The finest key that ``values`` can name: serial before batch before product."""
    key = next(k for k in KEYS if k.ai == ai and _fits(k, values))
    code, serial = values[ai], values.get(key.serial_ai, "") if key.serial_ai else ""
    if key.digits and not key.serial_ai and key.serial_longest:  # the serial follows the code in the same element
        code, serial = code[: key.digits], code[key.digits :]
    others = tuple((a, _attribute(a, v)) for a, v in values.items() if a not in (ai, key.serial_ai))
    return made(key, code, serial, attributes=others)


def _fits(key: Key, values: dict[str, str]) -> bool:
    if key.serial != "needed":
        return True
    return key.serial_ai in values if key.serial_ai else len(values[key.ai]) > key.digits


def _attribute(ai: str, value: str) -> str:
    length = value_length(ai)
    if length is None:
        return within("82", f"({ai})", value, LONGEST_VALUE)
    if len(plain(f"({ai})", value)) != length:
        raise WrongLength(field=f"({ai})", got=len(value), expected=str(length))
    return value

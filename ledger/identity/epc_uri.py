"""
Reading pure identity EPC URIs. They alone say how long the company prefix is, and carry no check digit.

Source: TDS 2.x, section 6.
"""

from __future__ import annotations

import re

from ledger.identity.errors import FormUnknown, WrongLength
from ledger.identity.identity import Identity, made
from ledger.identity.keys import KEYS, Key
from ledger.identity.text import check_digit, urn_unescaped


def _pattern(key: Key) -> re.Pattern[str]:
    """Company prefix of 6 to 12 ASCII digits, reference, and the tail if the key has one."""
    if not key.digits:
        return re.compile(rf"{key.urn}([0-9]{{6,12}})\.(.+)()", re.ASCII)
    tail = r"\.(.+)" if key.serial != "none" or key.urn_without_serial else "()"
    return re.compile(rf"{key.urn}([0-9]{{6,12}})\.([0-9]*){tail}", re.ASCII)


_PATTERNS = tuple((key, _pattern(key)) for key in KEYS)


def epc_uri(text: str) -> Identity:
    """The identity in an EPC URI, class URI or pattern of one class; its company prefix length is kept."""
    for key, pattern in _PATTERNS:
        if text.startswith(key.urn):
            match = pattern.fullmatch(text)
            if match:
                return _identity(key, text, *match.groups())
    raise FormUnknown(text=text)


def _identity(key: Key, text: str, company: str, reference: str, tail: str) -> Identity:
    if not key.digits:
        return made(key, company + urn_unescaped(key.field, reference), gcp_length=len(company))
    length = len(key.filler) + len(company) + len(reference) + 1
    if length != key.digits or (key.leading and not reference):
        raise WrongLength(field=key.field, got=length, expected=str(key.digits))
    first = 1 if key.leading else 0
    body = reference[:first] + company + reference[first:]
    code = key.filler + body + check_digit(body)
    return made(key, code, _serial(key, text, tail), gcp_length=len(company))


def _serial(key: Key, text: str, tail: str) -> str:
    """The serial an EPC URI ends with; a class ends with its own mark and has none."""
    if key.serial == "none" and tail != key.urn_without_serial:
        raise FormUnknown(text=text)
    return "" if tail == key.urn_without_serial else urn_unescaped(key.serial_field, tail)

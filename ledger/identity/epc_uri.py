"""
Reading pure identity EPC URIs. They say how long the company prefix is, and carry no check digit.

Source: TDS 2.3, section 6.3.
"""

from __future__ import annotations

import re

from ledger.identity.company import whole
from ledger.identity.errors import FormUnknown, WrongLength
from ledger.identity.identity import Identity, made
from ledger.identity.keys import KEYS, Key
from ledger.identity.text import urn_unescaped


def _pattern(key: Key) -> re.Pattern[str]:
    """Company prefix of 6 to 12 ASCII digits, reference, pieces, and the tail if the key has one."""
    has_tail = key.serial != "none" or key.urn_without_serial
    reference = "[0-9]*" if key.digits else "[^.]+" if has_tail else ".+"
    pieces = r"\.([0-9]{2})\.([0-9]{2})" if key.pieces else "()()"
    tail = r"\.(.+)" if has_tail else "()"
    return re.compile(rf"{key.urn}([0-9]{{6,12}})\.({reference}){pieces}{tail}", re.ASCII)


_SCHEME = re.compile(r"urn:epc:[a-z]+:[a-z]+:", re.ASCII)
_PATTERNS = {key.urn: (key, _pattern(key)) for key in KEYS}


def epc_uri(text: str) -> Identity:
    """The identity in an EPC URI, class URI or pattern of one class; its company prefix length is kept."""
    scheme = _SCHEME.match(text)
    key, pattern = _PATTERNS.get(scheme[0] if scheme else "", (None, None))
    match = pattern.fullmatch(text) if pattern else None
    if key is None or match is None:
        raise FormUnknown(text=text)
    company, reference, piece, total, tail = match.groups()
    code = _code(key, company, reference, piece + total)
    return made(key, code, _serial(key, text, tail), gcp_length=len(company))


def _code(key: Key, company: str, reference: str, pieces: str) -> str:
    if not key.digits:
        return company + urn_unescaped(key.field, reference)
    length = len(key.filler) + len(company) + len(reference) + 1 + key.pieces
    if length != key.digits or (key.leading and not reference):
        raise WrongLength(field=key.field, got=length, expected=str(key.digits))
    return whole(key, company, reference, pieces)


def _serial(key: Key, text: str, tail: str) -> str:
    """The serial an EPC URI ends with; a class ends with its own mark and has none."""
    if key.serial == "none" and tail != key.urn_without_serial:
        raise FormUnknown(text=text)
    return "" if tail == key.urn_without_serial else urn_unescaped(key.serial_field, tail)

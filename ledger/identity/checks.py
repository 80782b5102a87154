"""
What every code must keep to, whichever form it came in: lengths, digits, check digit, alphabet.

Source: General Specifications, section 3 (each key) and 7.9 (check digits).
"""

from __future__ import annotations

import re

from ledger.identity.errors import FillerMismatch, LeadingZero, NotPlainDigits, PiecesContradict, WrongLength
from ledger.identity.keys import Key
from ledger.identity.text import checked_digits, plain, within

SHORTEST_PREFIX = 4
"""The shortest company prefix GS1 has allotted (General Specifications, 1.4.2)."""


def checked(key: Key, code: str, serial: str, gcp_length: int | None) -> str:
    """The serial as it is kept, when code and serial keep to the rules. Raises leaves of ``IdentityError``."""
    if key.digits:
        _numeric_code(key, code)
    else:
        within(key.code_alphabet, key.field, code, key.longest)
        free_code(key, code, gcp_length or SHORTEST_PREFIX)
    return checked_serial(key, serial)


def checked_serial(key: Key, serial: str) -> str:
    """The serial as it is kept: extension 0 of a location means the location itself (TDS 2.3, 6.3.3)."""
    if key.serial == "needed" or serial:
        within(key.serial_alphabet, key.serial_field, serial, key.serial_longest)
        if key.serial_alphabet == "10" and serial != "0" and serial.startswith("0"):
            raise LeadingZero(field=key.serial_field, text=serial)
    return "" if key.serial == "optional" and serial == key.urn_without_serial else serial


def checked_pieces(key: Key, pieces: str) -> str:
    """Which piece of how many, two digits each: ``pieces`` itself when they can be so."""
    piece, total = pieces[:2], pieces[2:]
    if not "01" <= piece <= total:
        raise PiecesContradict(field=key.field, piece=piece, total=total)
    return pieces


def free_code(key: Key, code: str, length: int) -> None:
    """A code that is free text begins with its company prefix, which is digits, and says something after it."""
    if not re.fullmatch("[0-9]+", code[:length], re.ASCII):
        raise NotPlainDigits(field=f"{key.field}, company prefix", text=code[:length])
    if len(code) <= length:
        raise WrongLength(field=key.field, got=len(code), expected=f">{length}")


def _numeric_code(key: Key, code: str) -> None:
    if not key.pieces:
        checked_digits(key.field, code, key.digits)
    elif len(plain(key.field, code)) != key.digits:
        raise WrongLength(field=key.field, got=len(code), expected=str(key.digits))
    else:
        last = key.digits - key.pieces
        checked_digits(key.field, code[:last], last)
        checked_pieces(key, code[last:])
    if not code.startswith(key.filler):
        raise FillerMismatch(field=key.field, got=code[0])

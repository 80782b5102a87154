"""
Characters of GS1 keys: check digits, the alphabet of 82, and the two ways of escaping.

Sources: GS1 General Specifications 7.9.1 (check digit) and figure 7.11-1 (character set 82); TDS 2.x, section 6
(EPC URI escapes); GS1 Digital Link URI syntax and RFC 3986 (Digital Link escapes).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from ledger.identity.errors import (
    CharacterNotAllowed,
    CheckDigitMismatch,
    EscapeBroken,
    NotPlainDigits,
    WrongLength,
)
from ledger.identity.keys import Alphabet

ALPHABETS: dict[Alphabet, str] = {
    "82": "A-Z a-z 0-9 !\"%&'()*+,-./:;<=>?_",
    "39": "A-Z 0-9 # - /",
    "10": "0-9",
}
"""As they are shown to people."""
_DIGITS = re.compile(r"[0-9]*", re.ASCII)
_OUTSIDE: dict[Alphabet, re.Pattern[str]] = {
    "82": re.compile(r"""[^!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"""),
    "39": re.compile(r"[^#\-/0-9A-Z]"),
}
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URN_ESCAPED = str.maketrans({c: f"%{ord(c):02X}" for c in '"%&/<>?#'})
_URN_RAW_FORBIDDEN = re.compile(r'["&/<>?#]')


def check_digit(body: str) -> str:
    """The mod 10 check digit of ``body``: weights 3 and 1 by turns from the right."""
    digits, n = body.encode(), len(body)
    # a byte is 48 more than its digit; modulo 10 and weighted that is n too much, n + 3 when n is odd
    return str(-(3 * sum(digits[::-2]) + sum(digits[-2::-2]) - n - 3 * (n % 2)) % 10)


@lru_cache(maxsize=65_536)
def checked_digits(field: str, digits: str, length: int) -> str:
    """``digits`` itself when it is ``length`` ASCII digits with the right check digit last."""
    plain(field, digits)
    if len(digits) != length:
        raise WrongLength(field=field, got=len(digits), expected=str(length))
    expected = check_digit(digits[:-1])
    if digits[-1] != expected:
        raise CheckDigitMismatch(field=field, digits=digits, expected=expected, got=digits[-1])
    return digits


def plain(field: str, digits: str) -> str:
    """``digits`` itself when all of it is 0-9 in ASCII."""
    if not _DIGITS.fullmatch(digits):
        raise NotPlainDigits(field=field, text=digits)
    return digits


def within(alphabet: Alphabet, field: str, value: str, longest: int) -> str:
    """``value`` itself when it has 1 to ``longest`` characters of the alphabet."""
    if alphabet == "10":
        plain(field, value)
    elif wrong := _OUTSIDE[alphabet].search(value):
        raise CharacterNotAllowed(field=field, character=wrong[0], alphabet=ALPHABETS[alphabet])
    if not 1 <= len(value) <= longest:
        raise WrongLength(field=field, got=len(value), expected=f"1-{longest}")
    return value


def link_escaped(value: str) -> str:
    """A path segment of a canonical Digital Link: everything but unreserved characters as %XX, upper case."""
    return value if (value.isascii() and value.isalnum()) else quote(value, safe="")


def urn_escaped(value: str) -> str:
    """A serial number inside an EPC URI: ``" % & / < > ?`` as %XX (TDS 2.x, table of characters)."""
    return value.translate(_URN_ESCAPED)


def unescaped(value: str) -> str:
    """``value`` with its percent escapes read; a broken escape or a non-ASCII byte is refused."""
    if "%" not in value:
        return value
    if _BAD_ESCAPE.search(value):
        raise EscapeBroken(text=value)
    try:
        return unquote_to_bytes(value).decode("ascii")
    except UnicodeDecodeError as error:
        raise EscapeBroken(text=value) from error


def urn_unescaped(field: str, value: str) -> str:
    """The serial number inside an EPC URI; characters that must be escaped there are refused when they are not."""
    raw = _URN_RAW_FORBIDDEN.search(value)
    if raw:
        raise CharacterNotAllowed(field=field, character=raw[0], alphabet=ALPHABETS["82"])
    return unescaped(value)

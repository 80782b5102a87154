"""
Reading a code in any form a person or a scanner hands over: Digital Link, element string, EPC URI, the memory of a
tag in hexadecimal, https address, and one's own plain serial numbers.

Nothing is repaired: a code that breaks a rule is refused with the rule and what to do. The same thing in any of its
forms gives an equal ``Identity``. ``canonical`` is the same for streams of scans, with a short cut.
"""

from __future__ import annotations

import re

from ledger.errors import IdentityError
from ledger.identity.company import CompanyPrefixes, company_prefix
from ledger.identity.element_string import bracketed, separated
from ledger.identity.elements import GS, identifier_at
from ledger.identity.epc.schemes import BY_HEADER, unknown
from ledger.identity.epc_uri import epc_uri
from ledger.identity.errors import CodeTooLong, FormUnknown
from ledger.identity.identity import CANONICAL_STEM, Identity, made
from ledger.identity.keys import GIAI, PRIMARY, SGTIN
from ledger.identity.tag import from_tag_uri, identity_on, read_tag
from ledger.identity.text import checked_digits, within
from ledger.identity.web_address import SCHEME, address

LONGEST = 512
AROUND = " \t\r\n"
"""Cut off before and behind a code. A group separator is not: it says what follows."""
_AIM = re.compile(r"\][A-Za-z][0-9]", re.ASCII)
_AIM_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
"""Symbology identifiers that promise an element string (General Specifications, 5.10)."""

_SELF = r"[A-Za-z0-9\-._]"  # of the alphabet of 82, what a canonical link writes as itself
_SHORT = re.compile(rf"{CANONICAL_STEM}/(?:01/([0-9]{{14}})/21/({_SELF}{{1,20}})|8004/([0-9]{{4}}{_SELF}{{1,26}}))")

_GTIN_FIELD = SGTIN.field
_HEX = re.compile(r"[0-9A-Fa-f]{20,124}", re.ASCII)
"""Memory of a tag. Shorter ones (a short GIAI+) look like MAC addresses: those are read by ``read_tag`` alone."""
_SHORTEST_KEY = 16
_NOT_PLAIN = re.compile(r"[():/\x1d\]]|[^!-~]")
"""What no serial number of one's own has: a form was meant, and broken."""


def parse(text: str, *, prefixes: CompanyPrefixes | None = None, own_prefix: str = "") -> Identity:
    """
    The identity that ``text`` names. Raises leaves of ``IdentityError``; blanks and line ends around it are cut.

    ``prefixes`` adds the length of the company prefix where the code does not say it. With ``own_prefix``, text that
    is none of the forms is a serial number of one's own: a GIAI behind that company prefix.
    """
    short = _SHORT.fullmatch(text)
    if short:
        gtin, serial, giai = short.groups()
        identity = Identity(GIAI, giai) if giai else Identity(SGTIN, checked_digits(_GTIN_FIELD, gtin, 14), serial)
    elif len(text) > LONGEST:
        raise CodeTooLong(length=len(text), limit=LONGEST)
    else:
        text = text.strip(AROUND)
        identity = _own(text, own_prefix) if own_prefix else _read(_without_prefix(text))
    return identity.with_prefixes(prefixes) if prefixes else identity


def canonical(text: str) -> str:
    """``parse(text).text``; a SGTIN or GIAI that is already canonical costs one pattern match."""
    short = _SHORT.fullmatch(text)
    if short is None:
        return (_hexadecimal(text) if _HEX.fullmatch(text) else parse(text)).text
    if gtin := short[1]:
        checked_digits(_GTIN_FIELD, gtin, 14)
    return text


def _without_prefix(text: str) -> str:
    """What the symbol holds, without the AIM symbology identifier some scanners put in front."""
    aim = _AIM.match(text)
    if aim is None:
        return text
    rest = text[aim.end() :]
    return GS + rest.removeprefix(GS) if aim[0] in _AIM_GS1 else rest


def _read(text: str) -> Identity:
    if text.startswith(GS):
        return separated(text.removeprefix(GS))
    if text.startswith("urn:"):
        return _urn(text)
    scheme = SCHEME.match(text)
    if scheme:
        return address(text, scheme[1])
    if text.startswith("("):
        return bracketed(text)
    if _HEX.fullmatch(text):
        return _hexadecimal(text)
    if text[:1].isdecimal():
        return separated(text)
    raise FormUnknown(text=text)


def _urn(text: str) -> Identity:
    """Pure identity, tag URI, or the raw URI of a tag that holds an identity."""
    if text.startswith("urn:epc:tag:"):
        identity = from_tag_uri(text).identity
    elif text.startswith("urn:epc:raw:"):
        tag = read_tag(text)
        if tag.refusal:
            raise tag.refusal
        identity = tag.identity
    else:
        return epc_uri(text)
    if identity is None:
        raise FormUnknown(text=text)
    return identity


def _hexadecimal(text: str) -> Identity:
    """
    A tag's memory, or an element string that happens to be hexadecimal digits alone.

    The first two digits say which: no key's identifier begins as an EPC header does, but a measure before it may.
    A code that is neither is refused with the reason of the reading its first digits promise.
    """
    promising = text[0] not in "0123456789"
    if not promising and int(text[:2], 16) not in BY_HEADER:
        if text.strip("0"):
            return separated(text)
        raise unknown(text)
    try:
        return identity_on(text)
    except IdentityError:
        if promising or (identity := _element_string(text)) is None:
            raise
        return identity


def _element_string(text: str) -> Identity | None:
    try:
        return separated(text)
    except IdentityError:
        return None


def _own(text: str, prefix: str) -> Identity:
    """Any of the forms, else a serial number of one's own; what begins as a whole GS1 key is not taken for one."""
    company_prefix(prefix)
    try:
        return _read(_without_prefix(text))
    except IdentityError:
        ai = identifier_at(text)
        if (ai in PRIMARY and len(text) >= _SHORTEST_KEY) or _NOT_PLAIN.search(text) or _HEX.fullmatch(text):
            raise
    return made(GIAI, prefix + within("82", "serial", text, GIAI.longest - len(prefix)), gcp_length=len(prefix))

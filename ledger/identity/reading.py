"""
Reading a code in any form a person or a scanner hands over: Digital Link, element string, EPC URI, https address.

Nothing is repaired: a code that breaks a rule is refused with the rule and what to do. The same thing in any of its
forms gives an equal ``Identity``. ``canonical`` is the same for streams of scans, with a short cut.
"""

from __future__ import annotations

import re

from ledger.identity.element_string import GS, bracketed, separated
from ledger.identity.epc_uri import epc_uri
from ledger.identity.errors import CodeTooLong, FormUnknown
from ledger.identity.identity import CANONICAL_STEM, Identity
from ledger.identity.keys import GIAI, SGTIN
from ledger.identity.text import checked_digits
from ledger.identity.web_address import SCHEME, address

LONGEST = 512
_AIM = re.compile(r"\][A-Za-z][0-9]", re.ASCII)
_AIM_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
"""Symbology identifiers that promise an element string (General Specifications, 5.10)."""

_SELF = r"[A-Za-z0-9\-._]"  # of the alphabet of 82, what a canonical link writes as itself
_SHORT = re.compile(rf"{CANONICAL_STEM}/(?:01/([0-9]{{14}})/21/({_SELF}{{1,20}})|8004/([0-9]{{4}}{_SELF}{{1,26}}))")

_GTIN_FIELD = SGTIN.field


def parse(text: str) -> Identity:
    """The identity that ``text`` names. Raises leaves of ``IdentityError``; blanks and line ends around it are cut."""
    short = _SHORT.fullmatch(text)
    if short:
        gtin, serial, giai = short.groups()
        return Identity(GIAI, giai) if giai else Identity(SGTIN, checked_digits(SGTIN.field, gtin, 14), serial)
    if len(text) > LONGEST:
        raise CodeTooLong(length=len(text), limit=LONGEST)
    return _read(_without_prefix(text.strip(" \t\r\n")))


def canonical(text: str) -> str:
    """``parse(text).text``; a SGTIN or GIAI that is already canonical costs one pattern match."""
    short = _SHORT.fullmatch(text)
    if short is None:
        return parse(text).text
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
        return epc_uri(text)
    scheme = SCHEME.match(text)
    if scheme:
        return address(text, scheme[1])
    if text.startswith("("):
        return bracketed(text)
    if text[:1].isdecimal():
        return separated(text)
    raise FormUnknown(text=text)

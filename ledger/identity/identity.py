"""
One identity: a key, its code, its serial; written as Digital Link, EPC URI or element string.

The canonical text is the Digital Link on ``id.gs1.org``, because it needs no company prefix length and every form
leads to it. Two codes name the same thing exactly when their texts are equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ledger.identity.errors import (
    CompanyPrefixConflict,
    CompanyPrefixLength,
    CompanyPrefixUnknown,
    DomainUnfit,
    FillerMismatch,
    NotAGs1Key,
    NotPlainDigits,
    WrongLength,
)
from ledger.identity.keys import URI, Key, Level
from ledger.identity.text import checked_digits, in_82, link_escaped, urn_escaped

CANONICAL_STEM = "https://id.gs1.org"
GCP_LENGTHS = range(6, 13)
"""Lengths of a company prefix that EPC URIs can carry."""
_SHORTEST_PREFIX = 4  # General Specifications: the shortest company prefix GS1 has allotted
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(https?://)?({_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?)((?:/[A-Za-z0-9\-._~]+)*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Who or what a code names. Make one with ``ledger.identity.parse`` or ``made``, which check it.

    ``gcp_length`` is known when the code was read from an EPC URI; ``attributes`` are further elements of the scan
    (best-before date, weight ...). Neither is part of the identity, nor of equality.
    """

    key: Key
    code: str
    """Digits with check digit (and filler), the GIAI, or the whole address of a thing without a GS1 key."""
    serial: str = ""
    gcp_length: int | None = field(default=None, compare=False)
    attributes: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def level(self) -> Level:
        """Whether one object is named or a class of them (a product, a batch, a document type)."""
        return self.key.level

    @property
    def path(self) -> str:
        """The Digital Link path from its first slash."""
        self._must_be_gs1("Digital Link")
        key = self.key
        base = f"/{key.ai}/{link_escaped(self.code)}"
        if not self.serial:
            return base
        serial = link_escaped(self.serial)
        return f"{base}/{key.serial_ai}/{serial}" if key.serial_ai else base + serial

    @property
    def text(self) -> str:
        """The one text this identity is stored, compared and hashed by."""
        return self.code if self.key is URI else CANONICAL_STEM + self.path

    def digital_link(self, domain: str = "id.gs1.org") -> str:
        """
        The Digital Link on a resolver ``domain``: a host, host:port, or an http(s) address to put the path behind.

        Raises ``DomainUnfit``, and ``NotAGs1Key`` for a plain address.
        """
        return link_stem(domain) + self.path

    def element_string(self) -> str:
        """The element string with brackets, as printed under a symbol; in a value, ( has a backslash before it."""
        self._must_be_gs1("element string")
        key = self.key
        first = f"({key.ai}){_bracketed(self.code)}"
        second = f"({key.serial_ai})" if key.serial_ai and self.serial else ""
        return first + second + _bracketed(self.serial)

    def epc_uri(self, gcp_length: int | None = None) -> str:
        """
        The pure identity EPC URI (TDS 2.x, section 6); a class or batch gets its pattern or class URI.

        Raises ``CompanyPrefixUnknown`` when nobody knows the length of the company prefix: it is never guessed.
        """
        self._must_be_gs1("EPC URI")
        n = self._prefix_length(gcp_length)
        key = self.key
        if not key.digits:
            return f"{key.urn}{self.code[:n]}.{urn_escaped(self.code[n:])}"
        body = self.code[len(key.filler) : -1]
        lead, body = (body[0], body[1:]) if key.leading else ("", body)
        tail = urn_escaped(self.serial) or key.urn_without_serial
        return f"{key.urn}{body[:n]}.{lead}{body[n:]}" + (f".{tail}" if tail else "")

    def _must_be_gs1(self, form: str) -> None:
        if self.key is URI:
            raise NotAGs1Key(uri=self.code, form=form)

    def _prefix_length(self, given: int | None) -> int:
        known = self.gcp_length
        if known is not None and given is not None and known != given:
            raise CompanyPrefixConflict(text=self.text, known=known, given=given)
        n = known if given is None else given
        if n is None:
            raise CompanyPrefixUnknown(text=self.text)
        if n not in GCP_LENGTHS:
            raise CompanyPrefixLength(got=n)
        if not self.key.digits:
            _free_code(self.code, n)
        return n


def made(
    key: Key,
    code: str,
    serial: str = "",
    gcp_length: int | None = None,
    attributes: tuple[tuple[str, str], ...] = (),
) -> Identity:
    """A checked identity of a GS1 key: lengths, digits, check digit, alphabet. Raises leaves of ``IdentityError``."""
    if not key.digits:
        _free_code(in_82(key.field, code, key.serial_longest), gcp_length or _SHORTEST_PREFIX)
        return Identity(key, code, "", gcp_length, attributes)
    checked_digits(key.field, code, key.digits)
    if not code.startswith(key.filler):
        raise FillerMismatch(field=key.field, got=code[0])
    if key.serial == "needed" or serial:
        in_82(key.serial_field, serial, key.serial_longest)
    if key.serial == "optional" and serial == key.urn_without_serial:
        serial = ""  # TDS: extension 0 of a location means the location itself
    return Identity(key, code, serial, gcp_length, attributes)


def _free_code(code: str, prefix: int) -> None:
    """A GIAI begins with its company prefix, which is digits, and says something after it."""
    if not re.fullmatch("[0-9]+", code[:prefix], re.ASCII):
        raise NotPlainDigits(field="GIAI (8004), company prefix", text=code[:prefix])
    if len(code) <= prefix:
        raise WrongLength(field="GIAI (8004)", got=len(code), expected=f">{prefix}")


def link_stem(domain: str) -> str:
    """What stands before the first key of a Digital Link on ``domain``; https unless the domain says http."""
    match = _DOMAIN.fullmatch(domain)
    if match is None:
        raise DomainUnfit(domain=domain)
    return (match[1] or "https://") + match[2].lower() + match[3]


def _bracketed(value: str) -> str:
    return value.replace("(", "\\(") if "(" in value else value

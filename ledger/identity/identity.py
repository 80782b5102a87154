"""
One identity: a key, its code, its serial; written in each of its forms.

The canonical text is the Digital Link on ``id.gs1.org``, because it needs no company prefix length and every form
leads to it. Two codes name the same thing exactly when their texts are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ledger.identity.checks import checked, free_code
from ledger.identity.company import GCP_LENGTHS, CompanyPrefixes, parted
from ledger.identity.domain import link_stem
from ledger.identity.elements import GS, value_length
from ledger.identity.epc.content import Content
from ledger.identity.epc.schemes import chosen, tag_uri, with_tag_uri, written
from ledger.identity.errors import (
    CompanyPrefixConflict,
    CompanyPrefixLength,
    CompanyPrefixUnknown,
    NotAGs1Key,
)
from ledger.identity.keys import URI, Key, Level
from ledger.identity.text import link_escaped, urn_escaped

CANONICAL_STEM = "https://id.gs1.org"


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Who or what a code names. Make one with ``ledger.identity.parse`` or ``made``, which check it.

    What the code said besides is kept, and is no part of the identity nor of equality: ``gcp_length`` (digits of the
    company prefix: EPC URIs and classic tags say it), ``filter`` (0-7: tags and tag URIs), ``hostname`` ('++' tags),
    ``attributes`` (further elements of the scan: best-before date, weight ...).
    """

    key: Key
    code: str
    """Digits with check digit (and filler), the GIAI or CPI, or the whole address of a thing without a GS1 key."""
    serial: str = ""
    gcp_length: int | None = field(default=None, compare=False)
    attributes: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    filter: int | None = field(default=None, compare=False)
    hostname: str = field(default="", compare=False)

    @property
    def level(self) -> Level:
        """Whether one object is named or a class of them (a product, a batch, a document type)."""
        return self.key.level

    @property
    def path(self) -> str:
        """The Digital Link path from its first slash."""
        key = self.key
        if key is URI:
            raise NotAGs1Key(uri=self.code, form="Digital Link")
        base = f"/{key.ai}/{self.code if key.digits else link_escaped(self.code)}"
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

    def raw_element_string(self, aim: str = "") -> str:
        """The element string as a scanner sends it: no brackets, GS where FNC1 stands, ``aim`` (such as ]d2) before."""
        self._must_be_gs1("element string")
        key = self.key
        if not (key.serial_ai and self.serial):
            return f"{aim}{key.ai}{self.code}{self.serial}"
        separator = GS if value_length(key.ai) is None else ""
        return f"{aim}{key.ai}{self.code}{separator}{key.serial_ai}{self.serial}"

    def epc_uri(self, gcp_length: int | None = None) -> str:
        """
        The pure identity EPC URI (TDS 2.x, section 6); a class or batch gets its pattern or class URI.

        Raises ``CompanyPrefixUnknown`` when nobody knows the length of the company prefix: it is never guessed.
        """
        self._must_be_gs1("EPC URI")
        key = self.key
        company, reference = parted(key, self.code, self.prefix_length(gcp_length))
        last = key.digits - key.pieces
        pieces = f".{self.code[last : last + 2]}.{self.code[last + 2 :]}" if key.pieces else ""
        tail = urn_escaped(self.serial) or key.urn_without_serial
        reference = reference if key.digits else urn_escaped(reference)
        return f"{key.urn}{company}.{reference}{pieces}" + (f".{tail}" if tail else "")

    def epc_hex(
        self,
        scheme: str | None = None,
        filter: int | None = None,  # noqa: A002 - the standard's word
        *,
        gcp_length: int | None = None,
        hostname: str | None = None,
    ) -> str:
        """
        The EPC for a tag's memory, in whole words of four hexadecimal digits (TDS 2.3, section 14).

        ``scheme`` is a name such as ``SGTIN-96``, ``GIAI-202``, ``GRAI+``, ``SGLN++``. Without one: 96 bits where the
        length of the company prefix is known and the serial fits, because every reader decodes those; else '+'.
        ``filter`` 0-7 and ``hostname`` ('++') default to what was read. Raises leaves of ``IdentityError``.
        """
        content = self._content(filter, gcp_length, hostname)
        return (written(scheme, content) if scheme else chosen(content)).hex()

    def tag_uri(
        self,
        filter: int | None = None,  # noqa: A002 - the standard's word
        scheme: str | None = None,
        *,
        gcp_length: int | None = None,
    ) -> str:
        """
        The EPC Tag URI ``urn:epc:tag:...`` (TDS 2.3, section 12); '+' and '++' schemes have none.

        Without ``scheme``, the shortest one that holds the serial. What would not fit on a tag is refused.
        """
        content = self._content(filter, gcp_length, None)
        on_tag = written(scheme, content) if scheme else with_tag_uri(content)
        return tag_uri(on_tag.scheme, content, self.epc_uri(gcp_length))

    def with_prefixes(self, prefixes: CompanyPrefixes) -> Identity:
        """The same with the length of its company prefix, when the table knows the party and the code did not say."""
        if self.gcp_length is not None or self.key is URI:
            return self
        return replace(self, gcp_length=prefixes.length(self.key, self.code))

    def prefix_length(self, given: int | None = None) -> int:
        """Digits of the company prefix. Raises ``CompanyPrefixUnknown``, ``CompanyPrefixConflict`` and others."""
        known = self.gcp_length
        if known is not None and given is not None and known != given:
            raise CompanyPrefixConflict(text=self.text, known=known, given=given)
        n = known if given is None else given
        if n is None:
            raise CompanyPrefixUnknown(text=self.text)
        if n not in GCP_LENGTHS:
            raise CompanyPrefixLength(got=n)
        if not self.key.digits:
            free_code(self.key, self.code, n)
        return n

    def _content(self, number: int | None, gcp_length: int | None, hostname: str | None) -> Content:
        self._must_be_gs1("EPC")
        known = self.gcp_length is not None or gcp_length is not None
        return Content(
            self.key,
            self.code,
            self.serial,
            self.prefix_length(gcp_length) if known else None,
            self.attributes,
            self.filter if number is None else number,
            self.hostname if hostname is None else hostname,
        )

    def _must_be_gs1(self, form: str) -> None:
        if self.key is URI:
            raise NotAGs1Key(uri=self.code, form=form)


def made(
    key: Key,
    code: str,
    serial: str = "",
    gcp_length: int | None = None,
    attributes: tuple[tuple[str, str], ...] = (),
    *,
    filter: int | None = None,  # noqa: A002 - the standard's word
    hostname: str = "",
) -> Identity:
    """A checked identity of a GS1 key: lengths, digits, check digit, alphabet. Raises leaves of ``IdentityError``."""
    kept = checked(key, code, serial, gcp_length)
    return Identity(key, code, kept, gcp_length, attributes, filter, hostname)


def _bracketed(value: str) -> str:
    return value.replace("(", "\\(") if "(" in value else value

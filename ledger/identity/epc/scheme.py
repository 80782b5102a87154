"""What every scheme is, and what the classic ones share: filter, partition, text of seven bits a character."""

from __future__ import annotations

from typing import Protocol

from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.content import Content
from ledger.identity.epc.errors import (
    FieldOverflow,
    FilterMissing,
    FilterUnfit,
    PartitionUnknown,
    TagTextBroken,
    TooLargeForScheme,
)
from ledger.identity.errors import CompanyPrefixUnknown, LeadingZero
from ledger.identity.keys import Key

PREFIX_BITS = (40, 37, 34, 30, 27, 24, 20)
"""Bits of the company prefix by partition, 12 digits to 6: the same in every partition table (TDS 2.3, 14.6)."""


class Scheme(Protocol):
    """One way of writing one key as bits (TDS 2.3, table 14-1 and the coding tables of 14.6)."""

    @property
    def name(self) -> str:
        """As TDS spells it."""

    @property
    def header(self) -> int:
        """The first eight bits."""

    @property
    def key(self) -> Key:
        """What it identifies."""

    def read(self, bits: Reader) -> Content:
        """The fields behind the header, checked. Raises leaves of ``IdentityError``."""

    def write(self, content: Content) -> Writer:
        """Header and fields. Raises leaves of ``IdentityError`` when they do not fit."""


def begun(scheme: Scheme, content: Content) -> Writer:
    """Header, and nothing else yet; the filter is checked."""
    if content.filter is None:
        raise FilterMissing(scheme=scheme.name)
    if not 0 <= content.filter <= 7:
        raise FilterUnfit(got=content.filter)
    return Writer(scheme.header, 8)


def take_front(scheme: Scheme, bits: Reader) -> tuple[int, int]:
    """Filter and partition."""
    front = bits.take(6)
    partition = front & 7
    if partition == 7:
        raise PartitionUnknown(scheme=scheme.name, partition=partition)
    return front >> 3, partition


def put_prefix(writer: Writer, content: Content, company: str) -> int:
    """Add partition and company prefix; how many bits the prefix took. The filter stands before them."""
    if content.gcp_length is None:
        raise CompanyPrefixUnknown(text=f"{content.key.field} {content.code}")
    partition = 12 - content.gcp_length
    writer.put(content.filter or 0, 3).put(partition, 3).put(int(company), PREFIX_BITS[partition])
    return PREFIX_BITS[partition]


def padded(scheme: Scheme, field: str, value: int, digits: int) -> str:
    """A number as ``digits`` digits, leading zeros added. Raises ``FieldOverflow`` when it has more."""
    text = f"{value:0{digits}d}" if digits or value else ""
    if len(text) != digits:
        raise FieldOverflow(scheme=scheme.name, field=field, value=value, digits=digits)
    return text


def number(scheme: Scheme, field: str, text: str, bits: int) -> int:
    """``text`` as the number it is (TDS 2.3, 14.3.1): plain digits, no zero to lose, below ``2**bits``."""
    if not (text.isascii() and text.isdigit()):
        raise TooLargeForScheme(scheme=scheme.name, field=field, text=text)
    if text[0] == "0" and text != "0":
        raise LeadingZero(field=f"{field}, {scheme.name}", text=text)
    value = int(text)
    if value >> bits:
        raise TooLargeForScheme(scheme=scheme.name, field=field, text=text)
    return value


def take_text(scheme: Scheme, field: str, bits: Reader, size: int) -> str:
    """Characters of seven bits, then zero bits to the end of the field (TDS 2.3, 14.4.2 and 14.4.5)."""
    left, value = size, bits.take(size)
    found = ""
    while left >= 7 and value:
        left -= 7
        character = value >> left
        if not character:
            break
        found += chr(character)
        value &= (1 << left) - 1
    if value or not found:
        raise TagTextBroken(scheme=scheme.name, field=field)
    return found


def put_text(scheme: Scheme, field: str, writer: Writer, text: str, size: int) -> None:
    """The reverse. Raises ``TooLargeForScheme`` when the field is too short."""
    if len(text) * 7 > size:
        raise TooLargeForScheme(scheme=scheme.name, field=field, text=text)
    value = 0
    for character in text:
        value = value << 7 | ord(character)
    writer.put(value << size - 7 * len(text), size)

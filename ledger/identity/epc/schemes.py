"""
All schemes the ledger reads and writes, in one tuple, and the way from a header or a name to one of them.

Source: TDS 2.3, table 14-1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.content import Content
from ledger.identity.epc.errors import (
    NoTagUri,
    SchemeOfAnotherKey,
    SchemeUnknown,
    TagUnknown,
    TooLargeForScheme,
    TrailingData,
)
from ledger.identity.epc.named import NAMED
from ledger.identity.epc.numbered import NUMBERED
from ledger.identity.epc.plus import PLUS
from ledger.identity.epc.scheme import Scheme
from ledger.identity.errors import CompanyPrefixUnknown, LeadingZero

CLASSIC: tuple[Scheme, ...] = (*NUMBERED, *NAMED)
"""With partition and tag URI; of each key the one of 96 bits (110 for ITIP) first."""
SCHEMES: tuple[Scheme, ...] = (*CLASSIC, *PLUS)

OTHERS = {
    0x2F: "USDoD-96", 0x35: "GID-96", 0x3A: "GDTI-113", 0x3B: "ADI-var", 0x3F: "SGCN-96", 0xF8: "SGCN+",
    0xEC: "SGCN++",
}  # fmt: skip
"""Headers of schemes for other keys than the ledger's, or withdrawn (GDTI-113)."""
_MEANINGS = {
    0x00: ("an unprogrammed tag", "未编码的标签"),
    0xE2: ("the tag's own TID, not an EPC", "标签自身的 TID，不是 EPC"),
    **{header: (name, name) for header, name in OTHERS.items()},
}

BY_HEADER = {scheme.header: scheme for scheme in SCHEMES}
BY_NAME = {scheme.name.casefold(): scheme for scheme in SCHEMES}


class Written(NamedTuple):
    """An EPC ready for a tag."""

    scheme: Scheme
    bits: Writer

    def hex(self) -> str:
        """In whole words."""
        return self.bits.hex()


def read(digits: str) -> tuple[Scheme, Content, str]:
    """
    Scheme, fields, and the bits that follow a '+' or '++' EPC as announced by it (most often none).

    ``digits`` are hexadecimal. Raises leaves of ``IdentityError``.
    """
    bits = Reader(digits)
    scheme = BY_HEADER.get(bits.take(8))
    if scheme is None:
        raise unknown(digits)
    content = scheme.read(bits)
    further = bits.rest()
    if not further:
        return scheme, content, ""
    announced = content.gcp_length is None and int(digits[2], 16) & 8
    if not announced:
        raise TrailingData(scheme=scheme.name, bits=bits.left)
    return scheme, content, f"{further:0{bits.left}b}"


def unknown(digits: str) -> TagUnknown:
    """Why these hexadecimal digits are no EPC of ours, by their header."""
    meaning, meaning_zh = _MEANINGS.get(int(digits[:2], 16), ("reserved", "保留值"))
    return TagUnknown(header=digits[:2].upper(), meaning=meaning, meaning_zh=meaning_zh)


def scheme_named(name: str) -> Scheme:
    """The scheme of that name, in any case. Raises ``SchemeUnknown``."""
    scheme = BY_NAME.get(name.casefold())
    if scheme is None:
        raise SchemeUnknown(scheme=name, known=" ".join(scheme.name for scheme in SCHEMES))
    return scheme


def written(name: str, content: Content) -> Written:
    """``content`` in the scheme of that name."""
    scheme = scheme_named(name)
    if scheme.key is not content.key:
        raise SchemeOfAnotherKey(scheme=scheme.name, key=content.key.name)
    return Written(scheme, scheme.write(content))


def chosen(content: Content) -> Written:
    """
    ``content`` in the scheme most readers decode: 96 bits, else '+'; '++' when it has a host name.

    Raises ``SchemeOfAnotherKey`` for keys that have no tag.
    """
    own = [scheme for scheme in SCHEMES if scheme.key is content.key]
    if content.hostname:
        return _first((scheme for scheme in own if scheme.name.endswith("++")), content)
    plus = next((scheme for scheme in own if scheme.name.endswith("+")), None)
    return _first((*own[:1], *((plus,) if plus else ())), content)


def with_tag_uri(content: Content) -> Written:
    """``content`` in its shortest classic scheme."""
    return _first((scheme for scheme in CLASSIC if scheme.key is content.key), content)


def tag_uri(scheme: Scheme, content: Content, epc_uri: str) -> str:
    """The EPC Tag URI, from the pure identity URI (TDS 2.3, section 12)."""
    if scheme not in CLASSIC:
        raise NoTagUri(scheme=scheme.name)
    return f"urn:epc:tag:{scheme.name.lower()}:{content.filter}.{epc_uri.removeprefix(content.key.urn)}"


def _first(schemes: Iterable[Scheme], content: Content) -> Written:
    refused: TooLargeForScheme | LeadingZero | CompanyPrefixUnknown | None = None
    for scheme in schemes:
        try:
            return Written(scheme, scheme.write(content))
        except (TooLargeForScheme, LeadingZero, CompanyPrefixUnknown) as error:
            refused = error
    raise refused or SchemeOfAnotherKey(scheme="EPC", key=content.key.name)

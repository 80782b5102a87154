"""
What an RFID reader saw, as it was: an identity when the memory holds one, the raw digits always.

Source: TDS 2.3, sections 12 (tag and raw URIs), 14 (EPC binary) and 9.3 (PC word of Gen2 memory).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.errors import IdentityError
from ledger.identity.epc.bits import WORD
from ledger.identity.epc.errors import NotHexadecimal, SchemeUnknown
from ledger.identity.epc.schemes import BY_HEADER, CLASSIC, OTHERS, read, scheme_named
from ledger.identity.epc_uri import epc_uri
from ledger.identity.errors import FormUnknown
from ledger.identity.identity import Identity, made

LONGEST = 124
"""Hexadecimal digits of 31 words: what the PC word can announce."""
_HEX = re.compile(rf"[0-9A-Fa-f]{{2,{LONGEST}}}", re.ASCII)
_RAW_URI = re.compile(r"urn:epc:raw:([1-9][0-9]{0,2})\.(?:x([0-9A-F]+)|([0-9]{1,150}))", re.ASCII)
_TAG_URI = re.compile(r"urn:epc:tag:([a-z0-9-]+):([0-7])\.(.+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    """
    The EPC memory of one tag. ``hex`` is what was read, in upper case.

    ``identity`` is ``None`` for a tag of another numbering, an unprogrammed or a damaged one; ``refusal`` then says
    why. ``further`` are the bits behind a '+' or '++' EPC that announces further data, as 0 and 1.
    """

    hex: str
    scheme: str = ""
    """As TDS spells it; empty when the header is none of its."""
    identity: Identity | None = None
    refusal: IdentityError | None = None
    further: str = ""

    @property
    def filter(self) -> int | None:
        """0-7, of a tag that was understood."""
        return self.identity.filter if self.identity else None

    @property
    def hostname(self) -> str:
        """The resolver's host name on a '++' tag."""
        return self.identity.hostname if self.identity else ""

    @property
    def raw_uri(self) -> str:
        """``urn:epc:raw:`` with the memory as it is (TDS 2.3, 12.3.9)."""
        return f"urn:epc:raw:{4 * len(self.hex)}.x{self.hex}"

    @property
    def uri(self) -> str:
        """The tag URI where the scheme has one, else the raw URI."""
        scheme = BY_HEADER.get(int(self.hex[:2], 16))
        return self.identity.tag_uri(scheme=scheme.name) if self.identity and scheme in CLASSIC else self.raw_uri


def read_tag(text: str) -> Tag:
    """
    The tag whose EPC memory is ``text``: hexadecimal digits, a raw URI, or a tag URI.

    Never drops a tag: one that holds no EPC of ours, or a broken one, comes back with its digits and the reason.
    Raises ``NotHexadecimal`` for text that is no memory at all, and whatever a faulty tag URI breaks.
    """
    if text.startswith("urn:epc:tag:"):
        return from_tag_uri(text)
    digits = _raw(text) if text.startswith("urn:") else text
    if not _HEX.fullmatch(digits):
        raise NotHexadecimal(text=digits[: LONGEST + 1])
    digits = digits.upper()
    try:
        scheme, content, further = read(digits)
        return Tag(digits, scheme.name, Identity(*content), None, further)
    except IdentityError as error:
        header = int(digits[:2], 16)
        known = BY_HEADER.get(header)
        return Tag(digits, known.name if known else OTHERS.get(header, ""), None, error)


def identity_on(digits: str) -> Identity:
    """The identity on the tag of these hexadecimal digits. Raises the reason when there is none."""
    return Identity(*read(digits)[1])


def from_tag_uri(text: str) -> Tag:
    """The tag a tag URI describes. Raises ``FormUnknown``, ``SchemeUnknown`` and what does not fit the scheme."""
    match = _TAG_URI.fullmatch(text)
    if match is None:
        raise FormUnknown(text=text)
    scheme = scheme_named(match[1])
    if scheme not in CLASSIC or scheme.name.lower() != match[1]:
        raise SchemeUnknown(scheme=match[1], known=" ".join(each.name.lower() for each in CLASSIC))
    pure = epc_uri(scheme.key.urn + match[3])
    identity = made(pure.key, pure.code, pure.serial, pure.gcp_length, filter=int(match[2]))
    return Tag(identity.epc_hex(scheme.name), scheme.name, identity)


def pc_word(digits: str) -> int:
    """
    The PC word a printer writes before an EPC of these hexadecimal digits: how many words, in the upper five bits.

    Raises ``NotHexadecimal`` for what does not fill whole words, or more of them than the field can count.
    """
    if not _HEX.fullmatch(digits) or len(digits) * 4 % WORD:
        raise NotHexadecimal(text=digits[: LONGEST + 1])
    return len(digits) * 4 // WORD << 11


def _raw(text: str) -> str:
    match = _RAW_URI.fullmatch(text)
    if match is None:
        raise FormUnknown(text=text)
    size = -(-int(match[1]) // 4)
    digits = match[2] or f"{int(match[3]):X}"
    if len(digits) > size:
        raise FormUnknown(text=text)
    return digits.zfill(size)

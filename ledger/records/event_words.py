"""
The one text each word and identity of an EPCIS event is compared by, in whatever form it was captured or asked for.

A standard value of the Core Business Vocabulary is a bare word (``shipping``); as a URN or as an address on
``ref.gs1.org`` it is the same word (CBV 2.0, section 7). An identity is its canonical text; a URI that is none of
GS1's keys is compared as it stands.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Final

from ledger.errors import IdentityError
from ledger.identity import canonical

LONGEST: Final = 600
"""Characters that are compared as they stand; a longer text is compared by its beginning and its hash."""
_WORD: Final = re.compile(
    r"(?:urn:epcglobal:cbv:(?:bizstep|disp|btt|sdt|er):"
    r"|https?://ref\.gs1\.org/cbv/(?:BizStep|Disp|BTT|SDT|ER)-"
    r"|cbv:(?:BizStep|Disp|BTT|SDT|ER)-"
    r"|https?://(?:ref\.)?gs1\.org/voc/|gs1:)([A-Za-z0-9_\-]+)",
    re.ASCII,
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


@lru_cache(maxsize=16_384)
def word(text: str) -> str:
    """A standard value as its bare word; anything else as it stands."""
    found = _WORD.fullmatch(text)
    return found[1] if found else kept(text)


@lru_cache(maxsize=16_384)
def named(text: str) -> str:
    """The canonical text of an identity; a URI without a GS1 key as it stands. Places come back often."""
    try:
        return canonical(text)
    except IdentityError:
        return kept(text)


def kept(text: str) -> str:
    """The text itself, or, when it is very long, what stands for it in an index."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}#{sha256(text.encode()).hexdigest()}"


def number(text: str) -> Decimal | None:
    """The exact number that a text writes, if it writes one."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None

"""
Who and what: GS1 keys in any form they are scanned or typed, one canonical text for each thing.

``parse`` reads, ``Identity`` writes, ``canonical`` is the short way from a scan to the text it is stored under;
``read_tag`` keeps whatever an RFID reader saw.
"""

from __future__ import annotations

from ledger.identity.company import CompanyPrefixes
from ledger.identity.domain import link_stem
from ledger.identity.identity import CANONICAL_STEM, Identity, made
from ledger.identity.keys import (
    CPI,
    CPI_CLASS,
    GDTI,
    GDTI_CLASS,
    GIAI,
    GRAI,
    GRAI_CLASS,
    GSRN,
    GSRNP,
    GTIN,
    ITIP,
    ITIP_CLASS,
    KEYS,
    LGTIN,
    PGLN,
    SGLN,
    SGTIN,
    SSCC,
    URI,
    Key,
)
from ledger.identity.reading import canonical, parse
from ledger.identity.tag import Tag, pc_word, read_tag
from ledger.identity.text import check_digit

__all__ = [
    "CANONICAL_STEM",
    "CPI",
    "CPI_CLASS",
    "GDTI",
    "GDTI_CLASS",
    "GIAI",
    "GRAI",
    "GRAI_CLASS",
    "GSRN",
    "GSRNP",
    "GTIN",
    "ITIP",
    "ITIP_CLASS",
    "KEYS",
    "LGTIN",
    "PGLN",
    "SGLN",
    "SGTIN",
    "SSCC",
    "URI",
    "CompanyPrefixes",
    "Identity",
    "Key",
    "Tag",
    "canonical",
    "check_digit",
    "link_stem",
    "made",
    "parse",
    "pc_word",
    "read_tag",
]

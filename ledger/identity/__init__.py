"""
Who and what: GS1 keys in any form they are scanned or typed, one canonical text for each thing.

``parse`` reads, ``Identity`` writes, ``canonical`` is the short way from a scan to the text it is stored under.
"""

from __future__ import annotations

from ledger.identity.identity import CANONICAL_STEM, Identity, link_stem, made
from ledger.identity.keys import (
    GDTI,
    GDTI_CLASS,
    GIAI,
    GRAI,
    GRAI_CLASS,
    GSRN,
    GSRNP,
    GTIN,
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
from ledger.identity.text import check_digit

__all__ = [
    "CANONICAL_STEM",
    "GDTI",
    "GDTI_CLASS",
    "GIAI",
    "GRAI",
    "GRAI_CLASS",
    "GSRN",
    "GSRNP",
    "GTIN",
    "KEYS",
    "LGTIN",
    "PGLN",
    "SGLN",
    "SGTIN",
    "SSCC",
    "URI",
    "Identity",
    "Key",
    "canonical",
    "check_digit",
    "link_stem",
    "made",
    "parse",
]

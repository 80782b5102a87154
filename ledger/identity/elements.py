"""
Application identifiers that stand beside a key: how long they are, and which digits begin one.

Source: GS1 General Specifications, figure 3.2-1 (identifiers) and 7.8.5-2 (predefined lengths).
"""

from __future__ import annotations

import re

_KNOWN = re.compile(
    r"0[0-3]|1[0-35-7]|2[0-2]|235|24[0-3]|25[01345]|30|31[0-6][0-5]|3[2-4][0-7][0-5]|35[0-7][0-5]|36[0-9][0-5]|37"
    r"|39[0-5][0-9]|40[0-3]|41[0-7]|42[0-7]|43[0-3][0-9]|70(0[1-9]|1[01]|2[0-3]|3[0-9]|4[01])|71[0-7]|72[0-9]{2}"
    r"|80(0[1-9]|1[0-37-9]|2[026]|30)|811[0-2]|8200|9[0-9]",
    re.ASCII,
)
_NAME_LENGTH = {
    **dict.fromkeys(("00", "01", "02", "03", "10", "11", "12", "13", "15", "16", "17", "20", "21", "22"), 2),
    **dict.fromkeys(("23", "24", "25", "40", "41", "42", "71"), 3),
    **dict.fromkeys(("30", "37", *(str(n) for n in range(90, 100))), 2),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"), 4),
}
_FIXED = {
    # first two digits of the identifier: characters of identifier and value together
    "00": 20, "01": 16, "02": 16, "03": 16, "11": 8, "12": 8, "13": 8, "15": 8, "16": 8, "17": 8, "20": 4,
    "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
LONGEST_VALUE = 90
GS = "\x1d"
"""ASCII group separator: how FNC1 between elements arrives."""


def is_identifier(ai: str) -> bool:
    """Whether ``ai`` is an application identifier that GS1 has assigned."""
    return _KNOWN.fullmatch(ai) is not None


def identifier_at(text: str) -> str:
    """The application identifier that ``text`` begins with; empty when none does."""
    ai = text[: _NAME_LENGTH.get(text[:2], 0)]
    return ai if is_identifier(ai) else ""


def value_length(ai: str) -> int | None:
    """Characters of the value when it needs no separator behind it, else ``None``."""
    whole = _FIXED.get(ai[:2])
    return None if whole is None else whole - len(ai)

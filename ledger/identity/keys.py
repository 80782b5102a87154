"""
The GS1 keys the ledger identifies things by: one row each in ``KEYS``, and nothing about a key anywhere else.

Sources: GS1 General Specifications 3.2-3.9 (application identifiers), TDS 2.3 section 6 (EPC URIs), GS1 Digital Link
URI syntax 1.1 (the words that once stood for identifiers). How a key is written on a tag is in ``ledger.identity.epc``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["instance", "class"]
Alphabet = Literal["82", "39", "10"]
"""The General Specifications' alphabets of 82 and 39 characters (figures 7.11-1 and 7.11-2), or digits."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Key:
    """
    One kind of identity. A key has a ``code`` (digits with a check digit, or free text behind a company prefix) and
    often a ``serial``.

    ``serial_ai`` names the application identifier of the serial, or is empty when the serial follows the code
    inside the key's own one, up to ``serial_longest`` characters.
    """

    name: str
    ai: str
    """Application identifier of the code; empty for a plain web address."""
    urn: str
    """Prefix of the EPC URI, colon included."""
    digits: int = 0
    """Length of the numeric code, check digit and filler included; 0 for a code that is free text."""
    longest: int = 0
    """Characters of a code that is free text, at most."""
    code_alphabet: Alphabet = "82"
    """Of a code that is free text."""
    pieces: int = 0
    """Digits behind the check digit that are part of the code: which piece of a product, of how many."""
    filler: str = ""
    """Digit that stands in front of the code in element strings only."""
    leading: bool = False
    """The first digit (indicator, extension) moves to the front of the reference in the EPC URI."""
    serial_ai: str = ""
    serial_longest: int = 0
    serial: Literal["none", "needed", "optional"] = "none"
    serial_alphabet: Alphabet = "82"
    urn_without_serial: str = ""
    """What stands in the EPC URI where the serial would: ``*`` for a class, ``0`` for a place without extension."""
    level: Level = "instance"

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Callable[[str], Key], tuple[str]]:
        return key_named, (self.name,)  # one object for a key, also behind a process boundary

    @property
    def field(self) -> str:
        """How the code is called in messages: name and application identifier."""
        return f"{self.name} ({self.ai})"

    @property
    def serial_field(self) -> str:
        """How the serial is called in messages."""
        return f"{self.name} ({self.serial_ai or self.ai})"

    @property
    def others(self) -> int:
        """Digits of the code that are neither company prefix nor reference: filler, check digit, pieces."""
        return len(self.filler) + 1 + self.pieces

    @property
    def body(self) -> slice:
        """Where in the code company prefix and reference stand, indicator or extension digit before them."""
        return slice(len(self.filler), self.digits - self.pieces - 1)


SGTIN = Key("SGTIN", "01", "urn:epc:id:sgtin:", 14, leading=True, serial_ai="21", serial_longest=20, serial="needed")
LGTIN = Key(
    "LGTIN", "01", "urn:epc:class:lgtin:", 14, leading=True,
    serial_ai="10", serial_longest=20, serial="needed", level="class",
)  # fmt: skip
GTIN = Key("GTIN", "01", "urn:epc:idpat:sgtin:", 14, leading=True, urn_without_serial="*", level="class")
SSCC = Key("SSCC", "00", "urn:epc:id:sscc:", 18, leading=True)
SGLN = Key(
    "SGLN", "414", "urn:epc:id:sgln:", 13,
    serial_ai="254", serial_longest=20, serial="optional", urn_without_serial="0",
)  # fmt: skip
PGLN = Key("PGLN", "417", "urn:epc:id:pgln:", 13)
GRAI = Key("GRAI", "8003", "urn:epc:id:grai:", 14, filler="0", serial_longest=16, serial="needed")
GRAI_CLASS = Key("GRAI class", "8003", "urn:epc:idpat:grai:", 14, filler="0", urn_without_serial="*", level="class")
GIAI = Key("GIAI", "8004", "urn:epc:id:giai:", longest=30)
GDTI = Key("GDTI", "253", "urn:epc:id:gdti:", 13, serial_longest=17, serial="needed")
GDTI_CLASS = Key("GDTI class", "253", "urn:epc:idpat:gdti:", 13, urn_without_serial="*", level="class")
GSRN = Key("GSRN", "8018", "urn:epc:id:gsrn:", 18)
GSRNP = Key("GSRNP", "8017", "urn:epc:id:gsrnp:", 18)
CPI = Key(
    "CPI", "8010", "urn:epc:id:cpi:", longest=30, code_alphabet="39",
    serial_ai="8011", serial_longest=12, serial="needed", serial_alphabet="10",
)  # fmt: skip
CPI_CLASS = Key(
    "CPI class", "8010", "urn:epc:idpat:cpi:", longest=30, code_alphabet="39", urn_without_serial="*", level="class",
)  # fmt: skip
ITIP = Key(
    "ITIP", "8006", "urn:epc:id:itip:", 18, pieces=4, leading=True,
    serial_ai="21", serial_longest=20, serial="needed",
)  # fmt: skip
ITIP_CLASS = Key(
    "ITIP class", "8006", "urn:epc:idpat:itip:", 18, pieces=4, leading=True, urn_without_serial="*", level="class",
)  # fmt: skip

URI = Key("URI", "", "")
"""Not a GS1 key: a supplier without a company prefix names the thing by its own https address."""

KEYS: tuple[Key, ...] = (
    SGTIN, LGTIN, GTIN, SSCC, SGLN, PGLN, GRAI, GRAI_CLASS, GIAI, GDTI, GDTI_CLASS, GSRN, GSRNP,
    CPI, CPI_CLASS, ITIP, ITIP_CLASS,
)  # fmt: skip


def key_named(name: str) -> Key:
    """The row of that name. Raises ``KeyError`` for another."""
    return _BY_NAME[name]


_BY_NAME = {key.name: key for key in (*KEYS, URI)}
PRIMARY = frozenset(key.ai for key in KEYS)
QUALIFIERS: dict[str, tuple[str, ...]] = {
    "01": ("22", "10", "21"),
    "414": ("254",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8017": ("8019",),
    "8018": ("8019",),
}
"""Key qualifiers in the order they must stand in a Digital Link path (GS1 Digital Link URI syntax)."""
ALIASES = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "sscc": "00", "gdti": "253", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21", "glnx": "254", "cpsn": "8011", "srin": "8019",
}  # fmt: skip
"""Words that stood for identifiers until GS1 dropped them (Digital Link 1.0 to 1.2): read, never written."""

"""
The GS1 keys the ledger identifies things by: one row each in ``KEYS``, and nothing about a key anywhere else.

Sources: GS1 General Specifications 3.2-3.8 (application identifiers), TDS 2.x section 6 (EPC URIs).
A binary form of a key would be a second row in a table beside this one, found by the key's name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["instance", "class"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Key:
    """
    One kind of identity. A key has a ``code`` (digits with a check digit, or free text) and often a ``serial``.

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
    filler: str = ""
    """Digit that stands in front of the code in element strings only."""
    leading: bool = False
    """The first digit (indicator, extension) moves to the front of the reference in the EPC URI."""
    serial_ai: str = ""
    serial_longest: int = 0
    serial: Literal["none", "needed", "optional"] = "none"
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
GIAI = Key("GIAI", "8004", "urn:epc:id:giai:", serial_longest=30)
GDTI = Key("GDTI", "253", "urn:epc:id:gdti:", 13, serial_longest=17, serial="needed")
GDTI_CLASS = Key("GDTI class", "253", "urn:epc:idpat:gdti:", 13, urn_without_serial="*", level="class")
GSRN = Key("GSRN", "8018", "urn:epc:id:gsrn:", 18)
GSRNP = Key("GSRNP", "8017", "urn:epc:id:gsrnp:", 18)

URI = Key("URI", "", "")
"""Not a GS1 key: a supplier without a company prefix names the thing by its own https address."""

KEYS: tuple[Key, ...] = (
    SGTIN, LGTIN, GTIN, SSCC, SGLN, PGLN, GRAI, GRAI_CLASS, GIAI, GDTI, GDTI_CLASS, GSRN, GSRNP,
)  # fmt: skip


def key_named(name: str) -> Key:
    """The row of that name. Raises ``KeyError`` for another."""
    return _BY_NAME[name]


_BY_NAME = {key.name: key for key in (*KEYS, URI)}
PRIMARY = frozenset(key.ai for key in KEYS)
QUALIFIERS: dict[str, tuple[str, ...]] = {"01": ("22", "10", "21"), "414": ("254",)}
"""Key qualifiers in the order they must stand in a Digital Link path (GS1 Digital Link URI syntax)."""

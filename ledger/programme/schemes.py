"""
Schemes of certification that the registry knows, as data. A new one is a name in its record kind and a line here.

OHSAS 18001:2007 was followed by ISO 45001:2018. Accredited certificates could move to it until 30 September 2021 (IAF
FAQ, question 15, iaffaq.com, 3 and 11 April 2020); after that day none counts here, whatever it says itself. A call for
OHSAS 18001 is met by ISO 45001, never the other way round. Chinese certificates name the Chinese standard, which is
taken as the scheme it adopts: GB/T 28001-2011 adopts OHSAS 18001:2007; GB/T 45001-2020, which replaced it, ISO
45001:2018. The other three numbers follow the practice of certifiers; the texts of the standards were not compared.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal, NamedTuple

from ledger.records.supplier_certificate import CertificateScheme

Subject = Literal["energy", "environment", "quality", "safety", "social"]


class Certification(NamedTuple):
    """A scheme: what it is about, names it also goes by, its last day and successor when it was withdrawn."""

    name: CertificateScheme
    subject: Subject
    also: tuple[str, ...] = ()
    last_day: date | None = None
    successor: CertificateScheme | None = None


SCHEMES: Final = (
    Certification("SA8000", "social", ("SA 8000",)),
    Certification("OHSAS 18001", "safety", ("GB/T 28001",), date(2021, 9, 30), "ISO 45001"),
    Certification("ISO 45001", "safety", ("GB/T 45001",)),
    Certification("ISO 14001", "environment", ("GB/T 24001",)),
    Certification("ISO 50001", "energy", ("GB/T 23331",)),
    Certification("ISO 9001", "quality", ("GB/T 19001",)),
)
_EDITION: Final = re.compile(r"[:：\-–](19|20)[0-9]{2}\s*\Z")
_DROPPED: Final = re.compile(r"[\s/_\-]+")


def scheme_named(text: str) -> Certification | None:
    """The scheme of a name as people write it: with an edition, without blanks, by a Chinese standard of its."""
    said = _folded(_EDITION.sub("", text.strip()))
    return next((one for one in SCHEMES if said in {_folded(name) for name in (one.name, *one.also)}), None)


def last_day(name: str) -> date | None:
    """The last day on which certificates of a scheme count; ``None`` while it is in use."""
    return next((one.last_day for one in SCHEMES if one.name == name), None)


def satisfies(asked: str, held: str) -> bool:
    """Whether a certificate of ``held`` answers a call for ``asked``: the same scheme, or the one that followed it."""
    wanted = scheme_named(asked)
    return wanted is not None and held in {wanted.name, wanted.successor}


def _folded(name: str) -> str:
    return _DROPPED.sub("", name).casefold()

"""
What the value of a MATCH parameter matches: one identity, or all that begin so (GS1 EPCIS 2.0, 8.2.7.1.1).

The value may be a code in any form the ledger reads, a Digital Link or class URI without its serial (all serials of
it), or a pure identity pattern (TDS 2.x, section 8: ``*`` in the last fields, from the right).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ledger.errors import IdentityError
from ledger.identity import CANONICAL_STEM, GDTI_CLASS, GRAI_CLASS, GTIN, KEYS, SGLN, Key, parse
from ledger.records.event_words import kept
from ledger.services.event_query.errors import ParameterUnfit

_PATTERN: Final = re.compile(r"urn:epc:idpat:([a-z]+):([0-9]{6,12}|\*)((?:\.[^.]+){1,2})", re.ASCII)
_DIGITS: Final = "0123456789"


def _scheme(key: Key) -> str:
    return key.urn.split(":")[3]


_SCHEMES: Final = {_scheme(key): key for key in reversed(KEYS) if key.level == "instance"}


class Pattern(NamedTuple):
    """Canonical texts, and beginnings of canonical texts."""

    texts: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


def things(name: str, value: str) -> Pattern:
    """What a value matches among single things. Raises ``ParameterUnfit`` for a pattern that is none."""
    wide = _wide(name, value)
    if wide is not None:
        return wide
    try:
        identity = parse(value)
    except IdentityError as error:
        return _as_it_stands(name, value, error)
    if identity.key is GTIN:
        return Pattern(stems=(f"{identity.text}/21/",))
    if identity.key in {GRAI_CLASS, GDTI_CLASS}:
        return Pattern(stems=(identity.text,))
    return Pattern((identity.text,))


def classes(name: str, value: str) -> Pattern:
    """What a value matches among classes: a product matches itself and every lot of it."""
    wide = _wide(name, value)
    if wide is not None:
        return wide
    try:
        identity = parse(value)
    except IdentityError as error:
        return _as_it_stands(name, value, error)
    return Pattern((identity.text,), (f"{identity.text}/10/",) if identity.key is GTIN else ())


def _as_it_stands(name: str, value: str, error: IdentityError) -> Pattern:
    """A URI that is none of GS1's keys is compared as it stands; a GS1 pattern or link that is broken is refused."""
    if value.startswith(("urn:epc:", CANONICAL_STEM)) or not re.match("[A-Za-z][A-Za-z0-9+.-]*:", value):
        expected = "URI, EPC, GS1 Digital Link"
        raise ParameterUnfit(name=name, value=value[:200], expected=expected) from error
    return Pattern((kept(value),))


def _wide(name: str, value: str) -> Pattern | None:
    """A pattern over more than one class; ``None`` for anything else."""
    if not value.startswith("urn:epc:idpat:"):
        return None
    found = _PATTERN.fullmatch(value)
    key = _SCHEMES.get(found[1]) if found else None
    if found is None or key is None:
        raise ParameterUnfit(name=name, value=value[:200], expected="urn:epc:idpat:SCHEME:COMPANY.REFERENCE.*")
    company, rest = found[2], found[3][1:].split(".")
    stem = f"{CANONICAL_STEM}/{key.ai}/{key.filler}"
    if set(rest) == {"*"}:
        if company == "*":
            return Pattern(stems=(stem,))
        return Pattern(stems=tuple(f"{stem}{digit}{company}" for digit in (_DIGITS if key.leading else [""])))
    if company == "*" or rest[-1] != "*":
        raise ParameterUnfit(name=name, value=value[:200], expected="* from some field to the last")
    if key is SGLN:
        text = parse(f"urn:epc:id:sgln:{company}.{rest[0]}.0").text
        return Pattern((text,), (f"{text}/254/",))
    return None

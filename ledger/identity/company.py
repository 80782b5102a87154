"""
Where the company prefix of a code ends: the one thing EPC URIs and classic tags know and nothing else says.

Sources: TDS 2.3, section 7 (from keys to EPC URIs and back); General Specifications 1.4.2 (prefixes are allotted so
that none begins another).
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.identity.errors import CompanyPrefixConflict, CompanyPrefixLength
from ledger.identity.keys import Key
from ledger.identity.text import check_digit, plain

GCP_LENGTHS = range(6, 13)
"""Lengths of a company prefix that EPC URIs can carry."""


def parted(key: Key, code: str, length: int) -> tuple[str, str]:
    """``code`` as company prefix of ``length`` digits and the reference behind it, as an EPC URI says them."""
    if not key.digits:
        return code[:length], code[length:]
    body = code[key.body]
    if key.leading:
        return body[1 : length + 1], body[0] + body[length + 1 :]
    return body[:length], body[length:]


def whole(key: Key, company: str, reference: str, pieces: str = "") -> str:
    """The code of company prefix and reference: ``parted`` the other way, check digit added."""
    if not key.digits:
        return company + reference
    body = reference[0] + company + reference[1:] if key.leading else company + reference
    return f"{key.filler}{body}{check_digit(body)}{pieces}"


def company_prefix(digits: str) -> str:
    """``digits`` itself when they can be a company prefix. Raises ``NotPlainDigits``, ``CompanyPrefixLength``."""
    if len(plain("GCP", digits)) not in GCP_LENGTHS:
        raise CompanyPrefixLength(got=len(digits))
    return digits


class CompanyPrefixes:
    """
    The company prefixes of one's partners, digits as GS1 allotted them, to be asked how long the one of a code is.

    Raises ``NotPlainDigits`` and ``CompanyPrefixLength`` for what is no prefix, ``CompanyPrefixConflict`` when one
    begins another.
    """

    def __init__(self, prefixes: Iterable[str]) -> None:
        self._prefixes = frozenset(prefixes)
        for prefix in self._prefixes:
            company_prefix(prefix)
            shorter = self._first(prefix)
            if shorter != len(prefix):
                raise CompanyPrefixConflict(text=prefix, known=shorter or 0, given=len(prefix))

    def length(self, key: Key, code: str) -> int | None:
        """How many digits the company prefix of ``code`` has; ``None`` when the party is not in the table."""
        body = code[key.body] if key.digits else code
        return self._first(body[1:] if key.leading else body)

    def _first(self, digits: str) -> int | None:
        return next((n for n in GCP_LENGTHS if digits[:n] in self._prefixes), None)

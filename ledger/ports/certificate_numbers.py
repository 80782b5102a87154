"""
Who recorded which certificate numbers first, over all tenants of this ledger: one number serves one of them.

A projection of its own, in the order of the log. An answer says that a number is taken, never by whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ledger.ports.projections import Folding


@runtime_checkable
class CertificateNumbers(Folding, Protocol):
    """Numbers of energy certificates."""

    def taken(self, entries: Sequence[int], size: int | None = None) -> set[int]:
        """
        Of these entries of certificates, those with a number that an earlier entry holds, as a log of ``size`` has it.

        An entry that is itself withdrawn, or whose number was taken when it came, holds nothing.
        """
        ...

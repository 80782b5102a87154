"""What a plan leaves out, and why."""

from __future__ import annotations

from typing import NamedTuple

from ledger.errors import LedgerError


class Refusal(NamedTuple):
    """A row that is left out, and the reason with its place."""

    name: str
    error: LedgerError

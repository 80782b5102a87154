"""What a plan leaves out, and why."""

from __future__ import annotations

from typing import Final, NamedTuple

from ledger.errors import LedgerError

_STATED: Final = ("text", "value", "where", "needs", "window", "depot", "name", "order")
"""Where errors keep what was stated."""


class Refusal(NamedTuple):
    """A row that is left out, and the reason with its place."""

    name: str
    error: LedgerError

    @property
    def stated(self) -> str:
        """What was stated that is refused; empty where the error does not keep it."""
        values = self.error.values()
        return next((str(values[key]) for key in _STATED if key in values), "")

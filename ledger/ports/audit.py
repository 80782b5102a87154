"""Where recorded deeds are found again: one line for each entry of the kind ``audit``."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ledger.ports.projections import Folding


class AuditLine(NamedTuple):
    """A recorded deed: ``records.audit.Audit`` with its entry. Times are microseconds; empty where nothing is said."""

    seq: int
    act: str
    outcome: str
    principal: str
    object: str
    reason: str
    role: str
    request: str
    times: int
    first_at: int
    last_at: int


class WantedDeeds(NamedTuple):
    """Which deeds: those of a principal, an act, an outcome; that began at ``since`` or later and before ``until``."""

    principal: str = ""
    act: str = ""
    outcome: str = ""
    since: int | None = None
    until: int | None = None


class AuditTrail(Folding, Protocol):
    """The deeds of every tenant, folded from the log."""

    def lines(
        self, tenant: str, wanted: WantedDeeds, *, before: int | None = None, limit: int = 100
    ) -> list[AuditLine]:
        """A tenant's deeds that are wanted, newest entry first, with an entry below ``before``."""
        ...

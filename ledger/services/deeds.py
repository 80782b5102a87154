"""Recorded deeds, read back."""

from __future__ import annotations

from typing import Protocol

from ledger.ports import EntryStore
from ledger.ports.audit import AuditLine, AuditTrail, WantedDeeds
from ledger.services.project import catch_up_all


class Recorded(Protocol):
    """What reading deeds needs of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """The log."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """Where its deeds are."""
        ...


def deeds(ledger: Recorded, tenant: str, wanted: WantedDeeds, before: int | None, limit: int) -> list[AuditLine]:
    """A tenant's deeds as of now, newest first; one more than ``limit`` where there is more."""
    catch_up_all(ledger.entries, (ledger.audit,))
    return ledger.audit.lines(tenant, wanted, before=before, limit=limit + 1)

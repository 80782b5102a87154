"""How the ledger stands: database, chain, and what is not anchored yet."""

from __future__ import annotations

from typing import Final

from api.runtime import Runtime
from api.schemas.native import Readiness
from ledger.errors import LedgerError
from ledger.records.record import microseconds
from ledger.services.recompute import TotalsDisagree
from ledger.wiring import Ledger

ANCHOR_DEADLINE: Final = 60
"""An entry that is not anchored after this many seconds is late."""


def readiness(runtime: Runtime) -> Readiness:
    """One look at everything; never raises for what it looks at."""
    ledger = runtime.ledger
    try:
        entries, anchored, age = _lag(ledger)
    except LedgerError as error:
        return Readiness(status="down", database=error.code, chain="unknown", entries=0, unanchored=0, unanchored_age=0)
    trouble = runtime.background.trouble
    sums = _sums(ledger)
    return Readiness(
        status="degraded" if trouble or age > ANCHOR_DEADLINE or sums == TotalsDisagree.code else "ready",
        database="ok",
        chain="unknown" if trouble is None else trouble or "ok",
        entries=entries,
        unanchored=entries - anchored,
        unanchored_age=age,
        sums=sums,
    )


def _sums(ledger: Ledger) -> str:
    compared = ledger.segments.remembered()
    if compared is None:
        return "unknown"
    return TotalsDisagree.code if compared.disagree else "ok"


def _lag(ledger: Ledger) -> tuple[int, int, int]:
    """(entries, how many of them are anchored, age of the oldest that is not [s])."""
    entries, anchored = ledger.entries.size(), _anchored(ledger)
    if anchored >= entries:
        return entries, entries, 0
    oldest = ledger.entries.entry(anchored).recorded_at
    return entries, anchored, max(0, (microseconds(ledger.clock.now()) - oldest) // 1_000_000)


def _anchored(ledger: Ledger) -> int:
    newest = ledger.checkpoints.newest(100)
    found = next((stored for stored in newest if stored.state != "checkpointed"), None)
    if found is not None:
        return found.checkpoint.size
    return newest[-1].previous_size if newest else 0

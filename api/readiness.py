"""How the ledger stands: database, chain, and what is not anchored yet."""

from __future__ import annotations

from typing import Final

from api.runtime import Runtime
from api.schemas.native import Readiness
from ledger.errors import LedgerError
from ledger.ports.witnesses import WitnessRefuses, WitnessSilent
from ledger.services.recompute import TotalsDisagree
from ledger.services.standing import lag
from ledger.services.witness_standing import troubled
from ledger.wiring import Ledger

ANCHOR_DEADLINE: Final = 60
"""An entry that is not anchored after this many seconds is late."""


def readiness(runtime: Runtime) -> Readiness:
    """One look at everything; never raises for what it looks at."""
    ledger = runtime.ledger
    try:
        entries, anchored, age = lag(ledger)
    except LedgerError as error:
        return Readiness(status="down", database=error.code, chain="unknown", entries=0, unanchored=0, unanchored_age=0)
    trouble, late = runtime.background.trouble, age > ANCHOR_DEADLINE
    sums = _sums(ledger)
    silent, refusing = troubled(ledger.policy, ledger.cosignatures)
    return Readiness(
        status="degraded" if trouble or late or sums == TotalsDisagree.code or refusing else "ready",
        database="ok",
        chain="unknown" if trouble is None else trouble or "ok",
        entries=entries,
        unanchored=entries - anchored,
        unanchored_age=age,
        sums=sums,
        witnesses=_witnesses(ledger, silent, refusing),
        witnesses_silent=silent,
        witnesses_refusing=refusing,
    )


def _witnesses(ledger: Ledger, silent: int, refusing: int) -> str:
    if ledger.policy is None:
        return "none"
    return WitnessRefuses.code if refusing else WitnessSilent.code if silent else "ok"


def _sums(ledger: Ledger) -> str:
    compared = ledger.segments.remembered()
    if compared is None:
        return "unknown"
    return TotalsDisagree.code if compared.disagree else "ok"

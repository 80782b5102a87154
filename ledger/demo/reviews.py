"""The verifier of the demonstration states what it examined of each footprint that a supplier says was verified."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ledger.demo.catalogue import VERIFIER
from ledger.demo.month import declarations
from ledger.services.pcf_requests import Party
from ledger.services.pcf_reviews import Examined, review
from ledger.services.pcf_standing import footprint_named, standing_at
from ledger.services.project import catch_up
from ledger.wiring import Ledger

MADE: Final = datetime.fromisoformat("2023-04-28T10:00:00+08:00")
_EXAMINED: Final = Examined(
    provider=VERIFIER,
    scope="ISO 14067:2018；ISO 14064-3:2019。示例：活动数据抽样与因子核对 sample of activity data, factors compared",
    level="limited",
    materiality_pct="5",
    verdict="verified",
)


def verify_declared(ledger: Ledger) -> None:
    """One signed review each; telling it again adds none."""
    catch_up(ledger.entries, ledger.projections)
    party = Party(ledger.settings.tenant, VERIFIER, VERIFIER)
    for record in declarations():
        named = footprint_named(ledger, party.tenant, record.id) if record.verified_by == VERIFIER else None
        if named and not standing_at(ledger, party.tenant, named, MADE).standing.is_verified:
            review(ledger, party, record.id, _EXAMINED, MADE)

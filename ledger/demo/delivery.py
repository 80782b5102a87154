"""The contract that followed the demonstration's award: what was promised, against what arrived in its first months."""

from __future__ import annotations

from typing import Final

from ledger.demo import tender
from ledger.demo.catalogue import PRODUCTS
from ledger.records.contract import Contract
from ledger.services.capture import Submission
from ledger.services.contracts import Held, awards, contract_seen, held, record_contract
from ledger.services.pcf_requests import Party
from ledger.wiring import Ledger

CONTRACT: Final = f"contract:{tender.TENDER}"
_DELIVERED: Final = 101
"""The product that was bought, by its number in the catalogue."""


def follow_award(ledger: Ledger) -> Held:
    """Record the contract; telling it again adds none. The value of a kg CO2e is illustrative."""
    tenant = ledger.settings.tenant
    won = next(one for one in awards(ledger, tenant) if one.tender == tender.TENDER)
    record = Contract(
        carbon_value="0.5",
        first_month=won.closed,
        id=CONTRACT,
        kind="contract",
        last_month="2023-12",
        occurred_at=tender.CLOSES,
        product=next(one.identity for one in PRODUCTS if one.number == _DELIVERED),
        sheet=won.sheet,
        supplier=won.winner,
        tender=tender.TENDER,
        version=1,
    )
    record_contract(ledger, Submission(tenant, "procurement"), record)
    return held(ledger, tenant, *contract_seen(ledger, Party(tenant, "procurement"), CONTRACT))

"""The contract that followed the sample's award, and two months of deliveries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from ledger.records.contract import Contract
from ledger.records.record import Record
from ledger.records.transport_leg import TransportLeg
from ledger.services.capture import Submission
from ledger.services.contracts import awards, record_contract
from ledger.services.project import catch_up
from ledger.wiring import Ledger

CONTRACT: Final = "contract:anhe"


def deliveries(leg: TransportLeg, product: str) -> list[Record]:
    """A lorry in each of two months; the second comes after the footprint's validity ended."""
    return [
        replace(
            leg,
            id=f"delivery-{at:%Y-%m}",
            consignment=f"AH-{at:%Y-%m}",
            occurred_at=at,
            product=product,
            quantity=pieces,
            route="西安-上海",
        )
        for at, pieces in ((datetime(2026, 7, 20, tzinfo=UTC), 120), (datetime(2027, 1, 20, tzinfo=UTC), 160))
    ]


def contract(ledger: Ledger, product: str) -> None:
    """Record it; the value of a kg CO2e is illustrative."""
    catch_up(ledger.entries, ledger.projections)
    tenant = ledger.settings.tenant
    (won,) = awards(ledger, tenant)
    record = Contract(
        carbon_value="0.5",
        first_month="2026-07",
        id=CONTRACT,
        kind="contract",
        last_month="2027-03",
        occurred_at=datetime(2026, 7, 1, tzinfo=UTC),
        product=product,
        sheet=won.sheet,
        supplier=won.winner,
        tender=won.tender,
        version=1,
    )
    record_contract(ledger, Submission(tenant, "采购部"), record)

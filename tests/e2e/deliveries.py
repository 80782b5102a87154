"""The contract that followed the sample's award, and two months of deliveries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from msgspec.structs import replace

from ledger.records.contract import Contract
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record
from ledger.records.transport_leg import TransportLeg
from ledger.services.capture import Submission
from ledger.services.contracts import awards, record_contract
from ledger.services.project import catch_up
from ledger.wiring import Ledger

CONTRACT: Final = "contract:boyuan"


def deliveries(leg: TransportLeg, declared: ProductFootprint) -> list[Record]:
    """A lorry in each of two months; before the second the winner states a footprint that nobody reviewed."""
    stated = replace(
        declared,
        id="pcf-boyuan",
        pcf_kg_co2e="118.5",
        supplier="Boyuan 博远",
        valid_from=date(2026, 8, 1),
        valid_to=date(2027, 7, 31),
    )
    return [
        stated,
        *(
            replace(
                leg,
                id=f"delivery-{month}",
                consignment=f"BY-{month}",
                occurred_at=datetime(2026, month, 20, tzinfo=UTC),
                product=declared.product,
                quantity=pieces,
                route="西安-上海",
            )
            for month, pieces in ((7, 120), (8, 160))
        ),
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
        last_month="2026-12",
        occurred_at=datetime(2026, 7, 1, tzinfo=UTC),
        product=product,
        sheet=won.sheet,
        supplier=won.winner,
        tender=won.tender,
        version=1,
    )
    record_contract(ledger, Submission(tenant, "采购部"), record)

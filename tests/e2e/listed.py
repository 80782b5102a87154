"""The sample's green catalogue: the example's rules, and three products put forward by the bidder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from ledger.programme.example_catalogue import CATALOGUE, example_rules
from ledger.programme.example_incentives import example_incentives
from ledger.records.green_catalogue import CatalogueProduct, EntryRule
from ledger.records.incentive import IncentiveException
from ledger.records.record import Record

LISTED: Final = "catalogue-product:1"
_PRODUCTS: Final = (
    ("power-equipment", "10kV 环网柜（安和）", "https://id.gs1.org/01/09506000134369"),
    ("power-equipment", "10kV 环网柜（安和，二代）", "https://id.gs1.org/01/09506000134376"),
    ("batteries", "蓄电池组 48V", "https://id.gs1.org/01/09506000134383"),
)

PILOT: Final = IncentiveException(
    decision="granted",
    id="incentive-exception:1",
    incentive="sooner",
    kind="incentive_exception",
    occurred_at=datetime(2026, 5, 1, tzinfo=UTC),
    reason="循环包装试点供应商 takes part in the pilot of returnable packaging",
    supplier="anhe",
    version=1,
    year=2026,
)


def put_forward() -> list[Record]:
    """The edition, then the products; rules of incentives, and one decided otherwise."""
    products = [
        CatalogueProduct(
            catalogue=CATALOGUE,
            category=category,
            id=f"catalogue-product:{number}",
            kind="catalogue_product",
            name=name,
            occurred_at=datetime(2026, 2, 1, tzinfo=UTC),
            product=product,
            supplier="anhe",
            version=1,
        )
        for number, (category, name, product) in enumerate(_PRODUCTS, 1)
    ]
    asked = (EntryRule(kind="certificate", value="ISO 14001"), EntryRule(kind="footprint"))
    rules = replace(example_rules(), rules=(*asked, EntryRule(kind="assessment", value="40")))
    return [rules, *products, example_incentives(), PILOT]

"""Bills of materials through the log into the cube, on SQLite and PostgreSQL: versions, tiers, products never moved."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.sql.database import Database
from ledger.services.footprints import all_products, product_footprint
from ledger.services.project import catch_up
from tests.builders import PRODUCT, TENANT, bill, leg, pcf
from tests.rig import Rig

PART = "https://id.gs1.org/01/09521141000014"
GRAIN = "https://id.gs1.org/01/09521141000021"


@pytest.fixture
def rig(database: Database) -> Rig:
    return Rig(database)


def used(product: str) -> dict[str, Any]:
    return {"amount": "2", "name": product, "product": product, "supplier": "supplier-1", "unit": "piece"}


def recorded(rig: Rig) -> None:
    """A product of two parts that moved on 1 May, its part of two of another, which was declared twice."""
    old = pcf("old", product=GRAIN, valid_to="2026-04-30", pcf_kg_co2e="7")
    new = pcf("new", product=GRAIN, valid_from="2026-05-01", pcf_kg_co2e="3")
    rig.capture(
        [
            bill("top", inputs=[used(PART)]),
            bill("part", product=PART, inputs=[used(GRAIN)]),
            old,
            new,
            leg("leg", occurred_at="2026-05-01T09:00:00+08:00", quantity=10, vehicle="road.hgv.all.diesel.avg"),
        ]
    )
    catch_up(rig.entries, rig.projections)


def test_one_product_is_read_with_all_that_its_bill_reaches(rig: Rig) -> None:
    """Two tiers down, in the version of the day on which the goods last moved: 10 x 2 x 2 x 3 kg."""
    recorded(rig)
    cube = rig.projections.cube(TENANT, product=PRODUCT)
    assert [(made.product, made.units, made.day.isoformat()) for made in cube.made] == [(PRODUCT, 10, "2026-05-01")]
    assert set(cube.supply.bills) == {PRODUCT, PART}
    found = product_footprint(rig.projections, FactorTables(), TENANT, PRODUCT)
    assert next(stage for stage in found.stages if stage.stage == "raw").wtw == 120
    assert found.bill_entry == 0


def test_all_products_agree_with_one(rig: Rig) -> None:
    """The whole tenant at once gives each product's own digits; one that never moved is there as one piece."""
    recorded(rig)
    every = all_products(rig.projections, FactorTables(), TENANT)
    assert set(every) == {PRODUCT, PART, GRAIN}
    assert rig.projections.products(TENANT) == sorted(every)
    assert every[PRODUCT] == product_footprint(rig.projections, FactorTables(), TENANT, PRODUCT)
    assert (every[PART].units, every[PART].wtw) == (1, 14)


def test_another_tenants_bills_are_not_seen(rig: Rig) -> None:
    """Bills are a tenant's own."""
    recorded(rig)
    assert rig.projections.cube("other").made == []

"""Bills, declarations and their totals, for tests."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import Any

from ledger.footprint.activity import ActivityCube
from ledger.footprint.bill.supply import Made, Supply
from ledger.footprint.calculate import calculate
from ledger.footprint.factor import FactorSet
from ledger.footprint.product import ProductTotal, product_footprints
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import decode

BOARD, BOARD_RECYCLED = "DEFRA25-19_506_5156_15_1", "DEFRA25-19_506_5159_15_1"
STEEL, STEEL_RECYCLED = "DEFRA25-19_504_5116_15_1", "DEFRA25-19_504_5119_15_1"
BOARD_RECYCLING, BOARD_LANDFILL = "DEFRA25-20_506_5443_15_1", "DEFRA25-20_506_5446_15_1"
BOARD_KG, STEEL_KG = Fraction("1.19972542"), Fraction("2.86390131")
DAY = date(2025, 6, 1)
A, B, C = (
    "https://id.gs1.org/01/09521141000014",
    "https://id.gs1.org/01/09521141000021",
    "https://id.gs1.org/01/09521141000038",
)


def bill(product: str = A, maker: str = "maker", **changes: Any) -> BillOfMaterials:
    """One piece of 1 kg of steel."""
    fields = {
        "amounts": "measured",
        "declared_unit": "piece",
        "id": f"bill:{maker}:{product}",
        "inputs": [steel("1")],
        "kind": "bill_of_materials",
        "manufacturer": maker,
        "mass_kg": "1",
        "name": product,
        "occurred_at": "2025-01-02T08:00:00+08:00",
        "product": product,
        "region": "CN",
        "site": "factory",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "version": 1,
    }
    record = decode(json.dumps(fields | changes).encode())
    assert isinstance(record, BillOfMaterials)
    return record


def steel(amount: str, **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "factor": STEEL, "name": "steel", "unit": "kg"} | changes


def part(product: str, amount: str = "1", **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "name": "part", "product": product, "supplier": "maker", "unit": "piece"} | changes


def box(mass: str, **changes: Any) -> dict[str, Any]:
    return {"factor": BOARD, "mass_kg": mass, "name": "box"} | changes


def pcf(product: str = B, kg: str = "5", **changes: Any) -> ProductFootprint:
    fields = {
        "boundary": "cradle_to_gate",
        "declared_unit": "piece",
        "id": "pcf",
        "kind": "product_footprint",
        "name": "part",
        "occurred_at": "2025-01-02T08:00:00+08:00",
        "pcf_kg_co2e": kg,
        "primary_data_share_pct": "60",
        "product": product,
        "supplier": "maker",
        "valid_from": "2025-01-01",
        "valid_to": "2025-12-31",
        "version": 1,
    }
    record = decode(json.dumps(fields | changes).encode())
    assert isinstance(record, ProductFootprint)
    return record


def total_of(factors: FactorSet, record: BillOfMaterials, units: int = 1, **cube: Any) -> ProductTotal:
    made = Made(product=A, entry=0, record=record, units=units, day=DAY)
    given_cube = ActivityCube(made=[made], supply=Supply.of((), [(0, record)]), **cube)
    return product_footprints(calculate(given_cube, factors), {A: units}, given_cube.made)[A]

"""
iLEAP's footprints between version 2 and 3: figures beside an iLEAP extension are totals in both, mass is iLEAP's.

Source of the documents: examples that the schemas of sine-fdn/impact-protocols @ c8bce89 (MIT) and PACT 2.3 accept.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.pact.footprint import taken
from ledger.pact.version2 import from_version2, to_version2

EXAMPLES = Path(__file__).parent.parent / "vectors" / "ileap" / "examples"
FIGURES = (
    "declaredUnit", "unitaryProductAmount", "productMassPerDeclaredUnit", "pCfExcludingBiogenic", "fossilGhgEmissions",
    "fossilCarbonContent", "biogenicCarbonContent", "packagingEmissionsIncluded", "crossSectoralStandards",
)  # fmt: skip


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"pcf-{name}.json").read_text())
    return found


@pytest.mark.parametrize(
    ("name", "kg", "amount", "mass"),
    [
        ("shipment-footprint", "769.74", "13300", "0"),
        ("toc", "0.083", "1", "0"),
        ("toc-rail", "0.009", "1", "0"),
        ("hoc", "1.2", "1000", "1000"),
    ],
)
def test_totals_stay_totals_there_and_back(name: str, kg: str, amount: str, mass: str) -> None:
    """A shipment's 769.74 kg stay 769.74 kg; divided by its 13,300 t km they would be another shipment's."""
    sent = example(name)
    three = taken(from_version2(sent))
    carbon = three["pcf"]
    assert (carbon["pcfExcludingBiogenicUptake"], carbon["declaredUnitAmount"]) == (kg, amount)
    assert carbon["productMassPerDeclaredUnit"] == mass
    back = to_version2(three, deprecated_at=None)
    assert {one: back["pcf"].get(one) for one in FIGURES} == {one: sent["pcf"].get(one) for one in FIGURES}
    assert back["productCategoryCpc"] == sent["productCategoryCpc"]
    assert back["extensions"] == sent["extensions"]


def test_without_the_extension_the_same_figures_are_per_unit() -> None:
    """The same document of any other kind says 769.74 kg of each of 13,300 t km."""
    plain = example("shipment-footprint")
    plain["extensions"] = [{"specVersion": "2.0.0", "dataSchema": "https://example.org/x.json", "data": {"tces": []}}]
    three = taken(from_version2(plain))
    assert three["pcf"]["pcfExcludingBiogenicUptake"] == "10237542.00"
    three["pcf"]["crossSectoralStandards"] = ["PACT-3.0"]
    assert to_version2(three, deprecated_at=None)["pcf"]["pCfExcludingBiogenic"] == "769.74"


def test_the_mass_of_one_declared_unit_is_stated_in_version_2() -> None:
    """12 kg of 12 l are 1 kg a litre; a third has no end and is left out."""
    from tests.pact.partner import footprint

    for unit, mass, stated in (("liter", "12", "1"), ("liter", "9", "0.75"), ("kilowatt hour", "0", "0")):
        made = footprint(1, declaredUnitOfMeasurement=unit, productMassPerDeclaredUnit=mass)
        assert to_version2(made, deprecated_at=None)["pcf"]["productMassPerDeclaredUnit"] == stated
    made = footprint(1, declaredUnitAmount="3", productMassPerDeclaredUnit="1")
    assert "productMassPerDeclaredUnit" not in to_version2(made, deprecated_at=None)["pcf"]

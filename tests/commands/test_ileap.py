"""`ledger ileap`: activity data from a file become legs with a figure; again nothing; without their energy, refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from tests.builders import PRODUCT

TAD: dict[str, Any] = {
    "activityId": "act-1",
    "arrivalAt": "2026-03-02T11:40:00Z",
    "consignmentIds": ["CON-1"],
    "departureAt": "2026-03-02T05:10:00Z",
    "destination": {"city": "Nanjing", "country": "CN"},
    "distance": {"sfd": "411"},
    "emptyDistanceFactor": "0.17",
    "energyCarriers": [
        {
            "emissionFactorTTW": "0",
            "emissionFactorWTW": "0.6",
            "energyCarrier": "Electric",
            "energyConsumption": "0.05",
            "energyConsumptionUnit": "kWh",
            "relativeShare": "1",
        }
    ],
    "mass": "20000",
    "mode": "Road",
    "origin": {"city": "Wuhan", "country": "CN"},
}


def test_a_file_is_taken_once_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tad.json"
    file.write_text(json.dumps({"data": [TAD, TAD | {"activityId": "act-2", "mass": None}]}))

    def run(*words: str) -> tuple[int, Any]:
        status = main(["--home", str(tmp_path / "home"), "--json", "ileap", *words])
        return status, json.loads(capsys.readouterr().out)

    terms = ("--partner", "carrier-1", "--product", PRODUCT, "--quantity", "3", "--region", "江苏")
    status, said = run("take", str(file), *terms, "--preview")
    assert (status, said) == (1, {"ready": ["/0"], "faults": ["ileap.activity"]})
    status, said = run("take", str(file), *terms)
    assert (status, said["fresh"], said["already"]) == (1, 3, 0)
    assert [fault["pointer"] for fault in said["faults"]] == ["/1/mass"]
    assert run("take", str(file), *terms)[1]["already"] == 3
    status, said = run("shipments")
    (shipment,) = said["data"]
    (tce,) = shipment["tces"]
    assert (status, tce["transportActivity"], tce["mass"]) == (0, "8220", "20000")
    assert [tad["activityId"] for tad in run("tad")[1]["data"]] == ["tad:carrier-1:act-1:leg"]

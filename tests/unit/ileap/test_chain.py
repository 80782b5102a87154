"""Examples that the published schemas accept, read and written without loss; chains with each fault, found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import LedgerError
from ledger.ileap.activity import Tad
from ledger.ileap.category import Hoc, Toc
from ledger.ileap.chain import check_chain, check_total, in_order
from ledger.ileap.reading import read, written
from ledger.ileap.shipment import ShipmentFootprint

VECTORS = Path("tests/vectors/ileap/examples")


def example(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


FORMS: dict[str, type] = {
    "hoc": Hoc,
    "shipment-footprint": ShipmentFootprint,
    "tad": Tad,
    "toc": Toc,
    "toc-rail": Toc,
}


@pytest.mark.parametrize("name", FORMS)
def test_examples_keep_every_field_and_every_digit(name: str) -> None:
    value = example(name)
    assert written(read(value, FORMS[name])) == value


def categories() -> tuple[dict[str, Toc], dict[str, Hoc]]:
    tocs = [read(example(name), Toc) for name in ("toc", "toc-rail")]
    hoc = read(example("hoc"), Hoc)
    return {toc.toc_id: toc for toc in tocs}, {hoc.hoc_id: hoc}


def faults_of(change: Callable[[dict[str, Any]], object]) -> list[tuple[str, str | None]]:
    """Codes and places of what is wrong with the example after a change."""
    value = example("shipment-footprint")
    change(value)
    found = check_chain(read(value, ShipmentFootprint), *categories())
    return [(fault.code, fault.place.pointer if fault.place else None) for fault in found]


def test_the_example_holds_and_adds_up_to_the_figure_worked_by_hand() -> None:
    shipment = read(example("shipment-footprint"), ShipmentFootprint)
    assert list(check_chain(shipment, *categories())) == []
    assert list(check_total(shipment, "769.74")) == []
    assert [fault.code for fault in check_total(shipment, "769.75")] == ["ileap.figure"]
    ordered = in_order(shipment)
    assert ordered is not None
    assert [tce.tce_id for tce in ordered] == ["tce-1", "tce-2", "tce-3"]


CHAIN_FAULTS: list[tuple[Callable[[dict[str, Any]], object], tuple[str, str]]] = [
    (lambda s: s["tces"][0].update(prevTceIds=["tce-3"]), ("ileap.chain", "/tces")),
    (lambda s: s["tces"][0].update(prevTceIds=["tce-9"]), ("ileap.chain", "/tces/0/prevTceIds/0")),
    (lambda s: s["tces"][2].update(tceId="tce-1"), ("ileap.chain", "/tces/2/tceId")),
    (lambda s: s["tces"].append(s["tces"][0] | {"tceId": "again"}), ("ileap.chain", "/tces/3")),
    (lambda s: s["tces"][0].update(tocId="other"), ("ileap.category-missing", "/tces/0/tocId")),
    (lambda s: s["tces"][1].update(hocId="other"), ("ileap.category-missing", "/tces/1/hocId")),
    (lambda s: s["tces"][0].update(co2eWTW="707"), ("ileap.figure", "/tces/0/co2eWTW")),
    (lambda s: s["tces"][1].update(co2eTTW="14"), ("ileap.figure", "/tces/1/co2eTTW")),
    (lambda s: s["tces"][0].update(transportActivity="8.46"), ("ileap.figure", "/tces/0/transportActivity")),
    (lambda s: s["tces"][2].update(mass="19000"), ("ileap.figure", "/tces/2/mass")),
    (lambda s: s["tces"][0].update(mass="20001"), ("ileap.figure", "/tces/0/mass")),
]


@pytest.mark.parametrize(("change", "fault"), CHAIN_FAULTS)
def test_every_fault_of_a_chain_is_found_at_its_place(
    change: Callable[[dict[str, Any]], object], fault: tuple[str, str]
) -> None:
    assert fault in faults_of(change)


BARE = {"energyCarrier": "Diesel", "relativeShare": "1"}
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("tad", {"distance": {}}, "/distance"),
    ("tad", {"mass": "8,42769"}, "/mass"),
    ("tad", {"mass": 20000}, "/mass"),
    ("tad", {"consignmentIds": []}, "/consignmentIds"),
    ("tad", {"activityId": ""}, "/activityId"),
    ("tad", {"mode": "road"}, "/mode"),
    ("tad", {"arrivalAt": "2026-03-01T00:00:00Z"}, "/arrivalAt"),
    ("tad", {"origin": {"city": "Stuttgart", "country": "Germany"}}, "/origin/country"),
    ("tad", {"origin": {"city": "Stuttgart", "country": "DE", "lat": "48.7"}}, "/origin/lat"),
    ("tad", {"loadFactor": "0"}, "/loadFactor"),
    ("tad", {"emptyDistanceFactor": "1"}, "/emptyDistanceFactor"),
    ("toc", {"energyCarriers": []}, "/energyCarriers"),
    ("toc", {"energyCarriers": [BARE]}, "/energyCarriers/0/emissionFactorWTW"),
    ("hoc", {"hubType": "transshipment"}, "/hubType"),
    ("shipment-footprint", {"tces": []}, "/tces"),
    ("shipment-footprint", {"shipmentId": "other"}, "/tces/0/shipmentId"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "at"), BAD)
def test_what_the_specification_forbids_is_refused_at_its_place(name: str, change: dict[str, Any], at: str) -> None:
    with pytest.raises(LedgerError) as caught:
        read(example(name) | change, FORMS[name])
    assert caught.value.place is not None
    assert caught.value.place.pointer == at


def test_null_says_what_leaving_out_says() -> None:
    value = example("tad")
    assert written(read(value | {"temperatureControl": None}, Tad)) == {
        name: item for name, item in value.items() if name != "temperatureControl"
    }

"""Packaging over HTTP: lists and rules handed in, the share by what was shipped, two lists compared, returns by
scans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from ledger.packaging.example import example_packaging_rules
from tests.api.direct import Direct
from tests.api.house import SUPPLIER, House, event, served
from tests.builders import PRODUCT, captured, leg

OTHER_PRODUCT = "https://id.gs1.org/01/09521141000014"
CRATE = "https://id.gs1.org/8003/09506000134352"
BOARD, PLASTIC = "DEFRA25-19_506_5156_15_1", "DEFRA25-19_505_5124_15_1"
LORRY = "DEFRA25-27_304_3128_14_1"
BOX: dict[str, Any] = {
    "factor": BOARD,
    "level": "primary",
    "mass_kg": "0.5",
    "material": "board",
    "name": "彩盒",
    "recyclable": True,
    "recycled_pct": "0",
    "size": [400, 300, 200],
}
TUB: dict[str, Any] = BOX | {"cycles": 50, "factor": PLASTIC, "material": "pp", "name": "周转箱", "returnable": CRATE}
LIST: dict[str, Any] = {
    "amounts": "measured",
    "components": [BOX],
    "id": "packaging:1",
    "kind": "packaging_bill",
    "name": "路由器",
    "occurred_at": "2026-01-01T08:00:00Z",
    "product": PRODUCT,
    "size": [300, 200, 100],
    "source": "称重单",
    "supplier": SUPPLIER,
    "valid_from": "2026-01-01",
    "valid_to": "2026-06-30",
    "version": 1,
}
FOAM = BOX | {"level": "part", "mass_kg": "0.5", "material": "ps", "name": "泡沫", "recyclable": False}
LATER = LIST | {"components": [TUB], "id": "packaging:2", "valid_from": "2026-07-01", "valid_to": "2099-12-31"}
ANOTHERS = LIST | {"components": [BOX, FOAM], "id": "packaging:3", "product": OTHER_PRODUCT, "supplier": "org-b"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two lists of a product, one of another supplier's; nine pieces of one shipped, one of the other."""
    with served(tmp_path_factory.mktemp("home")) as house:
        rows = [LIST, LATER, ANOTHERS, msgspec.to_builtins(example_packaging_rules())]
        with Direct(house, "owner") as owner:
            answer = owner.request("POST", "/api/v1/records", rows).json()
            assert not any("problem" in row for row in answer["rows"]), answer
        moved = [leg(), leg("leg-2", product=OTHER_PRODUCT, consignment="waybill-2")]
        captured(house.ledger, [msgspec.structs.replace(moved[0], quantity=9), moved[1]])
        house.settled()
        yield house


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[Direct]:
    """The house's own."""
    with Direct(house, "owner") as asking:
        yield asking


@pytest.fixture(scope="module")
def supplier(house: House) -> Iterator[Direct]:
    """The supplier of two of the lists."""
    with Direct(house, "supplier") as asking:
        yield asking


def test_a_list_stands_by_the_rules_in_force(owner: Direct) -> None:
    """Each condition with what was found, exact; by code, page by page."""
    page = owner.get("/api/v1/packaging?limit=1").json()
    (one,) = page["products"]
    assert (one["product"], one["green"], one["moved_kg"], one["packed_mm3"]) == (PRODUCT, True, "0.5", "24000000")
    assert one["volume_ratio"] == "4"
    (other,) = owner.get(f"/api/v1/packaging?after={page['next_after']}").json()["products"]
    assert (other["product"], other["green"]) == (OTHER_PRODUCT, False)
    assert {c["kind"] for c in other["conditions"] if not c["holds"]} >= {"recyclable", "without"}


def test_the_share_is_of_what_was_shipped(owner: Direct) -> None:
    """Nine of ten pieces, above 80 %; 4.5 of 5.5 kg."""
    found = owner.get("/api/v1/packaging/share?first=2026-01&last=2026-01").json()
    share = found["share"]
    assert (share["weighed_by"], share["by_count"], share["by_mass"]) == ("shipments", "0.9", "9/11")
    assert (found["counted_by"], found["target_pct"], found["reached"]) == ("pieces", "80", True)


def test_a_supplier_sees_and_states_its_own(supplier: Direct) -> None:
    """Another's list is as absent as none, and rules are the house's."""
    assert [one["product"] for one in supplier.get("/api/v1/packaging").json()["products"]] == [PRODUCT]
    assert supplier.get(f"/api/v1/packaging/returns?product={OTHER_PRODUCT}").status_code == 404
    assert supplier.get("/api/v1/packaging/between?before=packaging:1&after=packaging:3").status_code == 404
    rows = [LIST | {"id": "packaging:4", "supplier": "org-b"}, msgspec.to_builtins(example_packaging_rules())]
    answer = supplier.request("POST", "/api/v1/records", rows).json()["rows"]
    assert answer[0]["problem"]["code"] == "programme.other-organisation"
    assert answer[1]["problem"]["status"] == 403


def test_stated_cycles_count_only_as_far_as_scans_show_when_asked(house: House, owner: Direct) -> None:
    """A crate is out twice and back once: fifty cycles are recorded and not confirmed by scans."""
    code, home = f"{CRATE}7", "urn:epc:id:sgln:9506000.00000.0"
    stamps = (
        ("shipping", home),
        ("receiving", "urn:epc:id:sgln:9506000.00001.0"),
        ("receiving", home),
        ("shipping", home),
    )
    scans = [
        event(
            f"urn:uuid:crate-{number}",
            bizStep=step,
            epcList=[code],
            eventTime=f"2026-07-0{number + 1}T08:00:00Z",
            readPoint={"id": place},
        )
        for number, (step, place) in enumerate(stamps)
    ]
    for one in scans:
        assert owner.request("POST", "/events", one).status_code < 300
    house.settled()
    (crate,) = owner.get(f"/api/v1/packaging/returns?product={PRODUCT}").json()["components"]
    assert (crate["assets"], crate["out"], crate["back"], crate["rate"]) == (1, 2, 1, "0.5")
    assert (crate["stated_cycles"], crate["cycles"], crate["confirmed"]) == (50, "2", False)
    asked = "/api/v1/packaging/between?before=packaging:1&after=packaging:2&pieces=100"
    stated, shown = (owner.get(f"{asked}&by_scans={word}").json() for word in ("false", "true"))
    assert (stated["used_kg"], shown["used_kg"]) == ("49", "25"), "0.5 less 0.5 / 50, and less 0.5 / 2"
    assert stated["volume_kg_co2e"] is None, "without a way nothing is said of volume"


def test_pages_show_what_the_interface_states(owner: Direct, supplier: Direct) -> None:
    """The share, a product before and after, and nothing of another's."""
    shown = owner.get("/packaging?first=2026-01&last=2026-01").text
    assert all(text in shown for text in ("90.0 %", "81.8 %", "路由器"))
    way = f"factor={LORRY}&load_kg=10000&hold_m3=80&fill=0.8&km=500"
    one = owner.get(f"/packaging/of/{quote(PRODUCT, safe='')}?before=packaging:1&after=packaging:2&pieces=100&{way}")
    assert (one.status_code, "49.00 kg" in one.text) == (200, True)
    assert OTHER_PRODUCT not in supplier.get("/packaging").text
    assert supplier.get(f"/packaging/of/{quote(OTHER_PRODUCT, safe='')}").status_code == 404


def test_a_house_without_packaging_is_told_how_to_begin(house: House) -> None:
    """No share of nothing, and a way to the first list."""
    with Direct(house, "other") as other:
        shown = other.get("/packaging").text
        assert other.get("/intake/template/packaging_bill?as=xlsx&lang=en").content[:2] == b"PK"
    assert "/intake/template/packaging_bill?as=xlsx" in shown
    assert 'id="share"' not in shown


def test_an_edition_of_ones_own_is_published_by_the_form(house: House) -> None:
    """Filled with the last one; at the field what it may not say; twice it is not the next one any more."""
    form = {"after": "1", "basis": "Q/HOUSE 1", "counted_by": "mass", "target_pct": "85", "valid_from": "2098-01-01"}
    form |= {
        "kind_0": "without",
        "need_0": "all",
        "material_0": "ps",
        "kind_1": "layers",
        "need_1": "all",
        "value_1": "2",
    }
    with house.client("owner") as client:
        assert 'value="80"' in client.get("/packaging/rules").text
        for wrong in (
            {"target_pct": "many"},
            {"valid_from": "soon"},
            {"kind_0": "gold"},
            {"counted_by": "luck"},
            {"value_1": "few"},
        ):
            assert client.post("/packaging/rules", data=form | wrong).status_code == 400
        assert client.post("/packaging/rules", data=form).status_code == 303
        assert client.post("/packaging/rules", data=form).status_code == 400
        assert 'value="85"' in client.get("/packaging/rules").text

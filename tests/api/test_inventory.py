"""The inventory over HTTP: computed, downloaded, shown; whose it is, and what a form makes of a boundary."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.api.house import PRODUCT, House, served

PAGE = {"accept": "text/html", "accept-language": "en"}
MAY = {"first": "2023-05", "last": "2023-05"}
SITE = "溧水"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own."""
    with served(tmp_path_factory.mktemp("inventory")) as house:
        yield house


def record(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "id": f"{kind}-1", "occurred_at": "2023-06-01T00:00:00+08:00", "version": 1} | fields


RECORDS = [
    record(
        "energy_use",
        carrier="electricity",
        energy_wh=1_000_000,
        period_start="2023-05-01T00:00:00+08:00",
        period_end="2023-06-01T00:00:00+08:00",
        region="江苏",
        site=SITE,
    ),
    record(
        "energy_certificate",
        id="certificate:GEC:1",
        certificate="1",
        issuer="GEC",
        generated_from="2023-05-01",
        generated_to="2023-05-31",
        mwh="0.4",
        owner="us",
        region="江苏",
        retired_for={
            "period_start": "2023-05-01",
            "period_end": "2023-05-31",
            "retired_on": "2023-06-01",
            "site": SITE,
        },
        source="green_power",
        technology="wind",
    ),
    record(
        "transport_leg",
        carrier="paid",
        consignment="c",
        destination="b",
        distance_basis="sfd",
        distance_m=500_000,
        mass_g=2_000_000,
        mode="road",
        occurred_at="2023-05-04T08:00:00+08:00",
        origin="a",
        product=PRODUCT,
        quantity=2,
        route="a-b",
        vehicle="road.hgv.artic-33t.diesel.avg",
    ),
]
BOUNDARY = {
    "company": "us",
    "approach": "operational_control",
    "valid_from": "2023-01-01",
    "sites": SITE,
    "upstream_carriers": "paid",
    "purchased": "nothing",
    "stated_at": "2023-01-05",
}


def test_before_anything_is_said_the_page_says_how_to_begin(house: House) -> None:
    """Without a boundary: an empty page with the first steps, a 404-like problem over the API, no figure."""
    with house.client("owner", **PAGE) as client:
        page = client.get("/inventory")
        assert page.status_code == 200
        assert "/records/new/inventory_boundary" in page.text
        turned = client.get("/inventory", params={"first": "2023-05", "last": "2023-04"})
        assert turned.status_code == 422
        assert '<a class="button" href="/inventory">' in turned.text, "the way back is to the page one was on"
    with house.client("owner") as client:
        answer = client.get("/api/v1/inventory", params=MAY)
        assert answer.json()["code"] == "inventory.no-boundary"
        assert client.get("/api/v1/inventory", params={"first": "x", "last": "2023-05"}).json()["code"] == (
            "inventory.period"
        )


def test_a_boundary_by_the_form_and_then_figures_everywhere(house: House) -> None:
    """Filled in as a manager does; then JSON, CSV, xlsx and the page give the same figures, to the digit."""
    with house.client("owner") as client:
        made = client.post("/records/new/inventory_boundary", data=BOUNDARY | {"act": "record"})
        assert made.status_code == 303, made.text
        assert client.post("/api/v1/records", json=RECORDS).json()["recorded"] == 3
    house.settled()
    with house.client("auditor") as client:
        found = client.get("/api/v1/inventory", params=MAY).json()
        assert found["scopes_location_based_kg"]["2"] == "582.7"
        assert found["scope_2_market_based_kg"] == "365.76"
        assert found["scopes_location_based_kg"]["3.4"] != "0"
        assert [one["code"] for one in found["missing"]] == ["inventory.end-of-life"]
        assert client.get("/inventory", params=MAY | {"as": "json"}).json() == found
        book = load_workbook(BytesIO(client.get("/inventory", params=MAY | {"as": "xlsx"}).content))
        lines = list(book.worksheets[0].iter_rows(values_only=True))
        assert [row[3] for row in lines[1:] if row[0] == "2"] == [pytest.approx(582.7)]
        text = client.get("/inventory", params=MAY | {"as": "csv"}).text
        assert "582.7" in text
        assert "365.76" in text
    with house.client("auditor", **PAGE) as client:
        page = client.get("/inventory", params=MAY).text
        assert "582.70" in page
        assert "365.76" in page
        assert "certificate:" in page
        assert "/factors/onecode-cn-2026.1/CN-2023-%E6%B1%9F%E8%8B%8F" in page
        exact = client.get("/inventory", params=MAY | {"digits": "exact"}).text
        assert "0.5827" in exact


def test_a_certificate_counts_once(house: House) -> None:
    """The same number for another site is a conflict; the first claim stands."""
    again = RECORDS[1] | {"mwh": "0.5"}
    with house.client("owner") as client:
        (row,) = client.post("/api/v1/records", json=[again]).json()["rows"]
        assert row["problem"]["code"] == "log.conflict"


def test_an_inventory_is_its_tenants(house: House) -> None:
    """Another tenant has no boundary, sees none of these figures, and states one of its own."""
    with house.client("other") as client:
        assert client.get("/api/v1/inventory", params=MAY).json()["code"] == "inventory.no-boundary"
        assert SITE not in client.get("/inventory", headers=PAGE).text
        made = client.post("/records/new/inventory_boundary", data=BOUNDARY | {"act": "record"})
        assert made.status_code == 303
    house.settled()
    with house.client("other") as client:
        found = client.get("/api/v1/inventory", params=MAY).json()
        assert (found["lines"], found["total_location_based_kg"]) == ([], "0")


@pytest.mark.parametrize("holder", ["supplier", "warehouse", "procurement"])
def test_only_the_owner_says_what_the_company_is(house: House, holder: str) -> None:
    """A boundary decides how every figure is read."""
    boundary = record("inventory_boundary", approach="equity_share", company="us", valid_from="2023-01-01")
    with house.client(holder) as client:
        answer = client.post("/api/v1/records", json=[boundary])
        assert answer.status_code == 403 or answer.json()["rows"][0]["problem"]["code"] == "access.role"

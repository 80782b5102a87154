"""Contracts over HTTP: recorded from a score sheet, computed from what arrived, seen by the two that made them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from tests.api.contracted import MONTH, sheet_entered
from tests.api.house import House, served
from tests.builders import PRODUCT

TERMS: dict[str, Any] = {
    "tender": "T-A",
    "product": PRODUCT,
    "first_month": MONTH,
    "last_month": "2026-12",
    "carbon_value": "1",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A tender that an organisation won with 80 kg a piece; three pieces of 412.75 kg by nobody's review arrived."""
    with served(tmp_path_factory.mktemp("home")) as house:
        keys, ledger, tenant = dict(house.keys), house.ledger, house.ledger.settings.tenant
        parts = (ledger.organisations, ledger.clock, ledger.random)
        for name in ("org-a", "org-b"):
            add_organisation(*parts, tenant=tenant, name=f"{name} Ltd", kind="supplier", organisation_id=name)
            terms: Any = {"tenant": tenant, "name": name, "role": "supplier", "days": 1, "organisation": name}
            keys[name] = issue_key(ledger.principals, ledger.clock, ledger.random, **terms)[1]
        sheet_entered(ledger, tenant, "T-A", "org-a Ltd")
        moment = {"occurred_at": "2026-07-05T08:00:00Z", "version": 1}
        leg = {
            "kind": "transport_leg",
            "carrier": "c",
            "origin": "a",
            "destination": "b",
            "route": "r",
            "vehicle": "road.hgv.artic-33t.diesel.avg",
            "mode": "road",
            "mass_g": 1000,
            "distance_m": 1000,
            "distance_basis": "sfd",
            "product": PRODUCT,
            "quantity": 1,
        }
        rows = [leg | moment | {"id": f"leg-{n}", "consignment": f"w-{n}"} for n in range(3)]
        stated = {
            "kind": "product_footprint",
            "id": "pcf-a",
            "name": "a",
            "supplier": "org-a",
            "product": PRODUCT,
            "boundary": "cradle_to_gate",
            "declared_unit": "piece",
            "pcf_kg_co2e": "412.75",
            "primary_data_share_pct": "50",
            "valid_from": "2026-01-01",
            "valid_to": "2027-01-01",
        }
        found = dataclasses.replace(house, keys=keys)
        with found.client("owner") as client:
            answer = client.post("/api/v1/records", json=[*rows, stated | moment]).json()
            assert not [row for row in answer["rows"] if "problem" in row], answer
        house.settled()
        yield found


def test_the_sanction_follows_from_entries(house: House) -> None:
    """Nobody reviewed the footprint: max(412.75, 100) x 1.1 = 454.025 each; 1.5 x 3 x (454.025 - 80) = 1683.1125."""
    with house.client("owner") as client:
        made = client.post("/api/v1/contracts", json=TERMS)
        assert made.status_code == 201, made.text
        view = made.json()
        assert client.post("/api/v1/contracts", json=TERMS).json()["entry"] == view["entry"]
        assert client.get(made.headers["location"]).json() == view
        assert view["contract"] in {one["contract"] for one in client.get("/api/v1/contracts").json()["contracts"]}
    assert (view["promised_kg"], view["measured_kg"], view["units"]) == ("80", "454.025", "3")
    assert (view["owed"], view["shortfall_kg"]) == ("1683.1125", "1122.075")
    assert (view["supplier"], view["months"][0]["status"]) == ("org-a", "unverified")
    assert view["ranked_again"] == ["org-a Ltd"]


def test_a_contract_is_between_two(house: House) -> None:
    """The supplier sees it, without who else bid; another has no such contract and cannot make one."""
    with house.client("owner") as client:
        name = client.post("/api/v1/contracts", json=TERMS).json()["contract"]
    with house.client("org-a") as client:
        assert client.get(f"/api/v1/contracts/{name}").json()["ranked_again"] is None
        assert client.post("/api/v1/contracts", json=TERMS).status_code == 403
        assert "org-a Ltd</li>" not in client.get(f"/contracts/{name}", headers={"accept": "text/html"}).text
    with house.client("org-b") as client:
        assert client.get(f"/api/v1/contracts/{name}").status_code == 404
        assert client.get("/api/v1/contracts").json()["contracts"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tender": "T-none"}, "scoring.contract-unfounded"),
        ({"first_month": "2026-05", "last_month": "2026-05"}, "scoring.contract-unfounded"),
        ({"sanction_factor": "0.9"}, "record.contradiction"),
        ({"last_month": "2026-06"}, "record.contradiction"),
        ({"units_per_piece": "0"}, "record.contradiction"),
    ],
)
def test_terms_that_do_not_follow_are_refused(house: House, changes: dict[str, str], code: str) -> None:
    """By name, in both languages; nothing is recorded."""
    with house.client("owner") as client:
        before = client.get("/api/v1/entries", params={"limit": 1000}).json()
        answer = client.post("/api/v1/contracts", json=TERMS | changes)
        assert (answer.status_code in {400, 422}, answer.json()["code"]) == (True, code), answer.text
        assert client.get("/api/v1/entries", params={"limit": 1000}).json()["entries"] == before["entries"]


def test_nobody_writes_a_contract_as_a_record(house: House) -> None:
    """It follows from a score sheet, and the ledger compares it with that before it records it."""
    with house.client("owner") as client:
        record = TERMS | {
            "id": "contract:x",
            "kind": "contract",
            "occurred_at": "2026-07-01T00:00:00Z",
            "sheet": "s",
            "supplier": "org-b",
            "version": 1,
        }
        (row,) = client.post("/api/v1/records", json=[record]).json()["rows"]
    assert row["problem"]["code"] == "record.made-by-ledger"

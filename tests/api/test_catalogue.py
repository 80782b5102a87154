"""The green catalogue over HTTP: rules published, products put forward, listed by what is recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from ledger.programme.example_catalogue import example_rules
from ledger.records.green_catalogue import EntryRule
from ledger.services.certificates import Become, state_step
from ledger.services.keys import issue_key
from ledger.services.pcf_requests import Party
from tests.api.house import House, served
from tests.builders import PRODUCT

MOMENT = {"occurred_at": "2026-02-01T08:00:00Z", "version": 1}
NOMINATED: dict[str, Any] = MOMENT | {
    "catalogue": "green",
    "category": "power-equipment",
    "id": "catalogue-product:a",
    "kind": "catalogue_product",
    "name": "10kV 环网柜",
    "product": PRODUCT,
    "supplier": "org-a",
}
CERTIFICATE: dict[str, Any] = MOMENT | {
    "id": "supplier-certificate:a",
    "issuer": "CQC 示例",
    "kind": "supplier_certificate",
    "number": "1",
    "scheme": "ISO 14001",
    "scope": "环网柜",
    "supplier": "org-a",
    "valid_from": "2026-01-01",
    "valid_to": "2099-12-31",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Rules that ask for one certificate, and two suppliers."""
    with served(tmp_path_factory.mktemp("home")) as house:
        keys, ledger = dict(house.keys), house.ledger
        for name in ("org-a", "org-b"):
            terms: Any = {"tenant": "demo", "name": name, "role": "supplier", "days": 1, "organisation": name}
            keys[name] = issue_key(ledger.principals, ledger.clock, ledger.random, **terms)[1]
        found = dataclasses.replace(house, keys=keys)
        rules = msgspec.structs.replace(example_rules(), rules=(EntryRule(kind="certificate", value="ISO 14001"),))
        with found.client("owner") as client:
            answer = client.post("/api/v1/records", json=[msgspec.to_builtins(rules)]).json()
            assert "problem" not in answer["rows"][0], answer
        yield found


def test_a_supplier_speaks_for_its_own_products(house: House) -> None:
    """It cannot put another's forward, nor publish rules."""
    with house.client("org-b") as client:
        (row,) = client.post("/api/v1/records", json=[NOMINATED]).json()["rows"]
        assert row["problem"]["code"] == "programme.other-organisation"
        (row,) = client.post("/api/v1/records", json=[msgspec.to_builtins(example_rules())]).json()["rows"]
        assert row["problem"]["status"] == 403


def test_it_is_listed_while_its_certificate_is_in_force(house: House) -> None:
    """Recorded is not enough: the house confirms it first. Others see what is listed and nothing before."""
    with house.client("org-a") as own, house.client("org-b") as other, house.client("owner") as buyer:
        own.post("/api/v1/records", json=[NOMINATED, CERTIFICATE])
        (one,) = own.get("/api/v1/catalogue").json()["products"]
        assert (one["listed"], one["conditions"][0]["holds"]) == (False, False)
        assert other.get("/api/v1/catalogue").json()["products"] == []
        confirmed = Become("confirmed", datetime(2026, 2, 1, tzinfo=UTC), "compared")
        state_step(house.ledger, Party("demo", "buyer"), CERTIFICATE["id"], confirmed)
        (one,) = other.get("/api/v1/catalogue").json()["products"]
        assert (one["listed"], one["conditions"][0]["until"]) == (True, "2099-12-31")
        assert buyer.get("/api/v1/catalogue?day=2026-01-15").json()["listed"] == 0
        assert buyer.get("/api/v1/catalogue?category=cable").json()["products"] == []
        page = own.get("/catalogue/catalogue-product:a", headers={"accept": "text/html"}).text
        assert "in the catalogue" in page
        assert other.get("/catalogue/catalogue-product:a").status_code == 404
        assert other.get("/catalogue?as=xlsx").content[:2] == b"PK"

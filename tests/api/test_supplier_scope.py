"""What suppliers see of each other: nothing. What they may say: their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.scope import Scope
from ledger.adapters.sql.entries import SqlEntries
from ledger.services.access import FOREVER, Principal
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from tests.api.house import PRODUCT, SUPPLIER, House, event
from tests.builders import TENANT, captured, legs, opened, pcf

RIVAL = "second-supplier"


def _row(name: str, supplier: str) -> dict[str, Any]:
    """A declared footprint of a supplier."""
    return {
        "boundary": "cradle_to_gate",
        "declared_unit": "piece",
        "id": name,
        "kind": "product_footprint",
        "name": "Cable",
        "occurred_at": "2026-05-01T08:00:00Z",
        "pcf_kg_co2e": "1.5",
        "product": PRODUCT,
        "supplier": supplier,
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "version": 1,
    }


@pytest.fixture(scope="module")
def rivals(house: House) -> dict[str, Any]:
    """A second supplier, and an entry of each, of the house about the first, and of the house about nobody."""
    ledger = house.ledger
    add_organisation(
        ledger.organisations,
        ledger.clock,
        ledger.random,
        tenant=ledger.settings.tenant,
        name="Second Supplier",
        kind="supplier",
        organisation_id=RIVAL,
    )

    def key(organisation: str) -> str:
        names = {"tenant": ledger.settings.tenant, "name": "k", "role": "supplier", "organisation": organisation}
        return issue_key(ledger.principals, ledger.clock, ledger.random, **names, days=1)[1]  # type: ignore[arg-type]

    made: dict[str, Any] = {"rival": key(RIVAL), "colleague": key(SUPPLIER)}
    with house.client("supplier") as first, _client(house, made["rival"]) as second, house.client("owner") as owner:
        made["firsts"] = _index(first, _row("pcf:first", SUPPLIER))
        made["seconds"] = _index(second, _row("pcf:second", RIVAL))
        made["about first"] = _index(owner, _row("pcf:about", SUPPLIER))
        made["house's"] = _index(owner, _row("pcf:house", "Some Name"))
        assert first.post("/events", json=event("urn:uuid:first")).status_code == 201
        assert second.post("/events", json=event("urn:uuid:second")).status_code == 201
        document = {"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [event("urn:uuid:3")]}}
        made["job"] = first.post("/capture", json=document).headers["location"]
    house.settled()
    return made


def _client(house: House, key: str) -> httpx.Client:
    return house.bearer(key)


def _index(client: httpx.Client, row: dict[str, Any]) -> int:
    (answer,) = client.post("/api/v1/records", json=[row]).json()["rows"]
    return int(answer["index"])


def test_a_supplier_sees_its_own_and_what_names_it(house: House, rivals: dict[str, Any]) -> None:
    """Entry, proof and list: its organisation's, a colleague's too, what the house said of it; nothing else."""
    seen = {"firsts": 200, "about first": 200, "seconds": 404, "house's": 404}
    for holder in (house.keys["supplier"], rivals["colleague"]):
        with _client(house, holder) as client:
            for name, status in seen.items():
                assert client.get(f"/api/v1/entries/{rivals[name]}").status_code == status, name
                proof = client.get(f"/api/v1/entries/{rivals[name]}/proof").status_code
                assert proof == status, name
                page = client.get(f"/entries/{rivals[name]}", headers={"Accept": "text/html"}).status_code
                assert page == status, name
            listed = {each["index"] for each in client.get("/api/v1/entries?limit=1000").json()["entries"]}
            assert {rivals["firsts"], rivals["about first"]} <= listed
            assert not {rivals["seconds"], rivals["house's"]} & listed
    with _client(house, rivals["rival"]) as client:
        listed = {each["index"] for each in client.get("/api/v1/entries?limit=1000").json()["entries"]}
        assert rivals["seconds"] in listed
        assert not {rivals["firsts"], rivals["about first"], rivals["house's"]} & listed


def test_few_entries_among_many_are_found_from_the_newest_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, newest first: each of the organisation's entries once, and no entry of the log read twice."""
    with opened(tmp_path) as ledger:
        captured(
            ledger, [*legs(150), pcf("pcf:1", supplier=SUPPLIER), *legs(150, 150), pcf("pcf:2", supplier=SUPPLIER)]
        )
        read: list[int] = []
        rows = SqlEntries.rows

        def counted(entries: SqlEntries, start: int, stop: int) -> Any:
            read.extend(range(start, stop))
            return rows(entries, start, stop)

        monkeypatch.setattr(SqlEntries, "rows", counted)
        who = Principal("s", TENANT, "s", "supplier", 0, FOREVER, organisation=SUPPLIER)
        scope, size = Scope(ledger, who), ledger.entries.size()
        assert [row.seq for row in scope.newest(size, 2)[0]] == [150, 301]
        assert len(read) == len(set(read)) == size
        first, before = scope.newest(size, 1)
        assert ([row.seq for row in first], before) == ([301], 301)
        second, before = scope.newest(before, 1)
        assert ([row.seq for row in second], before) == ([150], 0)
        monkeypatch.setattr("api.scope.LONGEST_SEARCH", 100)
        assert scope.newest(301, 1) == ([], 201)


def test_events_and_capture_jobs_are_its_own(house: House, rivals: dict[str, Any]) -> None:
    """Another supplier's event and capture job are absent as if they never were."""
    with house.client("supplier") as first, _client(house, rivals["rival"]) as second:
        assert first.get("/events/urn:uuid:first").status_code == 200
        assert second.get("/events/urn:uuid:first").status_code == 404
        assert first.get(rivals["job"]).status_code == 200
        assert second.get(rivals["job"]).status_code == 404
        job = rivals["job"].rpartition("/")[2]
        assert job in first.get("/capture").text
        assert job not in second.get("/capture").text


@pytest.mark.parametrize(
    "path",
    [
        "/events", "/epcs", "/queries", "/api/v1/assets", "/api/v1/asset-kpis", "/api/v1/asset-anomalies",
        f"/api/v1/products/{PRODUCT.replace('/', '%2F')}/footprint", "/api/v1/inventory", "/api/v1/runs",
        "/api/v1/targets", "/api/v1/claims", "/api/v1/tenders", "/api/v1/scans/known", "/api/v1/keys", "/products",
        "/routes", "/assets", "/labels", "/labels/jobs", "/claims", "/runs", "/readers", "/people", "/organisations",
    ],
)  # fmt: skip
def test_what_is_made_of_everyones_records_is_the_houses(house: House, rivals: dict[str, Any], path: str) -> None:
    """Whatever is answered from all of the tenant's records is refused to a supplier."""
    assert rivals
    with house.client("supplier") as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


@pytest.mark.parametrize("door", ["records", "ndjson", "form"])
def test_a_supplier_speaks_for_no_other(house: House, rivals: dict[str, Any], door: str) -> None:
    """By every door: a record that names another organisation is refused, located, and nothing of it is kept."""
    assert rivals
    row = _row(f"pcf:forged:{door}", RIVAL)
    size = house.ledger.entries.size()
    with house.client("supplier", accept_language="en") as client:
        if door == "form":
            form = {
                "declaration": row["id"], "supplier": RIVAL, "product": PRODUCT, "name": "Cable", "pcf": "1.5",
                "declared_unit": "piece", "boundary": "cradle_to_gate", "valid_from": "2026-01-01",
                "valid_to": "2026-12-31", "act": "record", "declared_at": "2026-05-01T08:00", "occurred_at":
                "2026-05-01T08:00",
            }  # fmt: skip
            answer = client.post("/records/new/product_footprint", data=form, headers={"Accept": "text/html"})
            assert "access.foreign" in answer.text or f"&#39;{RIVAL}&#39; as its supplier" in answer.text
        else:
            sent: dict[str, Any] = {"json": [row]}
            if door == "ndjson":
                sent = {"content": json.dumps(row), "headers": {"Content-Type": "application/x-ndjson"}}
            (outcome,) = client.post("/api/v1/records", **sent).json()["rows"]
            assert outcome["problem"]["code"] == "access.foreign-supplier"
    assert house.ledger.entries.size() == size


def test_the_house_speaks_for_all(house: House, rivals: dict[str, Any]) -> None:
    """Manager and warehouse may record what a supplier told them."""
    assert rivals
    with house.client("manager") as client:
        assert _index(client, _row("pcf:told", RIVAL)) >= 0


def test_a_suppliers_key_names_its_organisation(house: House) -> None:
    """Without one, or with one that is not there, no key is issued."""
    with house.client("owner") as owner:
        wanted = {"name": "k", "role": "supplier", "days": 1}
        assert owner.post("/api/v1/keys", json=wanted).status_code == 422
        assert owner.post("/api/v1/keys", json=wanted | {"organisation": "nobody"}).status_code == 404
        made = owner.post("/api/v1/keys", json=wanted | {"organisation": SUPPLIER})
        assert made.json()["details"]["organisation"] == SUPPLIER

"""The permission table against the served routes, the description, and every kind of principal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.pages.statics import STATICS
from api.permissions import GRANTS, TABLE, TOKEN_PATH, Permission
from ledger.services.access import ROLES
from tests.api.house import House, event

UNDESCRIBED = {("POST", "/login"), ("POST", "/logout"), ("GET", "/openapi.json")}
OWN_DOORS = {"/login", TOKEN_PATH}
"""Where a secret is shown, and nothing but it decides."""
HOLDERS = ("public", *(role for role in ROLES if role != "public"), "other", "expired", "revoked")


def _served(routes: list[Any]) -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _served(inner.routes)
        else:
            yield from ((method, route.path) for method in route.methods)


def test_every_served_address_has_a_row_and_every_row_is_served(house: House) -> None:
    """Served routes and permission table are the same set."""
    assert set(_served(house.app.routes)) == set(TABLE)


def test_the_description_is_the_table(house: House) -> None:
    """OpenAPI has every row but pages and sessions, and each operation names its permission."""
    with house.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    described = {
        (method.upper(), path): operation for path, found in paths.items() for method, operation in found.items()
    }
    plain = {(method, path.replace(":path}", "}")): permission for (method, path), permission in TABLE.items()}
    assert set(described) <= set(plain)
    api = {row for row in plain if row[1].startswith(("/api/", "/events", "/capture", "/01", "/8004", "/healthz"))}
    assert api <= set(described)
    assert not UNDESCRIBED & set(described)
    assert {row: operation["x-permission"] for row, operation in described.items()} == {r: plain[r] for r in described}


@pytest.fixture(scope="module")
def own(house: House) -> dict[str, str]:
    """Something of the tenant behind every path parameter."""
    with house.client("owner") as client:
        made = client.post("/events", json=event("urn:uuid:own"))
        assert made.status_code == 201
        document = {"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [event("urn:uuid:2")]}}
        captured = client.post("/capture", json=document).headers["location"].rpartition("/")[2]
        kept = client.post("/queries", json={"name": "own", "query": {"EQ_bizStep": ["shipping"]}})
        assert kept.status_code == 201
    house.settled()
    return {
        "event_id:path": "urn:uuid:own",
        "capture_id": captured,
        "index": "0",
        "size": str(house.ledger.entries.size()),
        "key_id": "nosuchkey",
        "code": "log.conflict",
        "asset_id:path": "https:%2F%2Fid.gs1.org%2F01%2F09506000134352%2F21%2Fown",
        "product_id:path": "x",
        "route_id:path": "x",
        "set_id": "onecode-cn-2026.1",
        "factor_id:path": "CN-ETS-2022",
        "tender_id:path": "x",
        "claim_id:path": "x",
        "pcf_id:path": "x",
        "request_id": "x",
        "review_id": "x",
        "run_id": "run:1:0",
        "kind": "transport_leg",
        "rest:path": "09506000134352/21/own",
        "job": "20260501-000000",
        "act": "1",
        "number": "1",
        "language": "en",
        "name": next(iter(STATICS)),
        "value:path": "shipping",
        "token": "token",
        "subscription_id": "none",
        "digest": "0" * 64,
        "code:compressed": "ARFKk4XB0CDKWcnpq",
    }


def _path(template: str, own: dict[str, str]) -> str:
    for name, value in own.items():
        template = template.replace("{" + name + "}", value)
    assert "{" not in template, template
    return template


def _allowed(permission: Permission, holder: str) -> int:
    """0 when let in, else the status of the refusal."""
    if holder in {"expired", "revoked"}:
        return 401
    role: Any = "admin" if holder in {"owner", "other"} else holder
    if role in GRANTS[permission]:
        return 0
    return 401 if holder == "public" else 403


@pytest.mark.parametrize("holder", HOLDERS)
def test_every_operation_lets_in_exactly_whom_the_table_names(house: House, own: dict[str, str], holder: str) -> None:
    """Each row tried as each principal: let in by the table, else 401 without a valid key and 403 with one."""
    with house.client(holder) as client:
        for (method, template), permission in TABLE.items():
            answer = client.request(method, _path(template, own), json={} if method == "POST" else None)
            expected = _allowed(permission, holder)
            where = f"{holder}: {method} {template} -> {answer.status_code} {answer.text[:200]}"
            assert answer.status_code < 500, where
            if template == TOKEN_PATH:
                assert answer.json()["error"] == "invalid_client", where
            elif expected:
                assert answer.status_code == expected, where
                assert answer.headers["content-type"] == "application/problem+json", where
            elif template not in OWN_DOORS:
                assert answer.status_code not in {401, 403, 405, 429}, where


@pytest.mark.parametrize(
    "path", ["/api/v1/entries/0", "/api/v1/entries/0/proof", "/events/urn:uuid:own", "/capture/{capture_id}"]
)
def test_what_is_anothers_is_absent(house: House, own: dict[str, str], path: str) -> None:
    """Another tenant's owner gets the same 404 for a foreign thing as for one that never was."""
    with house.client("owner") as client, house.client("other") as other:
        foreign = _path(path, own)
        assert client.get(foreign).status_code == 200
        absent = foreign.replace("own", "none").replace("/0", "/999").replace(own["capture_id"], "none")
        answers = [other.get(foreign), other.get(absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert _without_names(answers[0]) == _without_names(answers[1])


def _without_names(answer: httpx.Response) -> dict[str, Any]:
    return {name: part for name, part in answer.json().items() if name not in {"instance", "detail", "values"}}


def test_lists_hold_the_own_tenant_alone(house: House, own: dict[str, str]) -> None:
    """Entries, tenders, keys: nothing of another tenant is in them."""
    assert own
    with house.client("other") as other:
        assert other.get("/api/v1/entries").json() == {"entries": [], "next_after": None}
        assert other.get("/api/v1/tenders").json() == {"tenders": []}
        assert [key["name"] for key in other.get("/api/v1/keys").json()["keys"]] == ["other"]


def test_the_same_event_id_belongs_to_each_tenant(house: House, own: dict[str, str]) -> None:
    """An id taken by one tenant is free for another, and neither learns of the other."""
    assert own
    with house.client("other") as other:
        answer = other.post("/events", json=event("urn:uuid:own", bizStep="receiving"))
        assert answer.status_code == 201
        assert other.get("/events/urn:uuid:own").json()["bizStep"] == "receiving"


def test_tenders_records_are_hidden_from_those_who_scan(house: House) -> None:
    """A bid is absent for warehouse and supplier, in entry and list, and seen by procurement."""
    bid = {
        "content": {"price": "100"},
        "id": "bid:t:1",
        "kind": "bid",
        "occurred_at": "2026-05-01T08:00:00Z",
        "tender": "t",
        "version": 1,
    }
    with house.client("owner") as owner, house.client("warehouse") as scanner, house.client("procurement") as buyer:
        index = owner.post("/api/v1/records", json=[bid]).json()["rows"][0]["index"]
        assert scanner.get(f"/api/v1/entries/{index}").status_code == 404
        assert scanner.get(f"/api/v1/entries/{index}/proof").status_code == 404
        listed = {each["kind"] for each in scanner.get("/api/v1/entries?limit=1000").json()["entries"]}
        assert "bid" not in listed
        assert buyer.get(f"/api/v1/entries/{index}").json()["record"]["content"] == {"price": "100"}
        refused = scanner.post("/api/v1/records", json=[bid | {"id": "bid:t:2"}]).json()
        assert refused["rows"][0]["problem"]["code"] == "access.role"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_nothing_recorded_is_changed_or_deleted(house: House, method: str) -> None:
    """Entries and events offer no method that changes them, for anyone."""
    with house.client("owner") as client:
        for path in ("/api/v1/entries/0", "/events/urn:uuid:own", "/api/v1/checkpoints/latest"):
            answer = client.request(method, path)
            assert answer.status_code == 405
            assert answer.json()["code"] == "request.method"

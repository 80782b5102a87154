"""The permission table against the served routes, the description, and every kind of principal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from api.operations import TABLE, TOKEN_PATH
from api.permissions import GRANTS, Permission
from ledger.services.access import ROLES
from tests.api.direct import Direct
from tests.api.house import OTHER, House, event
from tests.api.owned import SUPPLIERS, WORDS, Owned, furnish, words_in

ILEAP_PATH = "/2/ileap/tad"
"""The specification words its refusals: 403 for every token but an expired one."""
UNDESCRIBED = {("POST", "/login"), ("POST", "/logout"), ("GET", "/openapi.json")}
OWN_DOORS = {"/login", TOKEN_PATH}
"""Where a secret is shown, and nothing but it decides."""
HOUSEHOLD = {"demo", *SUPPLIERS.values()}
VISIBLE: dict[str, set[str]] = {
    "public": set(),
    "expired": set(),
    "revoked": set(),
    "other": {OTHER},
    "supplier": set(),
    "supplier of a": {"org-a"},
}
"""Whose things may be in an answer to whom: a supplier has its own; the house's roles see all of the house's."""
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
def owned(house: House) -> dict[str, Owned]:
    """Things of two tenants, and of two suppliers of the first."""
    return furnish(house)


@pytest.fixture(scope="module")
def own(owned: dict[str, Owned]) -> dict[str, str]:
    """Something of the tenant behind every path parameter."""
    return owned["demo"].values


def _allowed(permission: Permission, holder: str) -> int:
    """0 when let in, else the status of the refusal."""
    if holder in {"expired", "revoked"}:
        return 401
    role: Any = {"owner": "admin", "other": "admin"}.get(holder, "supplier" if holder in SUPPLIERS else holder)
    if role in GRANTS[permission]:
        return 0
    return 401 if holder == "public" else 403


@pytest.mark.parametrize("holder", [*HOLDERS, "supplier of a"])
def test_every_operation_lets_in_exactly_whom_the_table_names(
    house: House, owned: dict[str, Owned], holder: str
) -> None:
    """
    Each row tried as each principal: let in by the table, else 401 without a valid key and 403 with one.

    Whoever asks, nothing of another tenant is in the answer, and nothing of any tenant for who is none's.
    """
    hidden = set(WORDS) - VISIBLE.get(holder, HOUSEHOLD)
    demo = owned["demo"]
    gone = Owned(demo.owner, {name: _absent(text, WORDS["demo"]) for name, text in demo.values.items()})
    with Direct(house, holder) as client:
        for (method, template), permission in TABLE.items():
            path = (gone if method == "DELETE" else demo).path(template)  # what is there stays for the other tests
            answer = client.request(method, path, json={} if method == "POST" else None)
            expected = _allowed(permission, holder)
            where = f"{holder}: {method} {path} -> {answer.status_code} {answer.text[:200]}"
            assert answer.status_code < 500, where
            if template == TOKEN_PATH:
                assert answer.json()["error"] == "invalid_client", where
            elif expected and template == ILEAP_PATH:
                assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied"), where
            elif expected:
                assert answer.status_code == expected, where
                kind = "application/json" if template.startswith(("/2/", "/3/")) else "application/problem+json"
                assert answer.headers["content-type"] == kind, where
            elif template not in OWN_DOORS:
                assert answer.status_code not in {401, 403, 405, 429}, where
            if not _aimed_at(template):
                assert not words_in(answer) & hidden, where


AIMS = {
    "another tenant's, by the owner": ("owner", OTHER),
    "another tenant's, by its owner": ("other", "demo"),
    "another tenant's, by a supplier": ("supplier of a", OTHER),
    "another organisation's, by a supplier": ("supplier of a", "org-b"),
}


@pytest.mark.parametrize("aim", AIMS)
def test_what_is_anothers_cannot_be_told_from_what_never_was(house: House, owned: dict[str, Owned], aim: str) -> None:
    """Every row with a path parameter, aimed at another's thing and at nothing: one status, and one answer."""
    holder, owner = AIMS[aim]
    word = WORDS[owner]
    opaque = owned[owner].opaque
    nothing = {
        name: _another(text) if name in opaque else _absent(text, word) for name, text in owned[owner].values.items()
    }
    before = _standing(house, owned[owner])
    assert set(before) == {200}, "it is all there"
    with Direct(house, holder) as client:
        for (method, template), permission in TABLE.items():
            if not _aimed_at(template) or permission == "public":
                continue
            paths = (owned[owner].path(template), Owned(owner, nothing).path(template))
            body = {} if method == "POST" else None
            foreign, absent = (client.request(method, path, json=body) for path in paths)
            where = f"{holder}: {method} {paths[0]} -> {foreign.status_code} {foreign.text[:300]}"
            assert foreign.status_code == absent.status_code, f"{where}\n{paths[1]} -> {absent.status_code}"
            shown = [_plain(answer, path) for answer, path in zip((foreign, absent), paths, strict=True)]
            assert word not in shown[0], where
    assert _standing(house, owned[owner]) == before, "and nothing was done to it"


def _standing(house: House, owned: Owned) -> list[int]:
    """Which of its things an owner finds."""
    rows = ["/events/{event_id:path}", "/api/v1/entries/{index}", "/api/v1/claims/{claim_id:path}", "/queries/{name}"]
    holder = {OTHER: "other", "demo": "owner"}.get(owned.owner, "")
    if not holder:
        holder = next(name for name, organisation in SUPPLIERS.items() if organisation == owned.owner)
        rows = ["/api/v1/uploads/{upload_id}", "/intake/{job}", "/api/v1/evidence/{evidence_id}/content"]
        rows += ["/api/v1/pcf/requests/{request_id}", "/desk/requests/{request_id}", "/api/v1/entries/{index}"]
        rows += ["/certificates/{certificate_id:path}", "/assessments/{assessment_id}"]
    with Direct(house, holder) as client:
        return [client.get(owned.path(row)).status_code for row in rows]


def _aimed_at(template: str) -> bool:
    return "{" in template


def _absent(value: str, word: str) -> str:
    """A value like it that leads nowhere."""
    return value.replace(word, "nowhere" + word[7:]) if word in value else ("99999" if value.isdigit() else value)


def _another(text: str) -> str:
    """An id of the same form that nothing has."""
    head, mark, tail = text.rpartition(":")
    return head + mark + tail.translate(str.maketrans("0123456789abcdef", "1032547698badcfe"))


def _plain(answer: httpx.Response, path: str) -> str:
    """An answer without the address that was asked for, which some pages and problems say back."""
    text = unquote(answer.text)
    said = [part for part in unquote(path).split("/") if part]
    if answer.status_code >= 400:
        for part in sorted(said, key=len, reverse=True):
            text = text.replace(part, "")
    return text


def test_lists_hold_the_own_tenant_alone(house: House, owned: dict[str, Owned]) -> None:
    """Every row without a parameter, as another tenant: its own things are there, and nobody else's."""
    assert owned
    seen: set[str] = set()
    with Direct(house, "other") as other:
        for method, template in TABLE:
            if method == "GET" and not _aimed_at(template):
                seen |= words_in(other.get(template))
        assert [key["name"] for key in other.get("/api/v1/keys").json()["keys"]] == ["other"]
    assert seen == {OTHER}


def test_the_same_event_id_belongs_to_each_tenant(house: House) -> None:
    """An id taken by one tenant is free for another, and neither learns of the other."""
    name = "urn:uuid:of-both"
    for holder, step in (("owner", "shipping"), ("other", "receiving")):
        with house.client(holder) as client:
            assert client.post("/events", json=event(name, bizStep=step)).status_code == 201
    for holder, step in (("owner", "shipping"), ("other", "receiving")):
        with house.client(holder) as client:
            assert client.get(f"/events/{name}").json()["bizStep"] == step


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
        for path in ("/api/v1/entries/0", "/events/urn:uuid:wordofdemo", "/api/v1/checkpoints/latest"):
            answer = client.request(method, path)
            assert answer.status_code == 405
            assert answer.json()["code"] == "request.method"

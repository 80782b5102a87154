"""Keys and tokens narrowed to some of their role's permissions, and keys that take the place of others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.house import TLS, House, event

READER = {"name": "reader", "role": "warehouse", "days": 30, "scope": ["entries.read", "assets.read"]}


def _made(house: House, wanted: dict[str, Any] = READER, holder: str = "owner") -> dict[str, Any]:
    with house.client(holder) as owner:
        answer = owner.post("/api/v1/keys", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _client(house: House, key: str) -> httpx.Client:
    return house.bearer(key)


def _token(house: House, key: str, scope: str = "") -> httpx.Response:
    _, client, secret = key.split("_", 2)
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    return httpx.post(f"{house.url}/auth/token", auth=(client, secret), data=form, verify=TLS)


def test_a_narrowed_key_does_what_its_scope_says_and_no_more(house: House) -> None:
    """Reads are let in; what the role has and the scope has not is 403 access.scope, on the hot path too."""
    made = _made(house)
    assert made["details"]["scope"] == ["assets.read", "entries.read"]
    with _client(house, made["key"]) as machine:
        assert machine.get("/api/v1/entries").status_code == 200
        for _ in range(2):  # the second time the key is remembered
            refused = machine.post("/events", json=event("urn:uuid:narrow"))
            assert (refused.status_code, refused.json()["code"]) == (403, "access.scope")
        records = machine.post("/api/v1/records", json=[{}])
        assert (records.status_code, records.json()["code"]) == (403, "access.scope")
        assert machine.get("/api/v1/keys").json()["code"] == "access.role"
        assert machine.get("/healthz").status_code == 200


@pytest.mark.parametrize("scope", [["keys.manage"], ["public"], ["nothing"], ["entries.read", "prices.read"]])
def test_a_scope_is_part_of_the_role(house: House, scope: list[str]) -> None:
    """A permission that the role has not, or that is none, is refused when the key is asked for."""
    with house.client("owner") as owner:
        answer = owner.post("/api/v1/keys", json=READER | {"scope": scope})
    assert (answer.status_code, answer.json()["code"]) == (422, "access.key-terms")


def test_a_narrowed_administrator_hands_out_no_more_than_it_has(house: House) -> None:
    """Else a key for keys alone would be a key for everything."""
    made = _made(house, READER | {"role": "admin", "scope": ["keys.manage", "entries.read"]})
    with _client(house, made["key"]) as narrow:
        for wanted in ({"role": "admin", "scope": []}, {"role": "admin", "scope": ["prices.read"]}, {"scope": []}):
            answer = narrow.post("/api/v1/keys", json=READER | wanted)
            assert (answer.status_code, answer.json()["code"]) == (422, "access.key-terms")
        assert narrow.post("/api/v1/keys", json=READER | {"scope": ["entries.read"]}).status_code == 201
        full = _made(house, {"name": "full", "role": "procurement"})["details"]["id"]
        assert narrow.post(f"/api/v1/keys/{full}/successor").status_code == 422


def test_what_a_page_offers_is_what_the_scope_lets_in(house: House) -> None:
    """A key that may read organisations and not enter them is shown no form."""
    shown = []
    for scope in (["organisations.read"], ["organisations.read", "organisations.write"]):
        with _client(house, _made(house, READER | {"role": "admin", "scope": scope})["key"]) as machine:
            shown.append(
                'action="/organisations"' in machine.get("/organisations", headers={"Accept": "text/html"}).text
            )
    assert shown == [False, True]


def test_a_token_can_be_narrowed_further_and_never_widened(house: House) -> None:
    """RFC 6749, 3.3 and 5.1: the scope given is said; what the client has not is invalid_scope."""
    made = _made(house)
    whole, part = _token(house, made["key"]).json(), _token(house, made["key"], "entries.read").json()
    assert (whole["scope"], part["scope"]) == ("assets.read entries.read", "entries.read")
    with _client(house, part["access_token"]) as machine:
        assert machine.get("/api/v1/entries").status_code == 200
        assert machine.get("/api/v1/assets").json()["code"] == "access.scope"
    for scope in ("capture", "keys.manage", "entries.read openid", "public"):
        refused = _token(house, made["key"], scope)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_a_successor_has_the_same_terms_and_the_old_key_a_day(house: House) -> None:
    """The new key works at once; the old one works beside it and ends a day later, not in 30."""
    made = _made(house)
    with house.client("owner") as owner, house.client("other") as other:
        path = f"/api/v1/keys/{made['details']['id']}/successor"
        assert other.post(path).status_code == 404
        answer = owner.post(path)
        assert answer.status_code == 201
        fresh = answer.json()
        same = ("name", "role", "scope", "revoked")
        assert [fresh["details"][name] for name in same] == [made["details"][name] for name in same]
        kept = {key["id"]: key for key in owner.get("/api/v1/keys").json()["keys"]}
        ends = datetime.fromisoformat(kept[made["details"]["id"]]["expires_at"])
        begins = datetime.fromisoformat(fresh["details"]["created_at"])
        assert ends - begins == timedelta(days=1)
        for key in (made["key"], fresh["key"]):
            with _client(house, key) as machine:
                assert machine.get("/api/v1/entries").status_code == 200
        assert owner.delete(f"/api/v1/keys/{made['details']['id']}").status_code == 204
        assert owner.post(path).status_code == 404
        assert owner.post("/api/v1/keys/owner/successor").status_code == 404

"""Keys and browser sessions: signing in, form tokens, ends, limits, and silence about secrets."""

from __future__ import annotations

import logging
import re
import stat
from pathlib import Path

import httpx
import pytest

from api.deps import FORM_TOKEN_HEADER
from ledger.services.keys import renew_owner
from tests.api.house import TLS, House, event, served

NEW_KEY = {"name": "gate 1", "role": "warehouse", "days": 30}


def _sign_in(house: House, client: httpx.Client, **fields: str) -> httpx.Response:
    return client.post("/login", data={"key": house.keys["owner"], **fields})


def _token(house: House, client: httpx.Client) -> str:
    sessions = house.app.state.runtime.sessions
    return str(sessions.read(client.cookies[sessions.cookie_name]).form_token)


def test_signing_in_opens_a_session(house: House) -> None:
    """303 to the asked page with a cookie that scripts cannot read; then the owner's things are seen."""
    with house.client() as client:
        answer = _sign_in(house, client, next="/entries?after=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/entries?after=1")
        cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert client.get("/api/v1/entries").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\r\nX: 1", "evil"],
)
def test_signing_in_leads_nowhere_else(house: House, address: str) -> None:
    """Whatever is not a plain path of this server becomes the first page."""
    with house.client() as client:
        assert _sign_in(house, client, next=address).headers["location"] == "/"


def test_another_sites_form_cannot_sign_a_visitor_in(house: House) -> None:
    """A foreign Origin is refused, the own one is not."""
    with house.client() as client:
        foreign = client.post("/login", data={"key": house.keys["owner"]}, headers={"Origin": "http://evil.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "access.form-token")
        own = client.post("/login", data={"key": house.keys["owner"]}, headers={"Origin": house.url})
        assert own.status_code == 303


def test_a_session_changes_nothing_without_its_form_token(house: House) -> None:
    """An unsafe method needs the token in header or form field; another session's token does not do."""
    with house.client() as client, house.client() as second:
        _sign_in(house, client)
        _sign_in(house, second)
        for headers in ({}, {FORM_TOKEN_HEADER: "0" * 64}, {FORM_TOKEN_HEADER: _token(house, second)}):
            refused = client.post("/api/v1/keys", json=NEW_KEY, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "access.form-token")
            assert client.post("/events", json=event("urn:uuid:csrf"), headers=headers).status_code == 403
        mine = {FORM_TOKEN_HEADER: _token(house, client)}
        assert client.post("/api/v1/keys", json=NEW_KEY, headers=mine).status_code == 201
        assert client.post("/events", json=event("urn:uuid:csrf"), headers=mine).status_code == 201
        assert client.post("/logout", data={"csrf_token": _token(house, client)}).status_code == 303


def test_leaving_ends_the_session_at_once(house: House) -> None:
    """The cookie is taken back, and a copy of it no longer opens anything."""
    with house.client() as client:
        _sign_in(house, client)
        copy = dict(client.cookies)
        assert client.post("/logout", headers={FORM_TOKEN_HEADER: _token(house, client)}).status_code == 303
        assert not client.cookies
    with httpx.Client(base_url=house.url, cookies=copy, verify=TLS) as thief:
        assert thief.get("/api/v1/entries").status_code == 401


@pytest.mark.parametrize("at", [0, 6, 20, 35, 60, -1])
def test_a_changed_cookie_is_the_public(house: House, at: int) -> None:
    """Any changed character of the cookie: not signed in, and no error about it."""
    with house.client() as client:
        _sign_in(house, client)
        name, value = next(iter(client.cookies.items()))
    at %= len(value)
    changed = value[:at] + ("a" if value[at] != "a" else "b") + value[at + 1 :]
    with httpx.Client(base_url=house.url, cookies={name: changed}, verify=TLS) as client:
        assert client.get("/api/v1/entries").status_code == 401
        assert client.get("/api/v1/key").status_code == 200


def test_a_new_owner_key_ends_old_key_and_sessions(tmp_path: Path) -> None:
    """After the secret was renewed, the old key is refused and sessions it opened are over."""
    with served(tmp_path) as house, house.client() as client:
        _sign_in(house, client)
        assert client.get("/api/v1/entries").status_code == 200
        fresh = renew_owner(house.ledger.principals, house.ledger.random)
        house.app.state.runtime.gate.forget("owner")  # what half a minute does
        assert client.get("/api/v1/entries").status_code == 401
        with house.client("owner") as old:
            assert old.get("/api/v1/entries").status_code == 401
        assert client.get("/api/v1/entries", headers={"Authorization": f"Bearer {fresh}"}).status_code == 200


def test_a_key_is_shown_once_and_stops_when_revoked(house: House) -> None:
    """201 with the text, a list without it, 204, and from then on 401, on the hot path too."""
    with house.client("owner") as owner:
        made = owner.post("/api/v1/keys", json=NEW_KEY).json()
        assert re.fullmatch(r"ocl_[a-z2-7]{16}_[A-Za-z0-9_-]{43}", made["key"])
        listed = owner.get("/api/v1/keys")
        assert made["details"] in listed.json()["keys"]
        assert made["key"].split("_", 2)[2] not in listed.text
        headers = {"Authorization": f"Bearer {made['key']}"}
        with httpx.Client(base_url=house.url, headers=headers, verify=TLS) as machine:
            assert machine.get("/api/v1/entries").status_code == 200
            assert machine.post("/events", json=event("urn:uuid:key")).status_code == 201
            assert owner.delete(f"/api/v1/keys/{made['details']['id']}").status_code == 204
            assert machine.post("/events", json=event("urn:uuid:key2")).status_code == 401
            assert machine.get("/api/v1/key").status_code == 401
        assert owner.delete("/api/v1/keys/nosuchkey").status_code == 404
        assert owner.delete("/api/v1/keys/owner").status_code == 404


def test_another_tenants_key_is_absent(house: House) -> None:
    """Revoking it says 404 and changes nothing."""
    other = house.keys["other"].split("_")[1]
    with house.client("owner") as owner, house.client("other") as foreign:
        assert owner.delete(f"/api/v1/keys/{other}").status_code == 404
        assert foreign.get("/api/v1/entries").status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"days": 91}, 400, "request.body"),
        ({"days": 0}, 400, "request.body"),
        ({"role": "owner"}, 422, "access.key-terms"),
        ({"role": "public"}, 422, "access.key-terms"),
        ({"name": ""}, 400, "request.body"),
        ({"tenant": "other-tenant"}, 400, "request.body"),
    ],
)
def test_keys_have_terms(house: House, change: dict[str, object], status: int, code: str) -> None:
    """Life up to 90 days, a known role, a name, and no field that is not asked for."""
    with house.client("owner") as owner:
        answer = owner.post("/api/v1/keys", json=NEW_KEY | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer ocl_",
        "Bearer ocl_owner_",
        "Basic b3duZXI6eA==",
        "Bearer ocl_owner_wrong",
        "Bearer ocl_éé_é",
    ],
)
def test_a_key_that_is_none_is_refused_everywhere(house: House, sent: str) -> None:
    """401 with one and the same text, on public addresses too: a wrong key is never the public."""
    with httpx.Client(base_url=house.url, headers={"Authorization": sent.encode()}, verify=TLS) as client:
        answers = [client.get("/api/v1/key"), client.post("/events", json=event("urn:uuid:none"))]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert {answer.json()["detail"] for answer in answers} == {"the key is not valid"}
    assert answers[0].headers["www-authenticate"] == "Bearer"


def test_wrong_keys_have_to_wait(tmp_path: Path) -> None:
    """After ten wrong keys of one id, and ten wrong sign-ins, 429 with Retry-After; other keys go on."""
    with served(tmp_path, patience=10) as house:
        wrong = {"Authorization": "Bearer ocl_owner_wrong"}
        with httpx.Client(base_url=house.url, verify=TLS) as client, house.client("warehouse") as scanner:
            statuses = [client.get("/api/v1/entries", headers=wrong).status_code for _ in range(12)]
            assert statuses == [401] * 10 + [429] * 2
            assert int(client.get("/api/v1/entries", headers=wrong).headers["retry-after"]) > 0
            signs = [client.post("/login", data={"key": "ocl_owner_wrong"}).status_code for _ in range(12)]
            assert signs == [401] * 10 + [429] * 2
            assert scanner.get("/api/v1/entries").status_code == 200
            spoofed = client.get("/api/v1/entries", headers=wrong | {"X-Forwarded-For": "1.2.3.4"})
            assert spoofed.status_code == 429


def test_no_key_reaches_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Good, wrong and new keys: none is in any log line; every decision is one JSON line."""
    with served(tmp_path) as house, caplog.at_level(logging.DEBUG):
        with house.client("owner") as owner:
            made = owner.post("/api/v1/keys", json=NEW_KEY).json()["key"]
            owner.post("/login", data={"key": house.keys["owner"]})
        with house.client("revoked") as gone:
            gone.get("/api/v1/entries")
        with house.client() as public:
            public.post("/login", data={"key": "ocl_owner_guess\r\n{forged}"})
        secrets = [key.split("_", 2)[2] for key in (*house.keys.values(), made)]
    assert not [secret for secret in secrets if secret in caplog.text]
    audit = [record.getMessage() for record in caplog.records if record.name == "onecode.audit"]
    assert [line for line in audit if '"act":"issue_key"' in line]
    assert [line for line in audit if '"act":"use_key"' in line]
    assert [line for line in audit if '"act":"sign_in","tenant":"demo","principal":"public"' in line]
    assert all("\n" not in line and line.startswith("{") for line in audit)


def test_the_session_key_is_the_servers_alone(house: House) -> None:
    """Only the server's user can read it, and it is not in the database."""
    path = house.ledger.settings.home / "session.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 32


def test_secrets_are_stored_as_hashes(house: House) -> None:
    """No secret is anywhere in the database files."""
    home = house.ledger.settings.home
    stored = b"".join(path.read_bytes() for path in home.glob("ledger.db*"))
    assert not [name for name, key in house.keys.items() if key.split("_", 2)[2].encode() in stored]

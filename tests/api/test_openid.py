"""Signing in by an OpenID provider that runs beside: who comes in, and every answer that must not let anyone in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from ledger.services.people import invite
from tests.api.house import SUPPLIER, House, served
from tests.api.openid_house import CLIENT, SECRET, OpenIdHouse, openid_house


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdHouse]:
    """The provider of this module."""
    with openid_house() as found:
        yield found


@pytest.fixture(scope="module")
def house(provider: OpenIdHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger that people may sign in to by that provider."""
    names = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with served(tmp_path_factory.mktemp("home"), settings=names) as found:
        yield found


@pytest.fixture(autouse=True)
def _well_behaved(provider: OpenIdHouse) -> None:
    provider.claims, provider.header, provider.signer = {}, {}, None


def _invited(house: House, email: str) -> None:
    person = {"tenant": house.ledger.settings.tenant, "email": email, "name": "Li Na", "role": "supplier"}
    invite(house.ledger, **person, organisation=SUPPLIER)


def _is(provider: OpenIdHouse, subject: str, email: str, verified: Any = True) -> None:
    provider.who = {"sub": subject, "email": email, "email_verified": verified}


def _through(client: httpx.Client, address: str = "/login/oidc") -> httpx.Response:
    """To the provider and back; the answer of the callback."""
    away = client.get(address)
    assert away.status_code == 303, away.text
    back = httpx.get(away.headers["location"])
    return client.get(back.headers["location"])


def test_an_invited_person_comes_in_and_stays_who_it_is(house: House, provider: OpenIdHouse) -> None:
    """By a verified address once, by the provider's subject from then on, whatever the address becomes."""
    _invited(house, "li@example.com")
    _is(provider, "s-1", "Li@Example.com")
    with house.client() as client:
        answer = _through(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/supplier")
        assert client.get("/api/v1/session").json()["role"] == "supplier"
        who = client.get("/api/v1/session").json()["who"]
    _is(provider, "s-1", "other@example.com", verified=False)
    with house.client() as client:
        assert _through(client, "/login/oidc?next=/entries").headers["location"] == "/entries"
        assert client.get("/api/v1/session").json()["who"] == who
    _is(provider, "s-2", "li@example.com")
    with house.client() as client:
        assert _through(client).json()["code"] == "access.openid-not-invited"
    assert house.ledger.principals.revoke(house.ledger.settings.tenant, who)
    _is(provider, "s-1", "li@example.com")
    with house.client() as client:
        assert _through(client).json()["code"] == "access.openid-not-invited"


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_is_nobodys(house: House, provider: OpenIdHouse, verified: object) -> None:
    """Only the word true counts; a stranger with a verified address of its own is nobody here either."""
    _invited(house, "target@example.com")
    for email, said in (("target@example.com", verified), ("stranger@example.com", True)):
        _is(provider, "s-9", email, said)
        with house.client() as client:
            answer = _through(client)
            assert (answer.status_code, answer.json()["code"]) == (403, "access.openid-not-invited")
            assert client.get("/api/v1/session").status_code == 401


_NOW = int(time.time())
BAD: dict[str, dict[str, Any]] = {
    "nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "issuer": {"claims": {"iss": "https://evil.example"}},
    "audience": {"claims": {"aud": "another client"}},
    "audiences without azp": {"claims": {"aud": [CLIENT, "another"]}},
    "azp": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "expired": {"claims": {"exp": _NOW - 120}},
    "no expiry": {"claims": {"exp": None}},
    "of the future": {"claims": {"iat": _NOW + 3600}},
    "no subject": {"claims": {"sub": None}},
    "another key": {"signer": RSAKey.generate_key(2048)},
    "another key id": {"header": {"kid": "2"}},
}


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_is_not_for_us_now_opens_nothing(house: House, provider: OpenIdHouse, name: str) -> None:
    """Nonce, issuer, audience, azp, times, subject, signature: each is checked."""
    _invited(house, "bad@example.com")
    _is(provider, "s-bad", "bad@example.com")
    for part, value in BAD[name].items():
        setattr(provider, part, value)
    with house.client() as client:
        answer = _through(client)
        assert (answer.status_code, answer.json()["code"]) == (403, "access.openid-refused")
        assert client.get("/api/v1/session").status_code == 401


def test_an_answer_belongs_to_the_browser_that_asked(house: House, provider: OpenIdHouse) -> None:
    """No ticket, another's, a changed state, a second time, an error: nobody is signed in."""
    _invited(house, "mine@example.com")
    _is(provider, "s-mine", "mine@example.com")
    with house.client() as victim, house.client() as attacker:
        away = attacker.get("/login/oidc")
        back = httpx.get(away.headers["location"]).headers["location"]
        victim.get("/login/oidc")
        refused = [
            victim.get(back),
            httpx.get(back),
            attacker.get(back.replace("state=", "state=x")),
            attacker.get(
                f"/login/oidc/callback?error=access_denied&state={parse_qs(urlsplit(back).query)['state'][0]}"
            ),
            attacker.get(back.replace("iss=", "iss=https%3A%2F%2Fevil")),
        ]
        assert [answer.json()["code"] for answer in refused] == ["access.openid-refused"] * 5
        assert attacker.get(back).status_code == 303
        assert attacker.get(back).json()["code"] == "access.openid-refused"


def test_the_verifier_and_the_nonce_are_no_ones_to_read(house: House) -> None:
    """The address has a challenge, not its verifier; a fresh one each time; the page offers the button."""
    with house.client() as client:
        first, second = (parse_qs(urlsplit(client.get("/login/oidc").headers["location"]).query) for _ in range(2))
        assert len(first["code_challenge"][0]) == 43
        for name in ("state", "nonce", "code_challenge"):
            assert first[name] != second[name]
        assert first["redirect_uri"] == [f"{house.url}/login/oidc/callback"]
        assert "/login/oidc?next=" in client.get("/login", headers={"Accept": "text/html"}).text

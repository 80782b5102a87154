"""
Cases 9, 10, 11 and 17 of the PACT conformance tool: a token, a list, a footprint and events over plain http.

The tool replaces https by http in the address and wants no 200; a refused connection is as good as a 403 to it. Both
ways to https are there: the server speaks TLS itself, or a proxy before it does and is trusted to say so.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from ledger.adapters.partner_http import PartnerHttp
from ledger.errors import SettingsError
from ledger.ports.exchange import Partner, PartnerUnreachable
from ledger.services.capture import Submission
from ledger.services.keys import issue_key
from ledger.services.organisations import Organisation
from ledger.services.partner_client import PartnerClient
from ledger.services.pcf import grant, publish
from ledger.settings import Settings
from tests.api.house import House, served
from tests.pact.certificate import written
from tests.pact.partner import footprint
from tests.pact.test_conformance import CLOUD, NOBODY, VERSIONS, published

OWNER: Final = Submission("demo", "owner", manages=True)
BEHIND: Final = "https://ledger.example"
FORWARDED: Final = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


@dataclass(frozen=True)
class Asking:
    """A house with a footprint that a partner may see, and the partner's client and secret."""

    house: House
    auth: tuple[str, str]
    trust: ssl.SSLContext
    certificate: Path | None = None

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.house.url, verify=self.trust, headers=headers, timeout=20)

    def token(self, client: httpx.Client) -> httpx.Response:
        return client.post("/auth/token", auth=self.auth, data={"grant_type": "client_credentials"})

    def four(self, client: httpx.Client, version: str, token: str) -> list[httpx.Response]:
        """What the four cases ask, as the tool sends it."""
        at, bearer = f"/{version[0]}", {"Authorization": f"Bearer {token}"}
        event = json.dumps(published(version, [NOBODY], "https://unknown.example") | {"id": str(uuid4())})
        return [
            self.token(client),
            client.get(f"{at}/footprints", headers=bearer),
            client.get(f"{at}/footprints/{footprint(1)['id']}", headers=bearer),
            client.post(f"{at}/events", content=event, headers=bearer | CLOUD),
        ]


def asking(house: House, trust: ssl.SSLContext, certificate: Path | None = None) -> Asking:
    ledger = house.ledger
    ledger.organisations.add(Organisation("buyer", "demo", "Buyer Ltd", "partner"))
    publish(ledger, OWNER, footprint(1), supplier="supplier-1")
    grant(ledger, OWNER, supplier="supplier-1", grantee="buyer")
    terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
    _, key = issue_key(**terms, tenant="demo", name="buyer", role="partner", days=1, organisation="buyer")
    _, client, secret = key.split("_", 2)
    return Asking(house, (client, secret), trust, certificate)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A server that speaks TLS."""
    certificate, key = written(tmp_path_factory.mktemp("tls"))
    trust = ssl.create_default_context(cafile=str(certificate))
    with served(tmp_path_factory.mktemp("home"), settings={"tls_certificate": certificate, "tls_key": key}) as house:
        yield asking(house, trust, certificate)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A server behind a proxy on this machine, which is trusted."""
    settings = {"public_url": BEHIND, "trusted_proxies": ("127.0.0.1",)}
    with served(tmp_path_factory.mktemp("home"), settings=settings) as house:
        yield asking(house, ssl.create_default_context())


@pytest.mark.parametrize("version", VERSIONS)
def test_9_10_11_17_a_server_with_tls_gives_nothing_over_plain_http(own: Asking, version: str) -> None:
    with own.client() as client:
        token = own.token(client).json()["access_token"]
        assert [one.status_code for one in own.four(client, version, token)] == [200] * 4
    plain = httpx.Client(base_url=own.house.url.replace("https", "http"), timeout=20)
    with plain, pytest.raises(httpx.TransportError):
        own.four(plain, version, token)


@pytest.mark.parametrize("version", VERSIONS)
def test_9_10_11_17_behind_a_proxy_what_came_by_http_is_refused(behind: Asking, version: str) -> None:
    """Valid credentials as well; said in the protocol's own form, in the reader's language."""
    with behind.client(**FORWARDED) as client:
        token = behind.token(client).json()["access_token"]
        assert [one.status_code for one in behind.four(client, version, token)] == [200] * 4
    for headers in ({}, {"X-Forwarded-Proto": "http"}):
        with behind.client(**headers, Accept_Language="zh-CN") as client:
            refused = behind.four(client, version, token)
        assert [one.status_code for one in refused] == [403] * 4
        assert [one.json()["code"] for one in refused] == ["access.plain-http", *["AccessDenied"] * 3]
    with behind.client(**{"Accept-Language": "zh-CN"}) as client:
        assert client.get("/3/footprints").json()["message"] == "本账本仅通过 https 提供服务"


def test_a_person_is_led_to_https_and_health_is_answered(behind: Asking) -> None:
    with behind.client(Accept="text/html") as client:
        answer = client.get("/tenders?after=1")
        assert (answer.status_code, answer.headers["location"]) == (308, f"{BEHIND}/tenders?after=1")
        assert client.get("/healthz").status_code == 200
        assert client.post("/login", data={"key": "x"}).status_code == 403, (
            "a form is not sent on: its key is in the clear"
        )


def test_only_a_trusted_proxy_is_believed(tmp_path: Path) -> None:
    settings = {"public_url": BEHIND, "trusted_proxies": ("203.0.113.0/24",)}
    with served(tmp_path, settings=settings) as house, house.client(X_Forwarded_Proto="https") as client:
        assert client.get("/3/footprints").status_code == 403


def test_settings_that_contradict_are_refused(tmp_path: Path) -> None:
    certificate, key = written(tmp_path)
    for said in (
        {"tls_certificate": certificate},
        {"tls_key": key},
        {"tls_certificate": certificate, "tls_key": key, "public_url": "http://ledger.example"},
        {"trusted_proxies": ("proxy.example",)},
    ):
        with pytest.raises(SettingsError):
            Settings(home=tmp_path, **said)
    assert Settings(home=tmp_path, tls_certificate=certificate, tls_key=key).public_url == "https://127.0.0.1:8000"


@pytest.mark.parametrize("version", VERSIONS)
def test_our_client_exchanges_over_https_with_an_operators_own_authority(
    own: Asking, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Token, list, footprint and an event, both ways of it; without that authority not even the token is asked for."""
    major: Any = 2 if version.startswith("2") else 3
    where = {"base_url": own.house.url, "auth_base": own.house.url}
    name, secret = own.auth
    partner = Partner(tenant="demo", organisation="buyer", **where, client_id=name, client_secret=secret, wire=major)
    caller, clock = PartnerHttp(loopback=True), own.house.ledger.clock
    with pytest.raises(PartnerUnreachable):
        PartnerClient(caller, clock).try_connection(partner)
    monkeypatch.setenv("SSL_CERT_FILE", str(own.certificate))
    client = PartnerClient(caller, clock)
    assert client.try_connection(partner) == 1
    told, sent = client.footprint(partner, footprint(1)["id"])
    assert (told["id"], bool(sent)) == (footprint(1)["id"], True)
    client.send_event(partner, major, published(version, [NOBODY], "https://unknown.example"))

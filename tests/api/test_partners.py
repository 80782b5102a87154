"""Pages of partners: registered, no secret coming back, tried, asked, granted; another tenant's are absent."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from ledger.ports.exchange import Outgoing, Partner
from ledger.services.organisations import Organisation
from tests.api.house import House, served
from tests.pact.partner import CLIENT, SECRET, Listener, listening

FOREIGN = "foreign-partner"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """A partner's system."""
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def exchanging(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[House]:
    """A house with a partner and a supplier, and a partner of another tenant with its own secret."""
    with served(tmp_path_factory.mktemp("partners"), settings={"webhook_loopback": True}) as house:
        ledger = house.ledger
        ledger.organisations.add(Organisation("buyer", "demo", "Buyer Ltd", "partner"))
        ledger.organisations.add(Organisation("maker", "demo", "Maker Ltd", "supplier"))
        ledger.organisations.add(Organisation(FOREIGN, "other-tenant", "Foreign Ltd", "partner"))
        ledger.exchange.store.keep_partner(
            Partner(
                tenant="other-tenant",
                organisation=FOREIGN,
                base_url=listener.url,
                auth_base=listener.url,
                client_id="foreign-client",
                client_secret="foreign-secret",
            )
        )
        yield house


def register(client: httpx.Client, listener: Listener, **changes: str) -> httpx.Response:
    """The form of a partner's interface."""
    said = {"base_url": listener.url, "client_id": CLIENT, "client_secret": SECRET, "wire": "3"}
    return client.post("/partners/buyer", data=said | changes)


def test_a_partner_is_registered_tried_and_its_secret_never_shown(exchanging: House, listener: Listener) -> None:
    """The form, a test with the kept secret, and every page without it; the address moves with the secret alone."""
    with exchanging.client("admin") as client:
        assert "Buyer Ltd" in client.get("/partners").text
        assert register(client, listener).status_code == 303
        assert register(client, listener, client_secret="").status_code == 303
        store = exchanging.ledger.exchange.store
        kept = store.partner("demo", "buyer")
        assert kept is not None
        assert (kept.client_secret, kept.auth_base, kept.wire) == (SECRET, listener.url, 3)
        elsewhere = listener.url.replace("127.0.0.1", "localhost")
        assert register(client, listener, base_url=elsewhere, client_secret="").status_code == 400
        assert register(client, listener, base_url="http://10.0.0.1/").status_code >= 400
        assert store.partner("demo", "buyer") == kept
        before = listener.tokens
        tried = client.post("/partners/buyer/test")
        assert listener.tokens == before + 1
        assert "HTTP 404" in tried.text, "the listener has no list; what it said is shown"
        for text in (tried.text, client.get("/partners").text, client.get("/partners/buyer").text):
            assert SECRET not in text


def test_a_key_is_shown_once_and_gets_tokens(exchanging: House) -> None:
    """The answer holds the only copy; with it the partner is let in as itself."""
    with exchanging.client("admin") as client:
        issued = client.post("/partners/buyer/key")
        assert issued.headers["cache-control"] == "no-store"
        found = re.findall(r'<dd class="code">(.*?)</dd>', issued.text)
        name, secret = (html.unescape(re.sub("<wbr>", "", one)) for one in found[:2])
        again = client.get("/partners/buyer").text
        assert name in again
        assert secret not in re.sub("<wbr>", "", again)
    token = httpx.post(
        f"{exchanging.url}/auth/token", auth=(name, secret), data={"grant_type": "client_credentials"}
    ).json()["access_token"]
    with httpx.Client(base_url=exchanging.url, headers={"Authorization": f"Bearer {token}"}) as partner:
        assert partner.get("/3/footprints").status_code == 200
        assert partner.get("/partners").status_code == 403


def test_footprints_are_asked_for_and_shared_and_no_longer(exchanging: House, listener: Listener) -> None:
    """A request waits in the outbox; a grant is in force until it is revoked; a URN is one."""
    with exchanging.client("admin") as client:
        register(client, listener)
        assert client.post("/partners/buyer/ask", data={"products": "no urn"}).status_code == 400
        assert client.post("/partners/buyer/ask", data={"products": "urn:gtin:1\nurn:gtin:2"}).status_code == 303
        asked = [one.data for one in exchanging.ledger.exchange.store.requests("demo", 10)]
        assert asked.count({"productId": ["urn:gtin:1", "urn:gtin:2"]}) == 1
        said = {"supplier": "maker", "scope": "product", "value": "urn:gtin:1", "until": "2100-12-31"}
        assert client.post("/partners/buyer/grants", data=said | {"supplier": "nobody"}).status_code == 400
        assert client.post("/partners/buyer/grants", data=said).status_code == 303
        (held,) = exchanging.ledger.exchange.shelf.grants("demo", to="buyer")
        assert (held.supplier, held.scope, held.value) == ("maker", "product", "urn:gtin:1")
        assert "Maker Ltd" in client.get("/partners").text
        assert client.post("/partners/buyer/grants", data=said | {"revoked": "yes"}).status_code == 303
        assert exchanging.ledger.exchange.shelf.grants("demo", to="buyer") == []


def test_a_dead_letter_is_tried_again(exchanging: House, listener: Listener) -> None:
    """Only a dead one, and only by its own tenant."""
    store = exchanging.ledger.exchange.store
    with exchanging.client("admin") as client, exchanging.client("other") as other:
        register(client, listener)
        client.post("/partners/buyer/ask", data={"products": "urn:gtin:3"})
        while not (sent := store.outbox("demo", 1)[0]).attempts:  # its first attempt is over, the next is not yet due
            time.sleep(0.01)
        store.moved(sent._replace(state="dead", attempts=99, trouble="HTTP 503"))
        assert "HTTP 503" in client.get("/partners").text
        assert other.post("/partners/outbox/retry", data={"id": sent.id}).status_code == 400
        assert client.post("/partners/outbox/retry", data={"id": sent.id}).status_code == 303
        assert {one.id: one for one in store.outbox("demo", 50)}[sent.id].attempts < 99
        assert client.post("/partners/outbox/retry", data={"id": "none"}).status_code == 400


@pytest.mark.parametrize("holder", ["demo's", "the other's"])
def test_partners_of_another_tenant_are_absent(exchanging: House, holder: str) -> None:
    """Each address aimed at another's partner is as if it never was, and changes nothing."""
    key, aimed = ("admin", FOREIGN) if holder == "demo's" else ("other", "buyer")
    store = exchanging.ledger.exchange.store
    before = store.every_partner(), len(store.outbox("demo", 50)), len(store.outbox("other-tenant", 50))
    said = {"base_url": "https://example.com", "client_id": "x", "client_secret": "x", "wire": "3"}
    with exchanging.client(key) as client:
        for act in ("", "/ask", "/grants", "/key", "/test"):
            answer = client.post(f"/partners/{aimed}{act}", data=said | {"products": "urn:gtin:1", "scope": "all"})
            assert answer.status_code == 404, act
            assert client.post(f"/partners/nobody{act}", data=said).status_code == 404
        assert client.get(f"/partners/{aimed}").status_code == 404
        listed = client.get("/partners").text
        assert ("Foreign Ltd" in listed) == (key == "other")
        assert ("Buyer Ltd" in listed) == (key == "admin")
        assert "foreign-secret" not in listed
    assert (store.every_partner(), len(store.outbox("demo", 50)), len(store.outbox("other-tenant", 50))) == before
    assert not [one for one in exchanging.ledger.principals.of_tenant("demo") if one.organisation == FOREIGN]


def test_what_went_out_is_read_page_by_page(exchanging: House) -> None:
    """Every event once, by the links of the pages alone."""
    store = exchanging.ledger.exchange.store
    ids = {f"page-{number}" for number in range(60)}
    store.send(
        [Outgoing(one, "demo", "buyer", 3, {"id": one}, "sent", 1, 0, number, "") for number, one in enumerate(ids)]
    )
    with exchanging.client("admin", accept="text/html") as client:
        address, found = "/partners/buyer", list[str]()
        while address:
            text = client.get(address).text
            found += re.findall(r">(page-[0-9]+)<", text.replace("<wbr>", ""))
            link = re.search(r'href="(\?sent=[^"#]*)', text)
            address = f"/partners/buyer{html.unescape(link[1])}" if link else ""
        assert sorted(found) == sorted(ids)
        assert client.get("/partners?sent=nonsense").status_code == 400

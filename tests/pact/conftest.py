"""A house with footprints, and a partner registered with it whose system listens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.ports.exchange import Major, Partner
from ledger.services.capture import Submission
from ledger.services.keys import issue_key
from ledger.services.organisations import Organisation
from ledger.services.pcf import deprecate, grant, publish
from ledger.services.pcf_shelf import Viewer
from tests.api.house import House, served
from tests.pact.partner import CLIENT, SECRET, Listener, footprint, listening

OWNER = Submission("demo", "owner", manages=True)
HOUSE = Viewer("demo", "", house=True)


@dataclass(frozen=True)
class Exchanging:
    """The house, the partner's listener, and the partner's client at the house."""

    house: House
    listener: Listener
    client_id: str
    secret: str

    def token(self) -> str:
        """A fresh access token, as a partner gets one."""
        answer = httpx.post(
            f"{self.house.url}/auth/token",
            auth=(self.client_id, self.secret),
            data={"grant_type": "client_credentials"},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def client(self) -> httpx.Client:
        """The partner's client."""
        return httpx.Client(base_url=self.house.url, headers={"Authorization": f"Bearer {self.token()}"}, timeout=20)

    def register(self, wire: Major) -> None:
        """The partner speaks this version from now on."""
        self.house.ledger.exchange.store.keep_partner(
            Partner(
                tenant="demo",
                organisation="buyer",
                base_url=self.listener.url,
                auth_base=self.listener.url,
                client_id=CLIENT,
                client_secret=SECRET,
                wire=wire,
            )
        )


def fill(house: House, count: int = 3) -> None:
    """Some footprints shared with the partner, one that is deprecated among them, and one that is not shared."""
    ledger = house.ledger
    for number in range(1, count + 1):
        publish(ledger, OWNER, footprint(number), supplier="supplier-1")
    publish(ledger, OWNER, footprint(90), supplier="supplier-2")
    deprecate(ledger, OWNER, ledger.exchange.shelf.get(HOUSE, footprint(count)["id"]), "replaced")
    grant(ledger, OWNER, supplier="supplier-1", grantee="buyer")


@pytest.fixture(scope="module")
def exchanging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchanging]:
    """Everything in place; the exchange's errand runs in the house."""
    with (
        listening() as listener,
        served(tmp_path_factory.mktemp("pact"), settings={"webhook_loopback": True}) as house,
    ):
        ledger = house.ledger
        ledger.organisations.add(Organisation("buyer", "demo", "Buyer Ltd", "partner"))
        terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
        _, key = issue_key(**terms, tenant="demo", name="buyer", role="partner", days=1, organisation="buyer")
        _, client_id, secret = key.split("_", 2)
        found = Exchanging(house, listener, client_id, secret)
        fill(house)
        yield found


@pytest.fixture
def vectors() -> Path:
    """Where published schemas are."""
    return Path(__file__).parent.parent / "vectors"

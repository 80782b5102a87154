"""Two instances of the product exchange footprints with each other, and carry on after either is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.ports.exchange import Partner
from ledger.records.pcf import Pcf
from ledger.records.record import decode_body
from ledger.services.capture import Submission
from ledger.services.keys import issue_key
from ledger.services.organisations import Organisation
from ledger.services.pcf import grant, publish
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger
from tests.pact.partner import footprint

OWNER = Submission("demo", "owner", manages=True)


@dataclass
class Instance:
    """A ledger of its own in a process of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> Settings:
        return Settings(home=self.home, port=self.port, public_url=self.url, webhook_loopback=True, round_seconds=1)

    def start(self) -> None:
        """Serve, and answer before this returns."""
        own = {
            "ONECODE_HOME": str(self.home),
            "ONECODE_PORT": str(self.port),
            "ONECODE_PUBLIC_URL": self.url,
            "ONECODE_WEBHOOK_LOOPBACK": "1",
            "ONECODE_ROUND_SECONDS": "1",
        }
        words = [sys.executable, "-m", "ledger", "serve"]
        self.process = subprocess.Popen(
            words, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        until(lambda: httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200, 60)

    def kill(self) -> None:
        """As when the power fails."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something, with patience."""
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.5)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def key_for(ledger: Ledger, name: str) -> tuple[str, str]:
    """A client for a partner at this ledger: id and secret."""
    ledger.organisations.add(Organisation(name, "demo", f"{name} Ltd", "partner"))
    terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
    _, key = issue_key(**terms, tenant="demo", name=name, role="partner", days=1, organisation=name)
    _, client, secret = key.split("_", 2)
    return client, secret


def knows(ledger: Ledger, name: str, other: Instance, client: tuple[str, str]) -> None:
    """Register the other instance, with our client there."""
    where = {"base_url": other.url, "auth_base": other.url, "client_id": client[0], "client_secret": client[1]}
    ledger.exchange.store.keep_partner(Partner(tenant="demo", organisation=name, **where))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Instance, Instance]]:
    """A supplier's and a buyer's instance, each a partner of the other; the supplier shares everything."""
    supplier, buyer = (Instance(tmp_path / name, free_port()) for name in ("supplier", "buyer"))
    with ExitStack() as stack:
        here, there = (stack.enter_context(open_ledger(one.settings())) for one in (supplier, buyer))
        at_supplier, at_buyer = key_for(here, "buyer"), key_for(there, "supplier")
        knows(here, "buyer", buyer, at_buyer)
        knows(there, "supplier", supplier, at_supplier)
        grant(here, OWNER, supplier="maker", grantee="buyer")
        publish(here, OWNER, footprint(1), supplier="maker")
    yield supplier, buyer
    supplier.kill()
    buyer.kill()


def kept(buyer: Instance, number: int) -> bool:
    """Whether the buyer's log has a footprint of the supplier, unchanged and with where it came from."""
    with open_ledger(buyer.settings()) as ledger:
        wanted = footprint(number)
        entry = ledger.entries.find("demo", f"pcf:{wanted['id']}")
        if entry is None:
            return False
        record = decode_body(entry.body, "pcf")
        assert isinstance(record, Pcf)
        assert record.received is not None
        assert record.received.partner == "supplier"
        own = {name: value for name, value in record.footprint.items() if name != "extensions"}
        assert own == wanted
        return True


def test_they_carry_on_after_either_is_killed(two: tuple[Instance, Instance]) -> None:
    """Announced and fetched; then with both killed before it could be sent; then asked for."""
    supplier, buyer = two
    supplier.start()
    buyer.start()
    until(lambda: kept(buyer, 1), 60)

    buyer.kill()
    with open_ledger(supplier.settings()) as ledger:
        publish(ledger, OWNER, footprint(2), supplier="maker")
    until(lambda: waiting(supplier) > 0, 60)
    supplier.kill()
    buyer.start()
    assert not kept(buyer, 2)
    supplier.start()
    until(lambda: kept(buyer, 2), 90)

    with open_ledger(buyer.settings()) as ledger:
        partner = ledger.exchange.store.partner("demo", "supplier")
        assert partner is not None
        asked = ledger.exchange.ask(partner, {"productId": footprint(2)["productIds"]})
    supplier.kill()
    supplier.start()
    until(lambda: state(buyer, asked.id) == "fulfilled", 90)


def waiting(instance: Instance) -> int:
    """Events that were tried and could not be sent."""
    with open_ledger(instance.settings()) as ledger:
        return sum(one.state == "waiting" and one.attempts > 0 for one in ledger.exchange.store.outbox("demo", 100))


def state(instance: Instance, request: str) -> str:
    """What became of a request."""
    with open_ledger(instance.settings()) as ledger:
        found = ledger.exchange.store.request("demo", request)
        return found.state if found else ""

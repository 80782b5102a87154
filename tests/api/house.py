"""A ledger behind a real server on 127.0.0.1, with a key of every kind of principal."""

from __future__ import annotations

import dataclasses
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import uvicorn

from api.app import create_app, server_config
from api.limits import LIMITS
from api.transport import Transport
from ledger.records.audit import AUDIT_OUTCOMES
from ledger.records.record import microseconds
from ledger.services.access import ROLES, Principal, StoredPrincipal
from ledger.services.attempts import Counting, Limit, MemoryWindows
from ledger.services.gate import Key
from ledger.services.keys import ensure_owner, issue_key
from ledger.services.organisations import add_organisation
from ledger.services.project import catch_up
from ledger.services.worker import settle
from ledger.wiring import Ledger
from tests.builders import opened

OTHER = "other-tenant"
SUPPLIER = "first-supplier"
"""The organisation that the holder ``supplier`` acts for."""
TLS: Final = ssl.create_default_context()
"""Made once: a client that makes its own reads every root certificate, which takes 70 ms, to speak plain HTTP."""
MANY: Final = 1_000
"""Whoever is this patient counts wrong keys in memory: the matrix of permissions sends thousands."""
PRODUCT = "https://id.gs1.org/01/09506000134352"


@dataclass(frozen=True)
class House:
    """The ledger, where it is served, and the keys by the name of their holder."""

    url: str
    ledger: Ledger
    keys: Mapping[str, str]
    app: Any

    def client(self, holder: str = "public", **headers: str) -> httpx.Client:
        """A client that sends the holder's key."""
        key = self.keys.get(holder)
        sent = ({"Authorization": f"Bearer {key}"} if key else {}) | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return httpx.Client(base_url=self.url, headers=sent, timeout=30, verify=TLS)

    def bearer(self, text: str) -> httpx.Client:
        """A client that sends a key or token of its own."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {text}"}, timeout=30, verify=TLS)

    def settled(self) -> None:
        """Everything recorded so far is folded, checkpointed, anchored and confirmed."""
        settle(self.ledger.worker())
        catch_up(self.ledger.entries, self.ledger.projections)


def event(name: str, **changes: Any) -> dict[str, Any]:
    """An EPCIS event as a scanner sends it."""
    plain = {
        "type": "ObjectEvent",
        "eventID": name,
        "action": "OBSERVE",
        "eventTime": "2026-05-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "bizStep": "shipping",
        "epcList": [f"{PRODUCT}/21/{name.rpartition(':')[2]}"],
    }
    return plain | changes


def keys_of(ledger: Ledger) -> dict[str, str]:
    """One key of each kind: the owner, every role, another tenant, one expired, one revoked."""
    owner = ensure_owner(ledger.principals, ledger.clock, ledger.random, ledger.settings.tenant)
    assert owner is not None
    keys = {"owner": owner, "admin": owner}
    entered = {"tenant": ledger.settings.tenant, "name": "First Supplier", "kind": "supplier"}
    add_organisation(ledger.organisations, ledger.clock, ledger.random, **entered, organisation_id=SUPPLIER)
    terms: dict[str, Any] = {"principals": ledger.principals, "clock": ledger.clock, "random": ledger.random}
    for role in ROLES:
        if role not in {"public", "admin"}:
            party = SUPPLIER if role == "supplier" else ""
            names = {"tenant": ledger.settings.tenant, "name": role, "role": role, "organisation": party}
            keys[role] = issue_key(**terms, **names, days=1)[1]
    keys["other"] = issue_key(**terms, tenant=OTHER, name="other", role="admin", days=1)[1]
    gone, keys["revoked"] = issue_key(**terms, tenant=ledger.settings.tenant, name="gone", role="admin", days=1)
    assert ledger.principals.revoke(ledger.settings.tenant, gone.id)
    keys["expired"] = expired_key(ledger)
    return keys


def expired_key(ledger: Ledger) -> str:
    """A key whose time is over."""
    key = Key.fresh(ledger.random)
    past = microseconds(ledger.clock.now() - timedelta(seconds=1))
    late = Principal(key.id, ledger.settings.tenant, "late", "admin", 0, past)
    assert ledger.principals.add(StoredPrincipal(late, key.hash))
    return key.text


@contextmanager
def served(
    home: Path, patience: int = 100_000, settings: Mapping[str, Any] | None = None, **changes: Any
) -> Iterator[House]:
    """
    A fresh ledger behind a server, ``patience`` wrong keys, costly requests without end.

    Deeds wait until a test asks for them.

    ``changes`` replace its ports, by name, with fakes; ``settings`` are settings of its own.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    terms = dict(settings or {})
    url = f"{'https' if 'tls_certificate' in terms else 'http'}://127.0.0.1:{port}"
    with opened(home, **({"port": port, "public_url": url, "round_seconds": 3600} | terms)) as ledger:
        keys = keys_of(ledger)
        shown = dataclasses.replace(ledger, **changes) if changes else ledger
        app = create_app(shown)
        app.state.runtime.attempts.most = patience
        if patience > MANY:
            app.state.runtime.attempts.counting = Counting(MemoryWindows(), shown.clock)
        app.state.runtime.allowance.limits = dict.fromkeys(LIMITS, Limit(100_000, 60))
        app.state.runtime.gathering.waits = dict.fromkeys(AUDIT_OUTCOMES, timedelta(days=1))
        server = uvicorn.Server(server_config(app, "127.0.0.1", port, Transport.of(ledger.settings)))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        background = app.state.runtime.background
        # The first round is over too: on a busy machine it would take what a test hands in first.
        while not server.started or background.trouble is None:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield House(url, shown, keys, app)
        finally:
            server.should_exit = True
            thread.join(30)

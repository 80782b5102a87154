"""A partner's system: a real listener that gives tokens, takes events and has footprints; and some to exchange."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLIENT, SECRET = "test_client_id", "test_client_secret"


@dataclass
class Listener:
    """Where it is, every event it was sent with its path, and how it behaves."""

    url: str = ""
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    footprints: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuses: int = 0
    """So many events are answered with ``status`` first."""
    status: int = 503
    tokens: int = 0
    got: threading.Event = field(default_factory=threading.Event)

    def wait(self, count: int, seconds: float = 20) -> list[tuple[str, dict[str, Any]]]:
        """Events, once there are so many."""
        import time

        until = time.monotonic() + seconds
        while len(self.events) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.events) >= count, self.events
        return self.events


@contextmanager
def listening() -> Iterator[Listener]:
    """A partner on a free port of 127.0.0.1."""
    state = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith(("/2/footprints/", "/3/footprints/")):
                found = state.footprints.get(self.path.rpartition("/")[2])
                self._answer(200 if found else 404, {"data": found} if found else {"code": "NotFound", "message": "-"})
                return
            self._answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path == "/auth/token":
                basic = "Basic " + b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
                good = self.headers.get("authorization") == basic and body == b"grant_type=client_credentials"
                state.tokens += good
                self._answer(200 if good else 401, {"access_token": f"t{state.tokens}"} if good else {"error": "x"})
            elif state.refuses:
                state.refuses -= 1
                self._answer(state.status, {})
            else:
                assert self.headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
                assert self.headers["authorization"].startswith("Bearer t")
                state.events.append((self.path, json.loads(body)))
                self._answer(200, None)

        def _answer(self, status: int, value: Any) -> None:
            data = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def footprint(number: int, **changes: Any) -> dict[str, Any]:
    """A footprint of version 3; ``changes`` with a name of ``pcf``'s go there."""
    carbon = {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "12",
        "productMassPerDeclaredUnit": "12",
        "referencePeriodStart": "2025-01-01T00:00:00Z",
        "referencePeriodEnd": "2026-01-01T00:00:00Z",
        "geographyCountry": "DE",
        "pcfExcludingBiogenicUptake": "18.60",
        "pcfIncludingBiogenicUptake": "18.00",
        "fossilGhgEmissions": "18.60",
        "fossilCarbonContent": "1.2",
        "biogenicCarbonContent": "0.12",
        "biogenicCO2Uptake": "-0.60",
        "packagingEmissionsIncluded": False,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
        "exemptedEmissionsPercent": "2.5",
        "primaryDataShare": "56.12",
        "dqi": {"technologicalDQR": "1.5", "geographicalDQR": "2", "temporalDQR": "1"},
        "verification": {"coverage": "product level", "providerName": "Verifier Ltd"},
    }
    product = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "specVersion": "3.0.0",
        "created": "2026-01-10T08:00:00Z",
        "validityPeriodStart": "2026-01-01T00:00:00Z",
        "validityPeriodEnd": "2028-12-31T00:00:00Z",
        "companyName": "Supplier Ltd",
        "companyIds": ["urn:epc:id:sgln:4063973.00000.8"],
        "productDescription": "copper wire",
        "productIds": [f"urn:gtin:{4712345060500 + number}"],
        "productClassifications": ["urn:cpc:41512", f"urn:pact:catalog.example.com:category-id:{number}"],
        "productNameCompany": f"Wire {number}",
        "comment": "",
        "pcf": carbon,
    }
    for name, value in changes.items():
        target = product if name in {*product, "extensions", "precedingPfIds"} else carbon
        target[name] = value
    return product

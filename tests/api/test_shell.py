"""What surrounds every answer: headers, figures, health, methods."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from api.app import create_app
from api.faults import BodyUnreadable
from api.resolving.accept import wants_page
from api.shell import SECURITY_HEADERS
from api.wire import MAX_DEPTH, require_shallow
from tests.api.house import House, event
from tests.builders import opened


def test_every_answer_has_the_security_headers(house: House) -> None:
    """Pages, data, errors: all of them, and private answers are never stored."""
    with house.client("owner") as client:
        for path in ("/", "/login", "/api/v1/entries", "/nowhere", "/healthz"):
            headers = client.get(path).headers
            assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS, path
            assert "x-request-id" in headers
        assert client.get("/api/v1/entries").headers["cache-control"] == "no-store"
        assert client.get("/api/v1/keys").headers["cache-control"] == "no-store"
        assert "server" not in client.get("/").headers


def test_the_policy_allows_nothing_inline() -> None:
    """The CSP has no unsafe source and cannot be framed."""
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_https_makes_cookies_and_transport_strict(tmp_path: Path) -> None:
    """With an https address: HSTS, and a __Host- cookie that is Secure."""
    with opened(tmp_path, public_url="https://ledger.example") as ledger:
        sessions = create_app(ledger).state.runtime.sessions
        assert sessions.cookie_name == "__Host-session"
        assert "; Secure" in sessions.set_cookie("x")


def test_a_request_id_is_kept_when_it_is_plain(house: House) -> None:
    """The caller's id comes back; one that could break a log line does not."""
    with house.client() as client:
        assert client.get("/healthz", headers={"X-Request-ID": "abc-123_XYZ"}).headers["x-request-id"] == "abc-123_XYZ"
        for bad in ("short", "x" * 65, "a b c d e f", "ü" * 10):
            assert client.get("/healthz", headers={"X-Request-ID": bad.encode()}).headers["x-request-id"] != bad


def test_head_is_get_without_its_content(house: House) -> None:
    """Same status and headers, no body."""
    with house.client() as client:
        get, head = client.get("/healthz"), client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND"])
def test_other_methods_are_not_offered(house: House, method: str) -> None:
    """405 in the one shape; nothing is echoed."""
    with house.client() as client:
        answer = client.request(method, "/healthz", headers={"X-Probe": "echo-me"})
    assert answer.status_code == 405
    assert "echo-me" not in answer.text


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/html", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html, application/json", True),
    ],
)
def test_who_wants_a_page(accept: str, page: bool) -> None:
    """Browsers name HTML first; everything else gets data."""
    assert wants_page(accept) is page


def test_figures_name_no_tenant_and_no_thing(house: House) -> None:
    """Metrics are by route template; no tenant, key, path or record is in them."""
    with house.client("owner") as client:
        client.post("/events", json=event("urn:uuid:metrics"))
        client.get("/nowhere/secret-path")
        text = client.get("/metrics").text
    assert 'onecode_requests_total{method="POST",route="/events",status="201"}' in text
    for figure in ("entries", "anchored_entries", "unanchored_age_seconds", "lease_left_seconds", "database_up"):
        assert re.search(rf"^onecode_{figure} [0-9.]+$", text, re.MULTILINE), figure
    assert 'route="none"' in text
    for name in (house.ledger.settings.tenant, "urn:uuid", "secret-path", house.keys["owner"].split("_")[1] + '"'):
        assert name not in text


def test_readiness_says_how_far_behind_the_chain_is(house: House) -> None:
    """Entries that are not anchored are counted, with the age of the oldest."""
    with house.client("owner") as client:
        house.settled()
        before = client.get("/readyz").json()
        client.post("/events", json=event("urn:uuid:ready"))
        after = client.get("/readyz").json()
    assert (before["unanchored"], before["unanchored_age"]) == (0, 0)
    assert after["unanchored"] == 1
    assert after["database"] == "ok"


def test_making_an_app_starts_nothing(tmp_path: Path) -> None:
    """No thread runs before the server's lifespan does, and two apps do not share figures."""
    import threading

    with opened(tmp_path) as ledger:
        before = threading.active_count()
        first, second = create_app(ledger), create_app(dataclasses.replace(ledger))
        assert threading.active_count() == before
        assert first.state.runtime.metrics.registry is not second.state.runtime.metrics.registry


@pytest.mark.parametrize("depth", [1, MAX_DEPTH])
def test_json_within_the_depth_passes(depth: int) -> None:
    """Brackets in strings do not count, however many there are."""
    data = b'{"a":[' * (depth // 2) + b'"' + b"[{" * 5_000 + b'\\"]"' + b"]}" * (depth // 2)
    require_shallow(data)
    require_shallow(b"[" + b",".join([b'{"a":["\\\\"]}'] * 1_000) + b"]")


@pytest.mark.parametrize(
    "data", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 300 + b"]" * 300, b'"' + b"[" * 300, b"]" * 300 + b"[" * 300]
)
def test_json_beyond_the_depth_is_refused_before_decoding(data: bytes) -> None:
    """Deep or broken nesting never reaches a decoder, whose recursion would end the process."""
    with pytest.raises(BodyUnreadable):
        require_shallow(data)

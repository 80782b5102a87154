"""
Every case of the PACT conformance tool, mandatory and optional, against the running server, callbacks included; 9, 10,
11 and 17, of plain http, are in ``test_tls``.

Cases by number as the tool at wbcsd/pact-conformance-service @ 839bfe8 has them for V3.0 and V2.0 to 2.3; answers are
held against the schemas it validates with (``vectors/pact_schemas.json``, MIT).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jsonschema_rs
import pytest

from tests.pact.conftest import Exchanging

SCHEMAS = json.loads((Path(__file__).parent.parent / "vectors" / "pact_schemas.json").read_text())["versions"]
NOBODY = "00000000-0000-0000-0000-000000000000"
VERSIONS = ("2.0", "2.1", "2.2", "2.3", "3.0")


def faults(version: str, shape: str, value: Any) -> list[str]:
    """What the tool's schema finds wrong."""
    schema = {"$ref": f"#/components/schemas/{shape}", "components": {"schemas": SCHEMAS[version]}}
    checker = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [str(one).split("\n", 1)[0] for one in checker.iter_errors(value)]


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest, exchanging: Exchanging) -> str:
    """The version of the protocol, which the partner speaks as well."""
    found: str = request.param
    exchanging.register(2 if found.startswith("2") else 3)
    return found


@pytest.fixture
def at(version: str) -> str:
    """The first part of the addresses."""
    return f"/{version[0]}"


@pytest.fixture
def client(exchanging: Exchanging, version: str) -> Iterator[httpx.Client]:
    with exchanging.client() as found:
        yield found


@pytest.fixture
def first(client: httpx.Client, at: str) -> dict[str, Any]:
    """What the tool takes every id from."""
    found: dict[str, Any] = client.get(f"{at}/footprints").json()["data"][0]
    return found


def test_setup_1_2_18_19_tokens(exchanging: Exchanging) -> None:
    """Discovery names an endpoint that works; the usual one works too; wrong credentials are refused."""
    base = exchanging.house.url
    named = httpx.get(f"{base}/.well-known/openid-configuration").json()["token_endpoint"]
    for endpoint in (named, f"{base}/auth/token"):
        for secret, statuses in ((exchanging.secret, {200}), ("wrong", {400, 401})):
            answer = httpx.post(
                endpoint, auth=(exchanging.client_id, secret), data={"grant_type": "client_credentials"}
            )
            assert answer.status_code in statuses
            assert ("access_token" in answer.json()) == (200 in statuses)


def test_3_4_5_lists_and_single_ones(client: httpx.Client, at: str, version: str) -> None:
    """Each valid by the tool's schema, the same at every call, and page by page without repeating or losing any."""
    listed = client.get(f"{at}/footprints").json()["data"]
    assert len(listed) >= 2
    assert client.get(f"{at}/footprints").json()["data"] == listed
    for one in listed:
        assert faults(version, "ProductFootprint", one) == []
        single = client.get(f"{at}/footprints/{one['id']}")
        assert single.json() == {"data": one}
    paged, address = [], f"{at}/footprints?limit=1"
    while address:
        answer = client.get(address)
        assert len(answer.json()["data"]) <= 1
        paged += answer.json()["data"]
        assert client.get(address).json() == answer.json(), "a link may be called again"
        link = answer.headers.get("link", "")
        address = link[1 : link.index(">")] if link else ""
        assert not link or (link.endswith('; rel="next"') and address.startswith(str(client.base_url).rstrip("/")))
    assert paged == listed


def test_6_7_16_bad_tokens(client: httpx.Client, at: str, version: str, first: dict[str, Any]) -> None:
    """Lists, single footprints and events with a token that is none: 401 and BadRequest."""
    bad = {"Authorization": "Bearer bad"}
    event = published(version, [first["id"]], "https://other.example")
    for answer in (
        client.get(f"{at}/footprints", headers=bad),
        client.get(f"{at}/footprints/{first['id']}", headers=bad),
        client.post(f"{at}/events", content=json.dumps(event), headers=bad | CLOUD),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "BadRequest")
        assert faults(version, "Error", answer.json()) == []


def test_8_unknown(client: httpx.Client, at: str) -> None:
    """A footprint that there is not."""
    for name in (NOBODY, "non-existent-id"):
        answer = client.get(f"{at}/footprints/{name}")
        code = "NoSuchFootprint" if at == "/2" else "NotFound"
        assert (answer.status_code, answer.json()["code"]) == (404, code)


CLOUD = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}


def created(version: str, product_ids: list[str], source: str, name: str) -> dict[str, Any]:
    """A request, as the tool sends it."""
    two = version.startswith("2")
    kind = (
        "org.wbcsd.pathfinder.ProductFootprintRequest.Created.v1"
        if two
        else ("org.wbcsd.pact.ProductFootprint.RequestCreatedEvent.3")
    )
    data = {"pf": {"productIds": product_ids}, "comment": "please"} if two else {"productId": product_ids}
    return {
        "specversion": "1.0",
        "id": name,
        "source": source,
        "time": "2026-11-26T00:00:00Z",
        "type": kind,
        "data": data,
    }


def published(version: str, ids: list[str], source: str) -> dict[str, Any]:
    """An announcement, as the tool sends it."""
    kind = (
        "org.wbcsd.pathfinder.ProductFootprint.Published.v1"
        if version.startswith("2")
        else ("org.wbcsd.pact.ProductFootprint.PublishedEvent.3")
    )
    head = {"specversion": "1.0", "id": str(uuid4()), "source": source, "time": "2026-11-26T00:00:00Z"}
    return {**head, "type": kind, "data": {"pfIds": ids}}


def test_12_13_14_requests_and_callbacks(
    exchanging: Exchanging, client: httpx.Client, at: str, version: str, first: dict[str, Any]
) -> None:
    """Answered 200 at once; then one callback to the registered address, fulfilled or rejected; never a second one."""
    listener, before = exchanging.listener, len(exchanging.listener.events)
    run = str(uuid4())
    good = created(version, first["productIds"], listener.url, f"{run}/12")
    hopeless = created(version, ["urn:pact:null"], listener.url, f"{run}/14")
    for event in (good, hopeless, good):
        answer = client.post(f"{at}/events", content=json.dumps(event), headers=CLOUD)
        assert (answer.status_code, answer.content) == (200, b"")
    found = {one["data"]["requestEventId"]: (path, one) for path, one in answers(exchanging, before, 2)}
    path, fulfilled = found[f"{run}/12"]
    assert path == f"{at}/events"
    assert faults(version, "RequestFulfilledEvent", fulfilled) == []
    assert {one["id"] for one in fulfilled["data"]["pfs"]} == {first["id"]}
    for one in fulfilled["data"]["pfs"]:
        assert faults(version, "ProductFootprint", one) == []
    path, rejected = found[f"{run}/14"]
    assert path == f"{at}/events"
    # The tool checks no schema here, and the enumeration of its version 2 lacks the code that version 2 asks for.
    assert at == "/2" or faults(version, "RequestRejectedEvent", rejected) == []
    assert rejected["data"]["error"]["code"] == ("NoSuchFootprint" if at == "/2" else "NotFound")
    assert len(list(answers(exchanging, before, 2))) == 2


def answers(exchanging: Exchanging, before: int, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Answers to requests since; announcements that come between are none."""
    import time

    until = time.monotonic() + 20
    while True:
        found = [one for one in exchanging.listener.events[before:] if "requestEventId" in one[1]["data"]]
        if len(found) >= count or time.monotonic() > until:
            assert len(found) >= count, exchanging.house.ledger.exchange.store.outbox("demo", 10)
            return found
        time.sleep(0.05)


def test_15_40_announcements(client: httpx.Client, at: str, version: str) -> None:
    """Of footprints we do not know: 200; of things that are no UUID, or that are no event at all: 400."""
    good = published(version, [NOBODY], "https://unknown.example")
    assert client.post(f"{at}/events", content=json.dumps(good), headers=CLOUD).status_code == 200
    assert client.post(f"{at}/events", json=good).status_code == 200
    for bad in (
        published(version, ["urn:gtin:4712345060507"], "https://unknown.example"),
        published(version, [], "https://unknown.example"),
        good | {"specversion": "0.3"},
        good | {"data": None},
        good | {"type": "org.example.nothing"},
        [],
    ):
        answer = client.post(f"{at}/events", content=json.dumps(bad), headers=CLOUD)
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_20_filters_of_version_2(client: httpx.Client, at: str, first: dict[str, Any]) -> None:
    """``$filter``, with plus for space as the tool sends it; what is not offered is refused, nothing is guessed."""
    if at == "/3":
        answer = client.get(f"{at}/footprints", params={"$filter": "created ge '2026-01-01T00:00:00Z'"})
        assert answer.json()["data"], "version 3 has no $filter and takes no notice of one"
        return
    for text, hits in (
        (f"created+ge+'{first['created']}'", True),
        ("created+lt+'2000-01-01T00:00:00.000Z'", False),
        ("productCategoryCpc+eq+'41512'", True),
        ("pcf/geographyCountry+eq+'DE'+and+(pcf/referencePeriodEnd+le+'2026-01-01T00:00:00%2B00:00')", True),
        (f"productIds/any(productId:(productId+eq+'{first['productIds'][0].upper()}'))", True),
        ("companyIds/any(c:(c+eq+'urn:none'))", False),
    ):
        answer = client.get(f"{at}/footprints?$filter={text}")
        assert answer.status_code == 200, answer.text
        assert bool(answer.json()["data"]) == hits, text
    for bad in ("created+near+'x'", "price+eq+'1'", "(created+ge+'2026-01-01T00:00:00Z'", "%27"):
        answer = client.get(f"{at}/footprints?$filter={bad}")
        assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_20_to_39_filters_of_version_3(client: httpx.Client, at: str, first: dict[str, Any]) -> None:
    """Unencoded, alone and together, alternatives, other case, empty values, and values that nothing has."""
    if at == "/2":
        return
    product, company, kind = first["productIds"][0], first["companyIds"][0], first["productClassifications"][0]

    def ask(query: str) -> list[dict[str, Any]]:
        answer = client.get(f"{at}/footprints?{query}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    everything = ask("")
    assert {one["id"] for one in ask(f"productId={product}")} == {first["id"]}
    assert {one["id"] for one in ask(f"productId={product.upper()}")} == {first["id"]}
    assert ask(f"companyId={company}") == everything
    assert ask("geography=DE") == everything
    assert ask(f"classification={kind}") == everything
    assert ask("validOn=2026-01-01T00:00:00Z") == everything
    assert ask("validOn=2028-12-31T00:00:00Z") == everything
    assert ask("validAfter=2025-12-31T00:00:00.000Z") == everything
    assert ask("validAfter=2026-01-01T00:00:00+00:00") == []
    assert ask("validBefore=2029-01-01T00:00:00Z") == everything
    assert [one["status"] for one in ask("status=Deprecated")] == ["Deprecated"]
    assert ask(f"status=Active&productId={product}") == [first]
    assert ask(f"companyId={company}&companyId=rnd8rnd8&companyId=other") == everything
    assert ask("geography=&classification=&status=") == everything
    for nothing in (
        "productId=urn:bogus", "companyId=bogus", "geography=XX", "classification=bogus",
        "validOn=1900-01-01T00:00:00Z",
        "validAfter=2099-01-01T00:00:00Z", "validBefore=1900-01-01T00:00:00Z", "status=BogusStatusXXXXXXXX",
        f"productId={product}&geography=FR", f"productId={product}&status=Deprecated",
    ):  # fmt: skip
        assert ask(nothing) == [], nothing
    answer = client.get(f"{at}/footprints?validOn=yesterday")
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert client.get(f"{at}/footprints?limit=0").status_code == 400

"""Footprints by a file: everything wrong at once and at its place, nothing recorded unasked, nobody's but one's own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ledger.log.proof import record_of
from ledger.pact.version2 import to_version2
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from tests.api.house import House, served
from tests.pact.partner import footprint

BOTH = ("org-a", "org-b")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two suppliers that sign in."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger, keys = house.ledger, dict(house.keys)
        tenant = ledger.settings.tenant
        parts = (ledger.clock, ledger.random)
        for name in BOTH:
            add_organisation(
                ledger.organisations, *parts, tenant=tenant, name=name.upper(), kind="supplier", organisation_id=name
            )
            terms: dict[str, Any] = {"tenant": tenant, "name": name, "role": "supplier", "organisation": name}
            keys[name] = issue_key(ledger.principals, *parts, days=1, **terms)[1]
        yield House(house.url, ledger, keys, house.app)


def send(
    door: House, holder: str, content: Any, *, act: str = "check", supplier: str = "org-a", locale: str = "en"
) -> httpx.Response:
    """A file chosen in the form."""
    data = content if isinstance(content, bytes) else json.dumps(content, default=float).encode()
    files = {"file": ("pcf.json", data, "application/json")}
    with door.client(holder, accept="text/html", accept_language=locale) as client:
        return client.post("/pcf/new", data={"supplier": supplier, "act": act}, files=files)


def recorded(door: House, answer: httpx.Response) -> dict[str, Any]:
    """The record that an answer leads to."""
    assert answer.status_code == 303, answer.text
    return record_of(door.ledger.entries.entry(int(answer.headers["location"].rpartition("/")[2])))


def test_a_good_file_is_shown_and_then_recorded_as_it_was_checked(door: House) -> None:
    """Checking records nothing; what the page holds is what is recorded, and once, however often."""
    before = door.ledger.entries.size()
    sent = footprint(1)
    checked = send(door, "org-a", {"data": sent})
    assert (checked.status_code, door.ledger.entries.size()) == (200, before)
    assert "18.60" in checked.text
    kept = html.unescape(re.findall(r'name="document" value="([^"]*)"', checked.text)[0])
    with door.client("org-a", accept="text/html") as client:
        form = {"supplier": "org-a", "document": kept, "act": "record"}
        record, again = (recorded(door, client.post("/pcf/new", data=form)) for _ in range(2))
        assert "Wire 1" in client.get("/pcf").text
    assert record == again
    assert (record["kind"], record["supplier"], record["footprint"]) == ("pcf", "org-a", sent)
    assert door.ledger.entries.size() == before + 1


def test_every_fault_stands_at_its_pointer_in_the_readers_language(door: House) -> None:
    """Several footprints, faults in two of them, all at once; the good one is not recorded without the others."""
    before = door.ledger.entries.size()
    wrong = footprint(3, companyName="", fossilGhgEmissions="-1", geographyCountry="china", exemptedEmissionsPercent=3)
    short = footprint(4)
    del short["pcf"]["declaredUnitAmount"], short["productIds"]
    content = {"data": [footprint(2), wrong, short]}
    for locale, word in (("en", "it is missing"), ("zh-CN", "缺少该字段")):
        answer = send(door, "org-a", content, act="record", locale=locale)
        assert answer.status_code == 422
        assert word in answer.text
        assert 'value="record"' not in answer.text
        places = set(re.findall(r"/data/\d/[A-Za-z/0-9]+", answer.text))
        assert places == {
            "/data/1/companyName",
            "/data/1/pcf/fossilGhgEmissions",
            "/data/1/pcf/geographyCountry",
            "/data/1/pcf/exemptedEmissionsPercent",
            "/data/2/pcf/declaredUnitAmount",
            "/data/2/productIds",
        }
    assert door.ledger.entries.size() == before


def test_what_the_methodology_asks_is_said_and_refuses_nothing(door: House) -> None:
    """Parts that do not sum to the whole are a warning at the figure."""
    odd = footprint(5, fossilGhgEmissions="18.50")
    checked = send(door, "org-a", odd)
    assert checked.status_code == 200
    assert "/pcf/pcfExcludingBiogenicUptake" in checked.text
    assert recorded(door, send(door, "org-a", odd, act="record"))["footprint"] == odd


def test_version_2_is_recorded_as_version_3_states_it(door: House) -> None:
    """Per unit becomes per declared amount, by exact decimals, numbers of JSON by the digits they are written with."""
    three = footprint(6)
    two = to_version2(three, deprecated_at=None)
    two["pcf"]["primaryDataShare"] = 56.12
    record = recorded(door, send(door, "org-a", {"data": [two]}, act="record"))
    assert record["footprint"]["pcf"]["pcfExcludingBiogenicUptake"] in {"18.6", "18.60"}
    assert record["footprint"]["pcf"]["primaryDataShare"] == "56.12"
    assert record["footprint"]["specVersion"] == "3.0.0"
    for part, value in (("id", 7), ("extensions", 7), ("pcf", []), ("version", "one")):
        assert send(door, "org-a", two | {part: value}).status_code == 422
    assert send(door, "org-a", two | {"id": "no", "version": 2}).status_code == 422


def test_what_holds_no_footprints_says_why(door: House) -> None:
    """Not JSON, nothing in it, far too many, too deep, too long."""
    for content in (b"PK\x03\x04", b"", b"\xff", {"data": []}, [footprint(1)] * 51):
        assert send(door, "org-a", content).status_code == 422
    assert send(door, "org-a", ["no"]).status_code == 422
    assert send(door, "org-a", b"[" * 5_000).status_code == 400
    assert send(door, "org-a", b" " * 500_001).status_code == 413


def test_only_for_ones_own_organisation(door: House) -> None:
    """Another's is absent, whoever owns an id keeps it, the house chooses, and a reader does not get in."""
    before = door.ledger.entries.size()
    assert send(door, "org-b", footprint(7), act="record", supplier="org-a").status_code == 404
    assert send(door, "supplier", footprint(7), act="record", supplier="org-a").status_code == 404
    assert send(door, "other", footprint(7), act="record", supplier="org-a").status_code == 404
    assert send(door, "auditor", footprint(7), act="record").status_code == 403
    assert send(door, "manager", footprint(7), act="record", supplier="").status_code == 400
    assert door.ledger.entries.size() == before
    assert recorded(door, send(door, "manager", footprint(7), act="record"))["supplier"] == "org-a"
    assert send(door, "org-b", footprint(7), act="record", supplier="org-b").status_code == 422
    assert send(door, "org-a", footprint(7, comment="changed")).status_code == 422
    with door.client("org-b", accept="text/html") as client:
        shown = client.get("/pcf/new").text
    assert "ORG-B" in shown
    assert "ORG-A" not in shown
    product = footprint(8, productIds=["urn:pact:org-a.example:product-id:8"])
    recorded(door, send(door, "org-a", product, act="record"))
    with door.client("manager", accept="text/html") as client:
        assert client.get(f"/pcf/pcf:{product['id']}").status_code == 200

"""The desk over HTTP: footprints asked for and answered, reviewed and signed, and whose they are."""

from __future__ import annotations

import dataclasses
import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.log.canonical import canonical_bytes
from ledger.log.checkpoint import VerifierKey
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.pcf_requests import keep_calendar
from tests.api.house import OTHER, PRODUCT, House, served

DECLARED: dict[str, Any] = {
    "boundary": "cradle_to_gate",
    "declared_unit": "piece",
    "id": "pcf-a",
    "kind": "product_footprint",
    "name": "环网柜",
    "occurred_at": "2026-01-10T08:00:00Z",
    "pcf_kg_co2e": "100",
    "product": PRODUCT,
    "supplier": "org-a",
    "valid_from": "2026-01-01",
    "valid_to": "2099-12-31",
    "version": 1,
}
EXAMINED: dict[str, Any] = {
    "pcf": "pcf-a",
    "provider": "CQC",
    "scope": "ISO 14064-3:2019",
    "level": "limited",
    "materiality_pct": "5",
    "verdict": "verified",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two suppliers and two verifiers, and a footprint of the first supplier."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger = house.ledger
        keys = dict(house.keys)
        for name in ("org-a", "org-b"):
            parts = (ledger.organisations, ledger.clock, ledger.random)
            add_organisation(
                *parts, tenant=ledger.settings.tenant, name=name.upper(), kind="supplier", organisation_id=name
            )
        for name, role in (("org-a", "supplier"), ("org-b", "supplier"), ("org-v", "auditor"), ("org-a", "auditor")):
            keys[f"{role}@{name}"] = issue_key(
                ledger.principals,
                ledger.clock,
                ledger.random,
                tenant=ledger.settings.tenant,
                name=name,
                role=role,
                days=1,
                organisation=name,
            )[1]
        found = dataclasses.replace(house, keys=keys)
        with found.client("owner") as client:
            assert client.post("/api/v1/records", json=[DECLARED]).status_code in {200, 201}
        yield found


def ask(desk: House, **changes: Any) -> str:
    """A request to the first supplier; its id."""
    due = datetime.now(UTC).date() + timedelta(days=30)
    body = {"suppliers": ["org-a"], "products": [{"product": PRODUCT, "name": "环网柜"}], "due": due.isoformat()}
    with desk.client("procurement") as client:
        answer = client.post("/api/v1/pcf/requests", json=body | changes)
        assert answer.status_code == 200, answer.text
        index = answer.json()["requests"][0]["index"]
        return str(client.get(f"/api/v1/entries/{index}").json()["record"]["id"])


def step(desk: House, holder: str, request: str, name: str, **says: Any) -> httpx.Response:
    """A step of it in somebody's name."""
    with desk.client(holder) as client:
        return client.post(f"/api/v1/pcf/requests/{request}/steps", json={"step": name} | says)


def seen(desk: House, holder: str) -> set[str]:
    """The requests a party sees."""
    with desk.client(holder) as client:
        return {one["request"] for one in client.get("/api/v1/pcf/requests").json()["requests"]}


def test_a_request_goes_from_the_house_to_the_supplier_and_back(desk: House) -> None:
    """Asked, extended, handed on, answered; each step by whose it is, each an entry."""
    name = ask(desk)
    later = (datetime.now(UTC).date() + timedelta(days=45)).isoformat()
    assert step(desk, "supplier@org-a", name, "extension_granted", due=later).status_code == 409
    assert step(desk, "supplier@org-a", name, "extension_asked", due=later, reason="抄表").status_code == 200
    assert step(desk, "supplier@org-a", name, "extension_asked", due=later, reason="again").status_code == 409
    granted = step(desk, "procurement", name, "extension_granted", due=later)
    assert (granted.json()["due"], granted.json()["days_left"]) == (later, 45)
    assert step(desk, "supplier@org-a", name, "delegated", organisation="org-b").status_code == 200
    assert step(desk, "supplier@org-a", name, "declined", reason="no").status_code == 409
    assert step(desk, "supplier@org-b", name, "fulfilled", pcf="nosuch").status_code == 404
    done = step(desk, "supplier@org-b", name, "fulfilled", pcf="pcf-a").json()
    assert (done["status"], done["pcf"], len(done["steps"])) == ("fulfilled", "pcf-a", 4)
    assert step(desk, "procurement", name, "withdrawn", reason="late").status_code == 409
    with desk.client("owner") as client:
        record = client.get(f"/api/v1/entries/{done['steps'][-1]['entry']}").json()["record"]
    assert (record["kind"], record["step"], record["by"]) == ("pcf_answer", "fulfilled", "supplier")


def test_nobody_sees_or_answers_what_was_asked_of_others(desk: House) -> None:
    """Absent alike for another supplier, an account without an organisation, and another tenant."""
    name = ask(desk)
    assert name in seen(desk, "supplier@org-a") & seen(desk, "manager") & seen(desk, "auditor")
    for holder in ("supplier@org-b", "supplier", "other"):
        assert name not in seen(desk, holder)
        assert step(desk, holder, name, "declined", reason="no").status_code == 404
        with desk.client(holder) as client:
            assert client.get(f"/api/v1/pcf/requests/{name}").status_code == 404
            assert client.get("/api/v1/pcf/footprints/pcf-a").status_code == 404
            assert client.get("/api/v1/pcf/footprints").json()["footprints"] == []
    assert step(desk, "procurement", name, "withdrawn", reason="误发").json()["status"] == "withdrawn"


def test_wrong_requests_come_back_with_their_reason(desk: House) -> None:
    """A day that is over, a product that cannot be read, a body of another shape; nothing is half done."""
    past = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    body = {"suppliers": ["org-a"], "products": [{"product": PRODUCT}], "due": past}
    before = desk.ledger.entries.size()
    with desk.client("manager") as client:
        assert client.post("/api/v1/pcf/requests", json=body).status_code == 422
        assert client.post("/api/v1/pcf/requests", json=body | {"suppliers": []}).status_code == 400
        today = datetime.now(UTC).date().isoformat()
        assert client.post("/api/v1/pcf/requests", json=body | {"due": today, "suppliers": ["no"]}).status_code == 404
        wrong = body | {"due": datetime.now(UTC).date().isoformat(), "products": [{"product": "(01)123"}]}
        assert client.post("/api/v1/pcf/requests", json=wrong).status_code == 400
    assert desk.ledger.entries.size() == before
    for kind in ("pcf_request", "pcf_answer", "pcf_review"):
        with desk.client("owner") as client:
            outcome = client.post("/api/v1/records", json=[{"kind": kind}])
        assert "record.unreadable" in outcome.text or "record.made-by-ledger" in outcome.text


def test_the_calendar_is_entered_once_by_however_many(desk: House) -> None:
    """What falls due today is a reminder, the same from any process; nothing the second time."""
    name = ask(desk, due=(datetime.now(UTC).date() + timedelta(days=7)).isoformat())
    tenant = desk.ledger.settings.tenant
    made = [one for _, one in keep_calendar(desk.ledger, [tenant, OTHER]) if one.request == name]
    assert [(one.step, one.days) for one in made] == [("reminded", 7)]
    assert keep_calendar(desk.ledger, [tenant, OTHER]) == []


def review(desk: House, holder: str, **changes: Any) -> httpx.Response:
    """A statement in somebody's name."""
    with desk.client(holder) as client:
        return client.post("/api/v1/pcf/reviews", json=EXAMINED | changes)


def status(desk: House, holder: str = "owner") -> str:
    """How the footprint stands."""
    with desk.client(holder) as client:
        return str(client.get("/api/v1/pcf/footprints/pcf-a").json()["status"])


def test_a_review_makes_a_footprint_verified_and_is_signed(desk: House) -> None:
    """By another organisation alone, as far as its findings allow; the signature holds without the ledger."""
    assert status(desk, "supplier@org-a") == "recorded"
    assert review(desk, "owner").status_code == 403
    assert review(desk, "auditor@org-a").json()["type"].endswith("desk.own-footprint")
    finding = {"about": "fossil", "severity": "major", "state": "open", "words": "电表", "effect_kg_co2e": "-6"}
    assert review(desk, "auditor@org-v", findings=[finding]).status_code == 400
    assert review(desk, "auditor@org-v", verdict="returned").status_code == 400
    returned = review(desk, "auditor@org-v", verdict="returned", reasons="电表读数不符", findings=[finding])
    assert (returned.status_code, status(desk)) == (201, "returned")
    assert returned.json()["uncorrected_kg_co2e"] == "6"
    made = review(desk, "auditor@org-v", findings=[finding | {"state": "corrected"}])
    assert (made.status_code, status(desk, "supplier@org-a")) == (201, "verified")

    with desk.client("supplier@org-a") as client:
        found = client.get(made.headers["location"]).json()
        body = client.get("/api/v1/pcf/footprints/pcf-a").json()
    assert body["reviews"] == [returned.json()["record"]["id"], found["record"]["id"]]
    record = dict(found["record"])
    signature = record.pop("signature")
    key = VerifierKey.parse(signature["key"])
    assert key == desk.ledger.note_key.verifier
    assert b64decode(found["signed"]) == canonical_bytes(record)
    public = Ed25519PublicKey.from_public_bytes(key.public)
    public.verify(b64decode(signature["value"]), canonical_bytes(record))
    assert json.loads(b64decode(found["signed"]))["sha256"] == body["sha256"]
    with desk.client("supplier@org-b") as client:
        assert client.get(made.headers["location"]).status_code == 404


def test_the_pages_do_the_same_by_forms(desk: House) -> None:
    """Asked, refused, answered and withdrawn on the pages, in both languages; each reader is offered its own steps."""
    due = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    form = {"suppliers": ["org-a", "org-b"], "products": f"{PRODUCT} 环网柜", "due": due, "grace_days": "0"}
    with desk.client("manager", accept="text/html", accept_language="zh-CN") as client:
        assert client.post("/desk/requests", data=form).status_code == 303
        board = client.get("/desk").text
        assert "还剩 3 天" in board
        assert client.post("/desk/requests", data=form | {"products": ""}).status_code == 400
    with desk.client("supplier@org-b", accept="text/html", accept_language="en") as client:
        inbox = client.get("/desk").text
        name = inbox.split('href="/desk/requests/')[1].partition('"')[0]
        shown = client.get(f"/desk/requests/{name}").text
        assert "Decline" in shown
        assert "Withdraw" not in shown
        answer = client.post(f"/desk/requests/{name}", data={"step": "declined", "reason": "out of production"})
        assert answer.status_code == 303
        assert "declined" in client.get(answer.headers["location"]).text
        assert client.post(f"/desk/requests/{name}", data={"step": "nosuch"}).status_code == 400
    with desk.client("auditor@org-v", accept="text/html", accept_language="en") as client:
        said = EXAMINED | {"words_0": "meter", "severity_0": "minor"}
        said |= {"state_0": "open", "effect_0": "1.5", "verdict": "verified_with_remarks", "reasons": "see finding"}
        made = client.post("/statements", data=said)
        assert made.status_code == 303
        address = made.headers["location"]
        page = client.get(address).text
        assert "verified with remarks" in page
        assert "5 kg CO₂e" in page
        assert client.get(f"{address}?as=pdf").content.startswith(b"%PDF-")
        assert client.get(f"{address}?as=json").json()["uncorrected_kg_co2e"] == "1.5"
        assert "verified with remarks" in client.get("/pcf/pcf-a").text
        assert client.get("/pcf?shown=review").status_code == 200

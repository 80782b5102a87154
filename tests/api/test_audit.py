"""Deeds over HTTP: what a request leaves in the log, who may read it, and how it looks."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest

from api.limits import LIMITS
from ledger.log.proof import Proof, verify
from ledger.services.attempts import Limit
from ledger.services.people import invite
from tests.api.house import SUPPLIER, House, served

PAGE = {"accept": "text/html", "accept_language": "en"}
PASSWORD = "纸船在雨里走了很远很远很远"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house where things were done: see ``_happens``."""
    with served(tmp_path_factory.mktemp("home")) as house:
        _happens(house)
        house.app.state.runtime.gathering.write(whole=True)
        house.settled()
        yield house


def _happens(house: House) -> None:
    terms = {"email": "one@example.com", "name": "Zhang Wei", "role": "supplier", "organisation": SUPPLIER}
    _, secret = invite(house.ledger, tenant=house.ledger.settings.tenant, **terms)
    with house.client("owner") as owner:
        made = owner.post("/api/v1/keys", json={"name": "gate", "role": "warehouse", "days": 1}).json()["details"]["id"]
        newer = owner.post(f"/api/v1/keys/{made}/successor").json()["details"]["id"]
        assert owner.delete(f"/api/v1/keys/{newer}").status_code == 204
        assert owner.get("/routes", params={"as": "csv"}).status_code == 200
    with house.client("warehouse") as scanner:
        for _ in range(3):
            assert scanner.get("/api/v1/keys").status_code == 403
    with house.client() as public:
        public.get("/api/v1/entries", headers={"Authorization": f"Bearer ocl_{made}_wrong"})
        public.get("/api/v1/entries", headers={"Authorization": "Bearer ocl_madeup_wrong"})
        public.post("/login", data={"email": "nobody@example.com", "password": "x"})
        assert public.post(f"/welcome/{secret}", data={"password": PASSWORD}).status_code == 303
        public.post("/login", data={"email": "one@example.com", "password": "wrong"})
        public.post("/login", data={"email": "one@example.com", "password": PASSWORD})
        public.post("/auth/token", data={"grant_type": "client_credentials"}, auth=(made, "wrong"))


def _deeds(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/audit", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["deeds"]
    return found


def test_a_request_leaves_its_deeds(house: House) -> None:
    """Keys in order, refusals by whose key or account it was, repeats as one with their number, and the export."""
    with house.client("auditor") as auditor:
        keys = [(d["act"], d["principal"], d["role"]) for d in _deeds(auditor) if d["act"].endswith("_key")][::-1]
        person = _deeds(auditor, act="accept_invitation")[0]["object"]
        assert person.startswith("person")
        assert [d["object"] for d in _deeds(auditor, act="sign_in", outcome="refused")].count(person) == 1
        assert [d["principal"] for d in _deeds(auditor, act="sign_in", outcome="done")] == [person]
        (denied,) = _deeds(auditor, act="authorise")
        wrong = _deeds(auditor, act="use_key")
        (export,) = _deeds(auditor, act="export")
        (token,) = _deeds(auditor, act="issue_token")
    assert [one for one in keys if one[0] != "use_key"] == [
        ("issue_key", "owner", "warehouse"),
        ("replace_key", "owner", "warehouse"),
        ("issue_key", "owner", "warehouse"),
        ("revoke_key", "owner", ""),
    ]
    assert (denied["object"], denied["times"], denied["reason"]) == ("/api/v1/keys", 3, "access.role")
    assert sorted(len(deed["object"]) for deed in wrong) == [0, 16], "a made-up id is written down nowhere"
    assert {deed["principal"] for deed in wrong} == {"public"}
    assert token["object"] in {deed["object"] for deed in wrong}
    assert (export["object"], export["principal"]) == ("/routes", "owner")


def test_each_deed_is_an_entry_with_a_proof_and_nothing_of_a_person(house: House) -> None:
    """The proof holds; no name, address or secret is in any body."""
    with house.client("auditor") as auditor:
        found = _deeds(auditor)
        bodies = [auditor.get(f"/api/v1/entries/{deed['entry']}").text for deed in found]
        proof = auditor.get(f"/api/v1/entries/{found[0]['entry']}/proof").content
    verify(Proof.from_bytes(proof), key=house.ledger.note_key.verifier)
    said = "".join(bodies)
    secrets = [key.split("_", 2)[2] for key in house.keys.values()]
    for text in ("@", "Zhang", "127.0.0.1", PASSWORD, "madeup", *secrets):
        assert text not in said


def test_only_the_owner_and_auditors_see_deeds(house: House) -> None:
    """For everyone else the page is refused and the entries are absent, in lists and one by one; no tenant sees all."""
    with house.client("auditor") as auditor:
        index = _deeds(auditor)[0]["entry"]
    for role in ("manager", "warehouse", "procurement", "supplier"):
        with house.client(role) as client:
            assert client.get("/audit").status_code == 403
            assert client.get(f"/api/v1/entries/{index}").status_code == 404
            assert client.get(f"/api/v1/entries/{index}/proof").status_code == 404
            listed = client.get("/api/v1/entries", params={"limit": 1000}).json()["entries"]
            assert "audit" not in {entry["kind"] for entry in listed}
    with house.client("other") as other:
        assert _deeds(other) == []
    with house.client("owner") as owner:
        record = {"kind": "audit", "id": "a", "act": "sign_in", "outcome": "done", "principal": "owner", "version": 1}
        made_up = owner.post("/api/v1/records", json=[record | {"occurred_at": "2026-05-01T08:00:00Z"}]).json()
        assert made_up["rows"][0]["problem"]["code"] == "record.made-by-ledger"


def test_the_page_leads_to_entries_and_exports(house: House) -> None:
    """Every line has its entry and its proof; a file has the same lines; a choice that fits nothing says so."""
    with house.client("auditor", **PAGE) as auditor:
        text = auditor.get("/audit").text
        found = _deeds(auditor)
        sheet = auditor.get("/api/v1/audit", params={"format": "csv"}).content.decode("utf-8-sig")
        empty = auditor.get("/audit", params={"act": "disclose"}).text
        refused = [auditor.get("/audit", params={"since": "x"}), auditor.get("/audit", params={"act": "x"})]
    assert re.findall(r'href="/entries/(\d+)"', text) == [str(deed["entry"]) for deed in found]
    assert text.count("/proof") == len(found)
    assert "Zhang Wei" in text, "a page may name whom the log does not"
    rows = list(csv.DictReader(StringIO(sheet)))
    assert [row["entry"] for row in rows] == [str(deed["entry"]) for deed in found]
    assert "No deeds here" in empty
    assert [answer.status_code for answer in refused] == [400, 400]


def test_costly_requests_have_a_limit_per_principal(house: House) -> None:
    """Past it 429 with Retry-After, in every form of error; others go on; the log says once who was stopped."""
    runtime = house.app.state.runtime
    before = runtime.allowance.limits
    runtime.allowance.limits = dict.fromkeys(LIMITS, Limit(2, 60))
    try:
        with house.client("manager") as client, house.client("admin") as other:
            asked = [client.post("/api/v1/runs", json={}) for _ in range(4)]
            assert [answer.status_code == 429 for answer in asked] == [False, False, True, True]
            assert 0 < int(asked[-1].headers["retry-after"]) <= 60
            assert asked[-1].json()["code"] == "access.too-many-requests"
            assert client.get("/api/v1/runs").status_code == 200, "what costs little has no limit"
            assert other.post("/api/v1/runs", json={}).status_code != 429
    finally:
        runtime.allowance.limits = before
    runtime.gathering.write(whole=True)
    with house.client("auditor") as auditor:
        (stopped,) = _deeds(auditor, act="authorise", outcome="locked")
    assert (stopped["object"], stopped["times"]) == ("/api/v1/runs", 2)

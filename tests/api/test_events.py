"""Capturing events: one at a time and in documents, with their places, repeats and conflicts."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.log.checkpoint import VerifierKey
from ledger.log.proof import Proof, record_of, verify
from ledger.records.epcis import record_id
from tests.api.house import PRODUCT, House, event

VECTORS = Path(__file__).parents[1] / "vectors"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


def test_a_new_event_is_sequenced_and_found_again(house: House) -> None:
    """201 with index, state and Location; the Location gives the event as it was handed in."""
    sent = event("urn:uuid:new")
    with house.client("warehouse") as client:
        answer = client.post("/events", json=sent)
        assert answer.status_code == 201
        receipt = answer.json()
        assert receipt["eventID"] == "urn:uuid:new"
        assert receipt["state"] == "sequenced"
        assert set(receipt) == {"eventID", "index", "recorded_at", "state"}
        found = client.get(answer.headers["location"]).json()
    assert {name: found[name] for name in sent} == sent
    assert found["recordTime"] == receipt["recorded_at"]
    assert house.ledger.entries.entry(receipt["index"]).tenant == house.ledger.settings.tenant


def test_the_same_event_again_is_the_same_entry(house: House) -> None:
    """200 with the first answer's body; with other content 409, whichever way it comes in."""
    with house.client("warehouse") as client:
        first = client.post("/events", json=event("urn:uuid:again"))
        second = client.post("/events", json=event("urn:uuid:again"))
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()
        other = client.post("/events", json=event("urn:uuid:again", bizStep="receiving"))
        assert other.status_code == 409
        problem = other.json()
        assert problem["type"] == "epcisException:ResourceAlreadyExistsException"
        assert problem["code"] == "log.conflict"


def test_a_hundred_at_once_with_one_id_are_one_entry(house: House) -> None:
    """One answer is 201, the others 200, all with one index."""
    size = house.ledger.entries.size()

    def send(_: int) -> httpx.Response:
        with house.client("warehouse") as client:
            return client.post("/events", json=event("urn:uuid:crowd"))

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] * 99 + [201]
    assert len({answer.json()["index"] for answer in answers}) == 1
    assert house.ledger.entries.size() == size + 1


BAD: list[tuple[str, dict[str, Any], str, str | None]] = [
    (
        "wrong check digit",
        {"epcList": [f"{PRODUCT}/21/1", f"{PRODUCT[:-1]}1/21/1"]},
        "identity.check-digit",
        "/epcList/1",
    ),
    ("no code at all", {"epcList": ["scanned something"]}, "identity.form", "/epcList/0"),
    ("nothing seen", {"epcList": []}, "record.missing", "/epcList"),
    ("bare time", {"eventTime": "2026-05-01T08:00:00"}, "record.unreadable", "/eventTime"),
    ("no zone", {"eventTimeZoneOffset": "+8"}, "record.unreadable", "/eventTimeZoneOffset"),
    ("zone out of range", {"eventTimeZoneOffset": "+15:00"}, "epcis.zone", "/eventTimeZoneOffset"),
    ("unknown action", {"action": "LOOK"}, "record.unreadable", "/action"),
    ("privileged field", {"tenant": "other-tenant"}, "epcis.extension", "/tenant"),
    ("children in an object event", {"childEPCs": [f"{PRODUCT}/21/9"]}, "epcis.field-of-other-type", "/childEPCs"),
    ("long id", {"eventID": "x" * 201}, "record.unreadable", None),
    ("fetched context", {"@context": ["http://169.254.169.254/latest"]}, "epcis.context", "/@context"),
    ("master data without namespace", {"action": "ADD", "ilmd": {"mass": 1.5}}, "epcis.extension", "/ilmd/mass"),
    ("prefix nobody declared", {"shop:till": 4}, "epcis.prefix", "/shop:till"),
    ("prefix of a scheme", {"@context": [{"urn": "https://example.com/"}]}, "epcis.prefix-reserved", "/@context"),
    ("made-up step", {"bizStep": "teleporting"}, "epcis.vocabulary", "/bizStep"),
]


@pytest.mark.parametrize("case", BAD, ids=[case[0] for case in BAD])
@pytest.mark.parametrize("way", ["front", "behind"])
def test_a_bad_event_is_refused_with_its_place(
    house: House, way: str, case: tuple[str, dict[str, Any], str, str | None]
) -> None:
    """400 with the fault's code and a pointer into the event as sent, on the hot path and on the ordinary one."""
    name, change, code, pointer = case
    size = house.ledger.entries.size()
    headers = {"content_type": "application/ld+json"} if way == "behind" else {}
    with house.client("warehouse", **headers) as client:
        client.get("/api/v1/entries?limit=1")  # so that the key was seen lately
        answer = client.post("/events", json=event("urn:uuid:bad") | change)
    assert answer.status_code == 400, (name, answer.text)
    problem = answer.json()
    assert problem["code"] == code
    assert problem["type"] == "epcisException:ValidationException"
    if pointer:
        assert problem["pointer"] == pointer
    assert house.ledger.entries.size() == size


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"ilmd":' * 60_000])
def test_what_is_no_event_is_refused_quickly(house: House, body: bytes) -> None:
    """400 for anything that is not a JSON object, however deep it nests."""
    with house.client("warehouse", content_type="application/json") as client:
        answer = client.post("/events", content=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_deep_master_data_is_refused(house: House) -> None:
    """Nesting beyond 32 has no canonical form here."""
    deep: Any = "end"
    for _ in range(27):
        deep = {"a": deep}
    sent = event("urn:uuid:deep", action="ADD", ilmd={"cbvmda:size": deep})
    with house.client("warehouse") as client:
        assert client.post("/events", json=sent).json()["code"] == "epcis.too-deep"


def test_a_known_context_is_left_out(house: House) -> None:
    """The event with GS1's context and the one without are the same record."""
    with house.client("warehouse") as client:
        first = client.post("/events", json={"@context": [CONTEXT]} | event("urn:uuid:context"))
        assert first.status_code == 201
        assert client.post("/events", json=event("urn:uuid:context")).status_code == 200


def test_keys_order_in_master_data_does_not_matter(house: House) -> None:
    """Free JSON is sorted before it is committed to."""
    with house.client("warehouse") as client:
        one = event("urn:uuid:ilmd", action="ADD", ilmd={"cbvmda:b": "1", "cbvmda:a": {"d": 2, "c": []}})
        two = event("urn:uuid:ilmd", action="ADD", ilmd={"cbvmda:a": {"c": [], "d": 2}, "cbvmda:b": "1"})
        assert client.post("/events", json=one).status_code == 201
        assert client.post("/events", json=two).status_code == 200


def test_a_chunked_event_is_taken(house: House) -> None:
    """A body of unknown length goes the ordinary way to the same entry."""
    import msgspec

    data = msgspec.json.encode(event("urn:uuid:chunked"))
    with house.client("warehouse", content_type="application/json") as client:
        assert client.post("/events", content=iter([data[:20], data[20:]])).status_code == 201
        assert client.post("/events", content=data).status_code == 200


def _document(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-01T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


def _outcome(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    outcome: dict[str, Any] = client.get(answer.headers["location"]).json()
    return outcome


def test_one_bad_event_rolls_a_document_back(house: House) -> None:
    """By default nothing of the document is recorded, and the fault has its place in it."""
    size = house.ledger.entries.size()
    with house.client("warehouse") as client:
        answer = client.post("/capture", json=_document(event("urn:uuid:c1"), event("urn:uuid:c2", epcList=["?"])))
        outcome = _outcome(client, answer)
    assert outcome["success"] is False
    assert outcome["running"] is False
    assert [error["pointer"] for error in outcome["errors"]] == ["/epcisBody/eventList/1/epcList/0"]
    assert house.ledger.entries.size() == size


def test_a_conflict_rolls_a_document_back(house: House) -> None:
    """An id that is recorded with other content, or twice in the document, keeps all of it out."""
    with house.client("warehouse") as client:
        client.post("/events", json=event("urn:uuid:taken"))
        size = house.ledger.entries.size()
        taken = client.post(
            "/capture", json=_document(event("urn:uuid:c3"), event("urn:uuid:taken", bizStep="packing"))
        )
        assert _outcome(client, taken)["errors"][0]["code"] == "log.conflict"
        twice = client.post("/capture", json=_document(event("urn:uuid:c4"), event("urn:uuid:c4", bizStep="packing")))
        assert _outcome(client, twice)["errors"][0]["pointer"] == "/epcisBody/eventList/1/eventID"
    assert house.ledger.entries.size() == size


def test_proceed_keeps_the_good_events(house: House) -> None:
    """With GS1-Capture-Error-Behaviour: proceed the bad event alone is left out."""
    size = house.ledger.entries.size()
    with house.client("warehouse", GS1_Capture_Error_Behaviour="proceed") as client:
        answer = client.post("/capture", json=_document(event("urn:uuid:c5"), event("urn:uuid:c6", epcList=["?"])))
        assert answer.headers["gs1-capture-error-behaviour"] == "proceed"
        outcome = _outcome(client, answer)
    assert len(outcome["errors"]) == 1
    assert house.ledger.entries.size() == size + 1


def test_a_document_sent_again_is_no_fault(house: House) -> None:
    """The same document twice is the same entries."""
    document = _document(event("urn:uuid:c7"), event("urn:uuid:c8"))
    with house.client("warehouse") as client:
        assert _outcome(client, client.post("/capture", json=document))["success"]
        size = house.ledger.entries.size()
        assert _outcome(client, client.post("/capture", json=document))["success"]
    assert house.ledger.entries.size() == size


def test_a_declared_error_stands_beside_its_event(house: House) -> None:
    """The same eventID with an errorDeclaration is an entry of its own; declared again otherwise it is a conflict."""
    wrong = event("urn:uuid:wrong")
    declared = wrong | {"errorDeclaration": {"declarationTime": "2026-05-02T08:00:00Z", "reason": "did_not_occur"}}
    with house.client("warehouse") as client:
        first = client.post("/events", json=wrong)
        second = client.post("/events", json=declared)
        assert (first.status_code, second.status_code) == (201, 201)
        assert client.post("/events", json=declared).status_code == 200
        later = declared["errorDeclaration"] | {"declarationTime": "2026-05-03T08:00:00Z"}
        assert client.post("/events", json=declared | {"errorDeclaration": later}).status_code == 409
    find = house.ledger.entries.find
    original = find(house.ledger.settings.tenant, "urn:uuid:wrong")
    declaration = find(house.ledger.settings.tenant, record_id("urn:uuid:wrong", declared=True))
    assert original is not None
    assert declaration is not None
    assert (original.index, declaration.index) == (first.json()["index"], second.json()["index"])


def test_an_entry_shows_the_event_hash_beside_its_leaf(house: House) -> None:
    """An eventID that is a hash id is compared with it; it is a name, and the leaf is another value."""
    sent = event("urn:uuid:hashed")
    nameless = {name: value for name, value in sent.items() if name != "eventID"}
    with house.client("warehouse") as client:

        def shown(fields: dict[str, Any]) -> dict[str, Any]:
            index = client.post("/events", json=fields).json()["index"]
            found: dict[str, Any] = client.get(f"/api/v1/entries/{index}").json()
            return found

        plain, named = shown(sent), shown(nameless)
        assert plain["event_hash"]["event_id"] == "none"
        assert named["id"] == named["event_hash"]["id"] == plain["event_hash"]["id"]
        assert named["event_hash"]["event_id"] == "matches"
        claimed = "ni:///sha-256;" + "0" * 64 + "?ver=CBV2.0"
        assert shown(sent | {"eventID": claimed})["event_hash"]["event_id"] == "does not match"
        assert plain["leaf"] not in plain["event_hash"]["id"]


def test_every_event_type_is_captured_in_one_document(house: House) -> None:
    """With inline prefixes, extensions, master data and sensor data; an event without an id is named by its hash."""
    document = json.loads((VECTORS / "epcis_all_types.json").read_text())["document"]
    size = house.ledger.entries.size()
    with house.client("warehouse") as client:
        assert _outcome(client, client.post("/capture", json=document))["errors"] == []
        assert _outcome(client, client.post("/capture", json=document))["success"]
    assert house.ledger.entries.size() == size + len(document["epcisBody"]["eventList"])


def test_an_unknown_capture_behaviour_is_refused(house: House) -> None:
    """The header has two values."""
    with house.client("warehouse", GS1_Capture_Error_Behaviour="ignore") as client:
        answer = client.post("/capture", json=_document())
    assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter")


def test_a_proof_from_the_api_holds_offline(house: House) -> None:
    """Event in, proof out, verified with the key the API names and compared with what was sent."""
    with house.client("warehouse") as client:
        index = client.post("/events", json=event("urn:uuid:proof")).json()["index"]
        early = client.get(f"/api/v1/entries/{index}/proof")
        assert (early.status_code, early.json()["code"]) == (409, "log.not-checkpointed")
        house.settled()
        assert client.get(f"/api/v1/entries/{index}").json()["state"] == "confirmed"
        file = client.get(f"/api/v1/entries/{index}/proof")
        key = VerifierKey.parse(client.get("/api/v1/key").json()["key"])
    assert "attachment" in file.headers["content-disposition"]
    proof = Proof.from_bytes(file.content)
    verify(proof, key=key)
    assert record_of(proof.entry)["event"]["eventID"] == "urn:uuid:proof"


def test_the_app_answers_without_a_server_too(house: House) -> None:
    """The same over ASGI in this process: what is public needs no lifespan."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(house.app)
        async with httpx.AsyncClient(transport=transport, base_url=house.url) as client:
            return await client.get("/api/v1/key")

    assert asyncio.run(ask()).json()["origin"] == house.ledger.settings.origin

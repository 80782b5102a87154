"""Scans at the door: each with its own outcome, repeats flagged, whatever form a code comes in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.house import PRODUCT, House

PLACE = {"id": "https://id.gs1.org/414/9506000134376/254/A-01"}


def scan(number: int, code: str = f"{PRODUCT}/21/S-1", **changes: Any) -> dict[str, Any]:
    return {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventID": f"urn:uuid:00000000-0000-4000-9000-{number:012}",
        "eventTime": "2026-05-01T08:00:00.000Z",
        "eventTimeZoneOffset": "+08:00",
        "bizStep": "receiving",
        "readPoint": PLACE,
        "epcList": [code],
    } | changes


def sent(house: House, *scans: Any, holder: str = "warehouse") -> list[dict[str, Any]]:
    with house.client(holder) as client:
        answer = client.post("/api/v1/scans", json={"device_time": "2026-05-01T08:00:01Z", "events": list(scans)})
    assert answer.status_code == 200, answer.text
    assert abs(answer.json()["clock_skew_ms"]) > 0
    return list(answer.json()["outcomes"])


def states(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["state"] for outcome in outcomes]


def test_a_repeat_is_recorded_and_flagged_and_sending_again_changes_nothing(house: House) -> None:
    """Same thing, step and place in the window: flagged, whatever form of the code; the same event: same answer."""
    first = scan(1)
    repeat = scan(2, "(01)09506000134352(21)S-1", eventTime="2026-05-01T08:09:00Z")
    before = house.ledger.entries.size()
    once = sent(house, first, repeat)
    assert states(once) == ["accepted", "duplicate"]
    assert once[1]["repeats"] == [
        {"code": f"{PRODUCT}/21/S-1", "event_id": first["eventID"], "at": "2026-05-01T08:00:00.000000Z"}
    ]
    again = sent(house, first, repeat)
    assert again == once
    assert house.ledger.entries.size() == before + 2


def test_a_scan_taken_back_is_declared_an_error_and_shows_nothing(house: House) -> None:
    """The event again with an error declaration: recorded beside it, idempotent; the next scan repeats nothing."""
    code = f"{PRODUCT}/21/U-1"
    error = {"errorDeclaration": {"declarationTime": "2026-05-01T08:00:30Z", "reason": "did_not_occur"}}
    assert states(sent(house, scan(70, code), scan(71, code))) == ["accepted", "duplicate"]
    undone = sent(house, scan(70, code) | error)
    assert states(undone) == ["accepted"]
    assert sent(house, scan(70, code) | error) == undone
    assert states(sent(house, scan(72, code))) == ["accepted"]


def test_installing_names_the_place_as_the_parent(house: House) -> None:
    """An association event of the page: things on a site, and off it again."""
    code = f"{PRODUCT}/21/I-1"
    plain = {k: v for k, v in scan(80).items() if k != "epcList"}
    on = plain | {"type": "AssociationEvent", "action": "ADD", "bizStep": "installing"}
    on |= {"parentID": PLACE["id"], "childEPCs": [code]}
    off = on | {
        "action": "DELETE",
        "bizStep": "removing",
        "eventID": scan(81)["eventID"],
        "eventTime": "2026-05-02T08:00:00Z",
    }
    assert states(sent(house, on, off)) == ["accepted", "accepted"]
    house.settled()
    with house.client("warehouse") as client:
        (thing,) = client.get("/api/v1/scans/known", params={"code": code}).json()["things"]
    assert thing["step"] == "removing"
    assert "installing" in thing["next"]


@pytest.mark.parametrize(
    "changes",
    [
        {"eventTime": "2026-05-01T08:10:01Z"},
        {"eventTime": "2026-05-01T07:49:00Z"},
        {"bizStep": "storing"},
        {"readPoint": {"id": "https://id.gs1.org/414/9506000134376/254/B-02"}},
        {"epcList": [f"{PRODUCT}/21/other"]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_differs_is_no_repeat(house: House, changes: dict[str, Any]) -> None:
    """Later than the window, long before it, another step, place or thing: not flagged."""
    number = 100 + abs(hash(str(changes))) % 10**9
    code = f"{PRODUCT}/21/D-{number}"
    other = {"eventID": f"urn:uuid:00000000-0000-4000-9001-{number:012}"} | changes
    assert states(sent(house, scan(number, code), scan(number, code) | other)) == ["accepted", "accepted"]


def test_another_tenant_repeats_nothing(house: House) -> None:
    """What one tenant scanned says nothing about another's scan."""
    code = f"{PRODUCT}/21/T-1"
    assert states(sent(house, scan(20, code))) == ["accepted"]
    assert states(sent(house, scan(20, code), holder="other")) == ["accepted"]


def test_a_bad_scan_keeps_no_good_one_out(house: House) -> None:
    """Unreadable codes, conflicts and nonsense come back with their reason; the others are recorded."""
    sent(house, scan(30, f"{PRODUCT}/21/B-0"))
    outcomes = sent(
        house,
        scan(31, f"{PRODUCT}/21/B-1"),
        scan(32, "(01)09506000134353(21)B-2"),
        "nonsense",
        scan(30, f"{PRODUCT}/21/B-3"),
        scan(33, "E2801160600002000000000A"),
        scan(34, f"{PRODUCT}/21/B-4"),
    )
    assert states(outcomes) == ["accepted", "rejected", "rejected", "rejected", "rejected", "accepted"]
    codes = [outcome["problem"]["code"] for outcome in outcomes if outcome["state"] == "rejected"]
    assert codes[0] == "identity.check-digit"
    assert codes[2] == "log.conflict"
    assert outcomes[1]["problem"]["pointer"] == "/epcList/0"
    assert outcomes[1]["problem"]["fix"]


def test_a_batch_is_bounded(house: House) -> None:
    """More scans than a batch holds are refused as a whole, before any is recorded."""
    size = house.ledger.entries.size()
    with house.client("warehouse") as client:
        answer = client.post("/api/v1/scans", json={"events": [scan(40)] * 501})
    assert (answer.status_code, house.ledger.entries.size()) == (400, size)


def test_what_a_device_keeps_is_its_tenants(house: House) -> None:
    """Known things come by page and by code in any form, with the steps that may follow; another tenant sees none."""
    code = f"{PRODUCT}/21/K-1"
    sent(house, scan(50, code))
    house.settled()
    house.ledger.worker()
    query = {"code": ["(01)09506000134352(21)K-1", "no code"]}
    with house.client("warehouse") as client:
        (thing,) = client.get("/api/v1/scans/known", params=query).json()["things"]
        everything = client.get("/api/v1/scans/known").json()
    assert (thing["id"], thing["step"], thing["place"]) == (code, "receiving", PLACE["id"])
    assert "storing" in thing["next"]
    assert "removing" not in thing["next"]
    assert thing in everything["things"]
    assert everything["next_after"] is None
    with house.client("other") as client:
        assert client.get("/api/v1/scans/known", params=query).json()["things"] == []


def test_an_expected_list_is_what_was_packed_and_not_taken_out(house: House) -> None:
    """Packed children of a unit, by the unit's code in any form."""
    unit, children = "https://id.gs1.org/00/106141412345678908", [f"{PRODUCT}/21/P-{n}" for n in range(3)]
    packed: dict[str, Any] = {"type": "AggregationEvent", "action": "ADD", "parentID": unit, "childEPCs": children}
    packing = {k: v for k, v in scan(60, bizStep="packing").items() if k != "epcList"} | packed
    out = packing | {"eventID": scan(61)["eventID"], "action": "DELETE", "childEPCs": children[:1]}
    out |= {"bizStep": "unpacking", "eventTime": "2026-05-01T09:00:00Z"}
    assert states(sent(house, packing, out)) == ["accepted", "accepted"]
    house.settled()
    with house.client("warehouse") as client:
        found = client.get("/api/v1/scans/expected", params={"parent": "(00)106141412345678908"}).json()
        wrong = client.get("/api/v1/scans/expected", params={"parent": "(00)106141412345678907"})
    assert found == {"parent": unit, "children": children[1:]}
    assert wrong.status_code == 400
    with house.client("other") as client:
        other = client.get("/api/v1/scans/expected", params={"parent": unit}).json()
    assert other["children"] == []


def test_the_session_says_who_scans_for_whom(house: House) -> None:
    """A key has no form token; a role that may not capture is told so."""
    with house.client("warehouse") as client:
        said = client.get("/api/v1/session").json()
    assert (said["role"], said["may_scan"], said["form_token"]) == ("warehouse", True, "")
    with house.client("auditor") as client:
        assert client.get("/api/v1/session").json()["may_scan"] is False
    with house.client() as client:
        assert client.get("/api/v1/session").status_code == 401


def test_the_page_compiles_wasm_and_no_other_does(house: House) -> None:
    """The scan page and its worker alone may compile WebAssembly; the page is the same for everyone."""
    with house.client() as client:
        pages = {
            path: client.get(path) for path in ("/scan", "/static/scan-decoder.js", "/", "/verify", "/static/app.js")
        }
        worker = client.get("/scan-worker.js")
    assert [p for p, a in pages.items() if "wasm-unsafe-eval" in a.headers["content-security-policy"]] == [
        "/scan",
        "/static/scan-decoder.js",
    ]
    assert worker.headers["content-type"].startswith("text/javascript")
    with house.client("owner") as client:
        assert client.get("/scan").content == pages["/scan"].content

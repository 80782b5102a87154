"""Batches of records and the pages of entries."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import Any

import httpx
import msgspec

from tests.api.house import House, event
from tests.builders import legs


def _lines(*rows: bytes) -> bytes:
    return b"\n".join(rows) + b"\n"


def _legs(name: str, count: int) -> list[bytes]:
    encoder = msgspec.json.Encoder(decimal_format="string")
    return [encoder.encode(leg).replace(b'"leg-', f'"{name}-'.encode()) for leg in legs(count)]


def _post(client: httpx.Client, data: bytes, kind: str = "application/x-ndjson") -> dict[str, Any]:
    answer = client.post("/api/v1/records", content=data, headers={"Content-Type": kind})
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def test_good_rows_are_kept_and_bad_ones_come_back(house: House) -> None:
    """Each row has its outcome: index and state, or a problem with its row."""
    good = _legs("mixed", 3)
    rows = [good[0], b"{", good[1].replace(b'"road"', b'"donkey"'), good[2].replace(b'"demo"', b'""')]
    with house.client("warehouse") as client:
        outcome = _post(client, _lines(*rows))
    assert (outcome["recorded"], outcome["repeated"], outcome["refused"]) == (2, 0, 2)
    assert [row["row"] for row in outcome["rows"]] == [1, 2, 3, 4]
    assert outcome["rows"][0]["state"] == "sequenced"
    assert [outcome["rows"][n]["problem"]["row"] for n in (1, 2)] == [2, 3]
    assert outcome["rows"][2]["problem"]["pointer"] == "/mode"


def test_a_batch_sent_again_is_the_same_entries(house: House) -> None:
    """All rows are repeats with their first index; a changed row alone is a conflict, with its row."""
    rows = _legs("twice", 5)
    with house.client("warehouse") as client:
        first = _post(client, _lines(*rows))
        again = _post(client, _lines(*rows[:4], rows[4].replace(b'"quantity":1', b'"quantity":2')))
    assert first["recorded"] == 5
    assert (again["recorded"], again["repeated"], again["refused"]) == (0, 4, 1)
    assert [row["index"] for row in again["rows"][:4]] == [row["index"] for row in first["rows"][:4]]
    problem = again["rows"][4]["problem"]
    assert (problem["code"], problem["row"], problem.get("pointer")) == ("log.conflict", 5, None)


def test_json_and_ndjson_mean_the_same(house: House) -> None:
    """An array gives the outcomes that its lines give."""
    rows = _legs("form", 3)
    with house.client("warehouse") as client:
        first = _post(client, _lines(*rows))
        second = _post(client, b"[" + b",".join(rows) + b"]", "application/json")
    assert [row["index"] for row in second["rows"]] == [row["index"] for row in first["rows"]]


def test_long_batches_are_read_as_they_come(house: House) -> None:
    """Thousands of rows in uneven chunks: none lost, none split."""
    data = _lines(*_legs("long", 2_500))
    chunks = (data[start : start + 7_001] for start in range(0, len(data), 7_001))
    with house.client("warehouse", content_type="application/x-ndjson") as client:
        outcome = client.post("/api/v1/records", content=chunks).json()
    assert (outcome["recorded"], outcome["refused"], len(outcome["rows"])) == (2_500, 0, 2_500)


def test_other_formats_are_refused(house: House) -> None:
    """415 names what is taken."""
    with house.client("warehouse") as client:
        answer = client.post("/api/v1/records", content=b"a,b", headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.media-type")


def test_bodies_over_the_limit_are_refused(house: House) -> None:
    """413 by the announced length and by what really comes; a single row over its own limit as well."""
    announced = HTTPConnection(house.url.removeprefix("http://"))
    announced.putrequest("POST", "/api/v1/records")
    announced.putheader("Content-Length", str(65 * 1024 * 1024))
    announced.endheaders()
    assert announced.getresponse().status == 413
    announced.close()
    with house.client("warehouse", content_type="application/x-ndjson") as client:
        row = client.post("/api/v1/records", content=(b"x" * 100_000 for _ in range(12)))
        assert (row.status_code, row.json()["code"]) == (413, "record.too-large")
        large = client.post(
            "/events", content=(b" " * 100_000 for _ in range(60)), headers={"Content-Type": "application/json"}
        )
        assert (large.status_code, large.json()["code"]) == (413, "request.too-large")


def test_pages_walk_the_whole_log_once(house: House) -> None:
    """Following next_after visits every own entry exactly once, in order."""
    seen: list[int] = []
    after: int | None = -1
    with house.client("warehouse") as client:
        client.post("/events", json=event("urn:uuid:page"))
        while after is not None:
            page = client.get(f"/api/v1/entries?after={after}&limit=700").json()
            seen += [each["index"] for each in page["entries"]]
            after = page["next_after"]
    assert seen == list(range(house.ledger.entries.size()))


def test_parameters_out_of_range_are_refused(house: House) -> None:
    """400 names the parameter; an index beyond the log is 404."""
    with house.client("warehouse") as client:
        for query in ("limit=0", "limit=1001", "after=-2", "after=x"):
            answer = client.get(f"/api/v1/entries?{query}")
            assert (answer.status_code, answer.json()["code"]) == (400, "request.parameter")
            assert answer.json()["values"]["name"] == query.partition("=")[0]
        assert client.get("/api/v1/entries/9007199254740992").status_code == 400
        assert client.get("/api/v1/entries/999999999").status_code == 404


def test_checkpoints_are_public_and_paged(house: House) -> None:
    """Anyone can keep them; the latest is the signed note itself."""
    with house.client("warehouse") as client:
        client.post("/events", json=event("urn:uuid:cp1"))
        house.settled()
        client.post("/events", json=event("urn:uuid:cp2"))
        house.settled()
    with house.client() as public:
        first = public.get("/api/v1/checkpoints?limit=1").json()
        assert len(first["checkpoints"]) == 1
        rest = public.get(f"/api/v1/checkpoints?after={first['next_after']}").json()
        latest = public.get("/api/v1/checkpoints/latest")
    assert rest["next_after"] is None
    assert rest["checkpoints"][-1]["note"] == latest.text
    assert rest["checkpoints"][-1]["state"] == "confirmed"
    assert rest["checkpoints"][-1]["transaction"].startswith("0x")

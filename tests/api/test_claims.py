"""Claims over HTTP: handed in, listed, rebuilt; roles, tenants, bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.house import House, served

PAGE = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own."""
    with served(tmp_path_factory.mktemp("claims")) as house:
        yield house


def claim(name: str, *figures: tuple[str, str, str], rule: str = "electricity", **changes: Any) -> dict[str, Any]:
    """A claim record."""
    return {
        "figures": [{"name": n, "amount": amount, "unit": unit} for n, amount, unit in figures],
        "id": name,
        "kind": "claim",
        "occurred_at": "2024-03-21T00:00:00+08:00",
        "rule": rule,
        "source": "report 2023",
        "version": 1,
        "words": "as printed",
    } | changes


FAILS = claim("E7", ("energy", "110.46万", "千瓦时"), ("avoided", "627.25", "吨"))
FITS = claim("E2", ("energy", "57万", "度"), ("avoided", "325", "吨"))


def test_verdicts_without_recording(house: House) -> None:
    """With record=false nothing is stored; bad rows come back with their number."""
    with house.client("manager") as client:
        answer = client.post("/api/v1/claims?record=false", json=[FITS, {"kind": "claim"}, {"kind": "scheme"}])
        fits, bad, other = answer.json()["rows"]
        assert (fits["claim"]["verdict"], fits["claim"]["reproduced_by"][0]) == ("reproduced", "CN-ETS-2022")
        assert "index" not in fits
        assert bad["problem"]["values"]
        assert other["problem"]["status"] in {400, 422}
        assert client.get("/api/v1/claims").json()["total"] == 0


def test_recorded_claims_and_their_pages(house: House) -> None:
    """Listed newest first with the verdict in words; one claim shows every step; unknown ones are absent."""
    twice = claim("E7b", ("energy", "110.46万", "千瓦时"), rule="evidence")
    first = claim("E7c", ("energy", "110.46万", "千瓦时"), rule="evidence")
    with house.client("owner") as client:
        rows = client.post("/api/v1/claims", json=[FITS, FAILS, twice, first]).json()["rows"]
        assert [row["index"] for row in rows] == [0, 1, 2, 3]
        assert [row["repeated"] for row in client.post("/api/v1/claims", json=[FITS]).json()["rows"]] == [True]
        house.settled()
        listed = client.get("/api/v1/claims").json()
        assert [each["id"] for each in listed["claims"]] == ["E7c", "E7b", "E7", "E2"]
        assert listed["counted_twice"][0] == {"claims": ["E7b", "E7c"], "things": [], "certainty": "suspected"}
        one = client.get("/api/v1/claims/E7").json()
        assert one["verdict"] == "not_reproducible"
        assert one["residual"] == "2703.38"
        assert one["steps"][0]["outcome"]["value"] == "629953.38"
        assert client.get("/api/v1/claims/none").status_code == 404
        page = client.get("/claims/E7", headers=PAGE).text
        assert "not reproducible" in page
        assert "629953.38 kg" in page
        assert "does not say that the figure is true" in page
        zh = client.get("/claims/E7", headers=PAGE | {"accept-language": "zh-CN"}).text
        assert "无法复算" in zh
        assert "0.56785 kg/kWh" in zh
        assert client.get("/claims?limit=1", headers=PAGE).status_code == 200


def test_another_tenant_sees_none(house: House) -> None:
    """Claims and their pages are the tenant's own."""
    with house.client("other") as other:
        assert other.get("/api/v1/claims").json() == {"total": 0, "claims": [], "counted_twice": []}
        assert other.get("/api/v1/claims/E7").status_code == 404
        assert other.get(f"/claims/{quote('E7')}", headers=PAGE).status_code == 404


def test_who_may_claim(house: House) -> None:
    """A warehouse and an auditor read claims and make none."""
    for holder in ("warehouse", "auditor"):
        with house.client(holder) as client:
            assert client.post("/api/v1/claims", json=[FITS]).status_code == 403
            assert client.get("/api/v1/claims").status_code == 200


def test_no_way_around(house: House) -> None:
    """Nor by the way that takes records of every kind."""
    with house.client("warehouse") as client:
        (row,) = client.post("/api/v1/records", json=[claim("W1", rule="evidence")]).json()["rows"]
        assert row["problem"]["status"] == 403


@pytest.mark.parametrize("body", ["{}", "[1", "[" * 200, "3"])
def test_bodies_that_are_no_list(house: House, body: str) -> None:
    """A body that cannot be read is the request's fault, not the server's."""
    with house.client("owner") as client:
        answer = client.post("/api/v1/claims", content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500


def test_too_many_at_once(house: House) -> None:
    """At most 500."""
    with house.client("owner") as client:
        assert client.post("/api/v1/claims", json=[{}] * 501).status_code == 422

"""Calculation runs over HTTP: who may start and replay one, whose they are, and that nobody hands one in."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.api.house import PRODUCT, House, served

RUNS = "/api/v1/runs"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own, with legs of a route."""
    with served(tmp_path_factory.mktemp("runs")) as house:
        with house.client("owner") as client:
            assert client.post("/api/v1/records", json=[leg(n) for n in range(3)]).json()["recorded"] == 3
        yield house


def leg(number: int) -> dict[str, Any]:
    return {
        "carrier": "paid",
        "consignment": "c",
        "destination": "b",
        "distance_basis": "sfd",
        "distance_m": 500_000,
        "id": f"leg-{number}",
        "kind": "transport_leg",
        "mass_g": 2_000_000 + number,
        "mode": "road",
        "occurred_at": "2025-05-04T08:00:00+08:00",
        "origin": "a",
        "product": PRODUCT,
        "quantity": 2,
        "route": "a-b",
        "vehicle": "road.hgv.artic-33t.diesel.avg",
        "version": 1,
    }


@pytest.fixture(scope="module")
def made(house: House) -> dict[str, Any]:
    """A run that the owner started."""
    with house.client("owner") as client:
        answer = client.post(RUNS, json={})
    assert answer.status_code == 201, answer.text
    house.settled()
    found: dict[str, Any] = answer.json()
    return found


def test_a_run_is_started_listed_read_and_replayed(house: House, made: dict[str, Any]) -> None:
    """Its figure is the route's own; its result has the recorded hash; started again it is the same entry."""
    run = made["run"]
    with house.client("owner") as client:
        again = client.post(RUNS, json={"checkpoint": run["checkpoint"]["size"]})
        assert (again.status_code, again.json()) == (200, made)
        assert client.get(f"{RUNS}/{run['id']}").json() == made
        route = client.get("/api/v1/routes/a-b/footprint").json()
        assert [total["wtw_kg"] for total in run["routes"]] == [route["wtw_kg"]]
        assert sha256(client.get(f"{RUNS}/{run['id']}/result").content).hexdigest() == run["result_sha256"]
        assert client.post(f"{RUNS}/{run['id']}/replay").json()["verdict"] == "holds"
    with house.client("auditor") as client:
        assert made in client.get(RUNS).json()["runs"]
        assert client.post(f"{RUNS}/{run['id']}/replay").json()["verdict"] == "holds"


def test_the_evidence_is_one_click(house: House, made: dict[str, Any]) -> None:
    """A zip for owner and auditor, nobody else's; absent like the run itself for another tenant."""
    address = f"{RUNS}/{made['run']['id']}/evidence"
    with house.client("auditor") as client:
        answer = client.get(address)
        assert answer.headers["content-type"] == "application/zip"
        with ZipFile(BytesIO(answer.content)) as pack:
            assert sha256(pack.read("result.json")).hexdigest() == made["run"]["result_sha256"]
            assert pack.testzip() is None
    for holder, status in (("supplier", 403), ("other", 404)):
        with house.client(holder) as client:
            assert client.get(address).status_code == status


def test_changes_between_runs(house: House, made: dict[str, Any]) -> None:
    """By cause, of the own tenant's runs; two in the wrong order are refused."""
    with house.client("owner") as client:
        assert client.post("/api/v1/records", json=[leg(9)]).json()["recorded"] == 1
        newer = client.post(RUNS, json={}).json()["run"]
        address, since = f"{RUNS}/{newer['id']}/changes", {"since": made["run"]["id"]}
        found = client.get(address, params=since).json()["routes"]
        assert found["by_cause_kg"] == {
            "withdrawn": "0",
            "added": found["change_kg"],
            "factors": "0",
            "method": "0",
        }
        assert found["change_kg"] != "0"
        page = client.get("/runs/compare", params={"older": made["run"]["id"], "newer": newer["id"]}, headers=HTML)
        assert page.status_code == 200
        for exact in found["by_cause_kg"].values():
            assert f'title="{exact}"' in page.text
        turned = client.get("/runs/compare", params={"older": newer["id"], "newer": made["run"]["id"]}, headers=HTML)
        assert (turned.status_code, 'role="alert"' in turned.text) == (422, True)
        wrong = client.get(f"{RUNS}/{made['run']['id']}/changes", params={"since": newer["id"]})
        assert wrong.json()["code"] == "run.order"
    with house.client("other") as client:
        assert client.get(address, params=since).status_code == 404


@pytest.mark.parametrize(("language", "held"), [("en", "digit for digit"), ("zh-CN", "逐位一致")])
def test_the_pages(house: House, made: dict[str, Any], language: str, held: str) -> None:
    """List and run in both languages, with what is pinned; the verdict of replaying; who may start sees the button."""
    run, page = made["run"], {"accept": "text/html", "accept-language": language}
    with house.client("owner", **page) as client:
        assert f"/runs/{run['id'].replace(':', '%3A')}" in client.get("/runs").text
        assert 'action="/runs"' in client.get("/runs").text
        shown = client.get(f"/runs/{run['id']}").text
        assert run["checkpoint"]["root"] in shown
        assert run["factor_set"]["hash"] in shown
        assert held not in shown
        assert "/evidence" in shown
        assert held in client.post(f"/runs/{run['id']}/replay").text
        again = client.post("/runs", data={"factors": run["factor_set"]["id"]})
        assert (again.status_code, again.headers["location"][:10]) == (303, "/runs/run:")
    with house.client("supplier", **page) as client:
        assert 'action="/runs"' not in client.get("/runs").text
        assert "/evidence" not in client.get(f"/runs/{run['id']}").text
    with house.client("other", **page) as client:
        assert 'class="empty"' in client.get("/runs").text
        assert client.get(f"/runs/{run['id']}").status_code == 404


def test_what_cannot_be_run_is_said(house: House, made: dict[str, Any]) -> None:
    """An absent run, checkpoint or factor set; a body of another shape."""
    assert made
    with house.client("owner") as client:
        assert client.get(f"{RUNS}/run:1:x").json()["code"] == "run.absent"
        absent = client.post(RUNS, json={"checkpoint": 2})
        assert (absent.status_code, absent.json()["code"]) == (404, "run.checkpoint-absent")
        assert client.post(RUNS, json={"factors": "none"}).json()["code"] == "footprint.no-factor"
        assert client.post(RUNS, json={"size": 2}).status_code == 400


def test_nobody_hands_a_run_in(house: House, made: dict[str, Any]) -> None:
    """Not even the owner, with another figure under another id."""
    forged = made["run"] | {"id": "run:forged", "routes_wtw_kg": "1"}
    with house.client("owner") as client:
        (row,) = client.post("/api/v1/records", json=[forged]).json()["rows"]
        assert row["problem"]["code"] == "record.made-by-ledger"


def test_runs_are_their_tenants(house: House, made: dict[str, Any]) -> None:
    """Another tenant lists none, reads none, and has nothing to run from."""
    with house.client("other") as client:
        assert client.get(RUNS).json() == {"total": 0, "runs": []}
        assert client.get(f"{RUNS}/{made['run']['id']}").status_code == 404
        assert client.post(f"{RUNS}/{made['run']['id']}/replay").status_code == 404
        own = client.post(RUNS, json={"checkpoint": made["run"]["checkpoint"]["size"]})
        assert (own.status_code, own.json()["code"]) == (409, "run.nothing")


@pytest.mark.parametrize("holder", ["supplier", "warehouse", "procurement", "auditor"])
def test_only_the_owner_starts_a_run(house: House, holder: str) -> None:
    """A run is an entry for good."""
    with house.client(holder) as client:
        assert client.post(RUNS, json={}).status_code == 403

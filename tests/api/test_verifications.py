"""An internal verification over HTTP: planned, drawn by a checkpoint made later, found, restated, signed."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest

from ledger.log.canonical import struct_bytes
from ledger.programme.verification import drawn_of
from ledger.records.internal_verification import VerificationStep
from ledger.services.internal_verification import OwnEntry, take_step
from ledger.services.pcf_requests import Party
from tests.api.house import House, served
from tests.builders import PRODUCT

LEG: dict[str, Any] = {
    "kind": "transport_leg",
    "carrier": "承运",
    "consignment": "c",
    "origin": "a",
    "destination": "b",
    "route": "r",
    "vehicle": "road.hgv.artic-33t.diesel.avg",
    "mode": "road",
    "mass_g": 1000,
    "distance_m": 1000,
    "distance_basis": "sfd",
    "product": PRODUCT,
    "quantity": 1,
    "occurred_at": "2026-05-01T08:00:00Z",
    "version": 1,
}
PLAN = {"title": "2026 年内部碳核查", "kinds": ["transport_leg", "energy_use"], "tolerable_pct": 30}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Twelve legs that the warehouse handed in."""
    with served(tmp_path_factory.mktemp("home")) as found:
        with found.client("warehouse") as client:
            rows = client.post("/api/v1/records", json=[LEG | {"id": f"leg-{n}"} for n in range(12)]).json()["rows"]
            assert not [row for row in rows if "problem" in row], rows
        yield found


def post(client: httpx.Client, address: str, step: str, **says: Any) -> httpx.Response:
    """A step."""
    return client.post(f"{address}/steps", json={"step": step} | says)


def test_from_a_plan_to_a_signed_statement(house: House) -> None:
    """The sample is that of the root; nobody leaves it, changes it, restates what is right or signs too early."""
    with house.client("auditor") as auditor, house.client("manager") as manager:
        made = auditor.post("/api/v1/verifications", json=PLAN)
        assert (made.status_code, made.json()["state"], made.json()["items"]) == (201, "planned", [])
        address = str(made.headers["location"])
        assert auditor.post(f"{address}/sample").json()["code"] == "programme.verification-step"
        assert manager.post(f"{address}/sample").status_code == 403
        house.settled()
        drawn = auditor.post(f"{address}/sample").json()
        assert auditor.post(f"{address}/sample").status_code == 409
        energy, legs = drawn["strata"]
        assert (energy["population"], legs["population"], legs["drawn"]) == (0, 12, 7)
        at = [one["entry"] for one in drawn["items"]]
        legs_at = [n for n in range(drawn["entry"]) if _kind(house, n) == "transport_leg"]
        assert tuple(at) == drawn_of(bytes.fromhex(drawn["root"]), "transport_leg", legs_at, 7)
        stored = house.ledger.checkpoints.get(drawn["checkpoint_size"])
        assert stored is not None
        assert stored.checkpoint.root.hex() == drawn["root"]
        outside = next(n for n in legs_at if n not in at)
        assert post(auditor, address, "found_in_order", entry=outside).status_code == 409
        assert post(manager, address, "found_in_order", entry=at[0]).status_code == 403
        error = {"entry": at[0], "severity": "major", "due": "2098-01-01", "words": "里程不符"}
        assert post(auditor, address, "found_error", **error | {"due": "2020-01-01"}).status_code == 409
        assert post(auditor, address, "found_error", **error | {"evidence": ["ab" * 32]}).status_code == 409
        assert post(auditor, address, "closed", words="x").status_code == 409
        assert post(auditor, address, "found_error", **error).json()["items"][0]["state"] == "error"
        for entry in at[1:]:
            done = post(auditor, address, "found_in_order", entry=entry).json()
        assert (done["strata"][1]["rate"], done["strata"][1]["extrapolated"]) == ("1/7", "12/7")
        assert post(manager, address, "restated", entry=at[1], replaced_by="leg-x").status_code == 409
        assert post(manager, address, "restated", entry=at[0], replaced_by="leg-0").status_code == 409
        with house.client("warehouse") as client:
            client.post("/api/v1/records", json=[LEG | {"id": "leg-x", "distance_m": 900}])
        assert post(auditor, address, "restated", entry=at[0], replaced_by="leg-x").status_code == 403
        again = post(manager, address, "restated", entry=at[0], replaced_by="leg-x").json()
        assert (again["items"][0]["state"], again["strata"][1]["errors"]) == ("restated", 1)
        closed = post(auditor, address, "closed", words="抽样范围内规范、真实、准确").json()
        assert closed["state"] == "closed"
        step = msgspec.convert(closed["statement"]["record"], VerificationStep)
        assert step.signature is not None
        key = house.ledger.note_key.private.public_key()
        signed = struct_bytes(msgspec.structs.replace(step, signature=None))
        key.verify(b64decode(step.signature.value), signed)
        assert post(auditor, address, "found_in_order", entry=at[1]).status_code == 409
        assert auditor.get("/api/v1/verifications?limit=1").json()["verifications"][0]["items"] == []
        assert len(auditor.get(f"{address}?after=5&limit=1").json()["items"]) == 1
        for language, word in (("en", "Internal verification"), ("zh-CN", "内部核查")):
            assert word in manager.get("/verifications", headers={"Accept-Language": language}).text
        assert "里程不符" in manager.get(address.removeprefix("/api/v1")).text


def test_nobody_verifies_its_own(house: House) -> None:
    """An auditor who handed a record in leaves it to another; suppliers and warehouses see no verification."""
    with house.client("auditor") as auditor:
        address = str(
            auditor.post("/api/v1/verifications", json=PLAN | {"kinds": ["transport_leg"]}).headers["location"]
        )
        house.settled()
        one = auditor.post(f"{address}/sample").json()["items"][0]
    own = house.ledger.entries.entry(one["entry"])
    submitter = msgspec.json.decode(own.body)["submitter"]
    name = address.rpartition("/")[2]
    with pytest.raises(OwnEntry):
        take_step(house.ledger, Party("demo", submitter), name, "found_in_order", entry=one["entry"])
    for holder in ("supplier", "warehouse", "procurement"):
        with house.client(holder) as client:
            assert client.get("/api/v1/verifications").status_code == 403
    with house.client("other") as client:
        assert client.get(address).status_code == 404


def _kind(house: House, index: int) -> str:
    body: dict[str, Any] = msgspec.json.decode(house.ledger.entries.entry(index).body)
    return str(body["record"]["kind"])

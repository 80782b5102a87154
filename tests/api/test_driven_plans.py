"""Plans over HTTP: verified, booked once, refused when not driven, handed on as planned events; roles and tenants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from ledger.records.record import Record
from tests.api.direct import Direct
from tests.api.house import House, served
from tests.driven import AFTER, BEFORE, driven_leg, driven_round, route_plan

DOUBT = {"activity": "0.02", "rates": "0.05"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own."""
    with served(tmp_path_factory.mktemp("driven")) as house:
        yield house


def day() -> date:
    """The baseline is recorded when the test runs, so that it is driven two days later."""
    return date.today() + timedelta(days=2)  # noqa: DTZ011 - any day later on


def taken(client: Direct, *records: Record) -> None:
    rows = client.request("POST", "/api/v1/records", [json.loads(msgspec.json.encode(one)) for one in records])
    assert not [row for row in rows.json()["rows"] if "problem" in row], rows.text


def evidence() -> list[Record]:
    when: dict[str, Any] = {"occurred_at": f"{day()}T08:00:00+08:00"}
    legs = [driven_leg(o, m, arrived_at=f"{day()}T18:00:00+08:00", **when) for o, m in (("a", 20_000), ("b", 100_000))]
    return [*legs, driven_round("ab", returned_at=f"{day()}T18:00:00+08:00", **when)]


def test_a_plan_from_record_to_wall(house: House) -> None:
    """Refused before it is driven, then 4.8 kg by load, once; planned events are read but never captured."""
    plan = "/api/v1/plans/plan:1"
    with Direct(house, "owner") as owner, Direct(house, "auditor") as auditor, Direct(house, "other") as other:
        taken(
            owner, route_plan("base:1", BEFORE, day=str(day())), route_plan("plan:1", AFTER, "base:1", day=str(day()))
        )
        refused = owner.request("POST", f"{plan}/saving", DOUBT)
        assert (refused.status_code, refused.json()["code"]) == (422, "planning.not-driven")
        query = f"/api/v1/savings?start={day()}&end={day()}"
        assert [row["state"] for row in owner.get(query).json()["rows"]] == ["not_driven"]

        taken(owner, *evidence())
        seen = auditor.get(f"{plan}/driven?activity=0.02&rates=0.05").json()
        assert (seen["saved_g"], seen["parts_g"]["load"], seen["faults"]) == ("4800", "4800", [])
        assert auditor.request("POST", f"{plan}/saving", DOUBT).status_code == 403
        booked = owner.request("POST", f"{plan}/saving", DOUBT)
        assert (booked.status_code, booked.json()["claim"]) == (201, "saving:plan:1:1")
        assert owner.request("POST", f"{plan}/saving", DOUBT).status_code == 409
        wall = auditor.get(query).json()
        assert (wall["totals"]["saved_kg"], wall["rows"][0]["state"]) == ("4.8", "booked")
        assert other.get(f"{plan}/driven?activity=0&rates=0").status_code == 404
        assert other.get(query).json()["plans"] == 0
        assert owner.get(f"{plan}/driven?activity=2&rates=0").status_code == 422

        document = auditor.get(f"{plan}/events?start={day()}T08:00:00%2B08:00&kmh=60").json()
        events = document["epcisBody"]["eventList"]
        assert [event["bizStep"] for event in events] == ["departing", "unloading", "unloading"]
        assert events[1]["eventTime"] == f"{day()}T08:20:00+08:00"  # 20 km at 60 km/h
        for event in events:
            event.pop("onecode:planned")
            answer = owner.request("POST", "/events", event)
            assert (answer.status_code, answer.json()["code"]) == (400, "epcis.only-planned"), answer.text
        page = auditor.get("/claims/saving:plan:1:1").text
        assert "4.8" in page
        assert "Traceback" not in page

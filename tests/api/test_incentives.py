"""Incentives over HTTP: rules published, exceptions with reasons, a supplier sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import msgspec
import pytest

from ledger.programme.example_incentives import example_incentives
from tests.api.house import SUPPLIER, House, served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The example, published from the page."""
    with served(tmp_path_factory.mktemp("home")) as found:
        with found.client("manager") as client:
            assert "incentive" in client.get("/incentives", headers={"Accept-Language": "en"}).text
            for _ in range(2):
                assert client.post("/incentives/example").status_code == 303
        yield found


def test_what_is_granted_by_hand_has_a_reason_in_the_log(house: House) -> None:
    """Without one it is refused; with one it is shown beside the tests that did not hold; a supplier grants nothing."""
    year = house.ledger.clock.now().astimezone(UTC).year
    said: dict[str, Any] = {
        "decision": "granted",
        "id": "incentive-exception:1",
        "incentive": "bonus",
        "kind": "incentive_exception",
        "occurred_at": "2026-05-01T08:00:00Z",
        "reason": "试点项目 pilot",
        "supplier": SUPPLIER,
        "version": 1,
        "year": year,
    }
    with house.client("supplier") as own, house.client("manager") as manager, house.client("warehouse") as warehouse:
        (row,) = own.post("/api/v1/records", json=[said]).json()["rows"]
        assert row["problem"]["status"] == 403
        (row,) = own.post("/api/v1/records", json=[msgspec.to_builtins(example_incentives())]).json()["rows"]
        assert row["problem"]["status"] == 403
        (row,) = manager.post("/api/v1/records", json=[said | {"reason": ""}]).json()["rows"]
        assert row["problem"]["status"] == 400
        (row,) = manager.post("/api/v1/records", json=[said]).json()["rows"]
        assert "problem" not in row
        answer = own.get("/api/v1/incentives").json()
        assert (answer["year"], answer["rules"], answer["next_after"]) == (year, "incentive-rules:1", None)
        (one,) = answer["suppliers"]
        assert one["supplier"] == SUPPLIER
        assert [each["state"] for each in one["incentives"]] == ["granted", "not_earned", "not_earned"]
        assert one["incentives"][0]["reason"] == "试点项目 pilot"
        assert [test["holds"] for test in one["incentives"][0]["tests"]] == [False, False]
        assert manager.get(f"/api/v1/incentives?year={year - 1}").json()["suppliers"][:1] != answer["suppliers"]
        assert manager.get("/api/v1/incentives?year=2020").json()["rules"] is None
        assert len(manager.get("/api/v1/incentives?limit=1").json()["suppliers"]) == 1
        for language, word in (("en", "granted"), ("zh-CN", "批准")):
            assert word in own.get("/incentives", headers={"Accept-Language": language}).text
        assert warehouse.get("/incentives").status_code == 403

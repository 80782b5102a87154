"""Incentives over HTTP: rules published, exceptions with reasons, a supplier sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
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


def test_an_edition_and_a_decision_come_from_forms(tmp_path: Path) -> None:
    """From the example to one's own, whose kept incentives keep their names; a form that was overtaken is refused."""
    with served(tmp_path) as house, house.client("manager", accept="text/html") as client:
        year = house.ledger.clock.now().astimezone(UTC).year
        form = {
            "after": "0", "name_zh": "本社规则", "name_en": "House rules", "basis": "制度 7",
            "valid_from": f"{year}-01-01",
            "key_0": "bonus", "zh_0": "加分", "en_0": "Bonus", "benefit_0": "bonus_points", "amount_0": "1.5",
            "assessment_points_0": "60", "key_1": "", "zh_1": "", "en_1": "", "key_2": "", "zh_2": "提前付款",
            "en_2": "Sooner", "benefit_2": "payment_days", "amount_2": "10", "commitments_kept_2": "2",
        }  # fmt: skip
        assert "Longer contract" in client.get("/incentives/rules", headers={"Accept-Language": "en"}).text
        for wrong in ({"amount_0": "1,5"}, {"assessment_points_0": ""}, {"benefit_2": "car"}, {"valid_from": "soon"}):
            assert client.post("/incentives/rules", data=form | wrong).status_code == 400
        assert client.post("/incentives/rules", data=form).status_code == 303
        assert client.post("/incentives/rules", data=form).status_code == 400
        decision = {"supplier": SUPPLIER, "year": str(year), "incentive": "incentive-1", "decision": "granted"}
        wrongs = ({"reason": ""}, {"supplier": "nobody"}, {"incentive": "longer"}, {"decision": "maybe"}, {"year": "1"})
        for wrong in wrongs:
            answer = client.post("/incentives/exceptions", data=decision | {"reason": "试点 pilot"} | wrong)
            assert answer.status_code in {400, 404}, wrong
        assert client.post("/incentives/exceptions", data=decision | {"reason": "试点 pilot"}).status_code == 303
        with house.client("supplier", accept="text/html") as own:
            shown = own.get("/incentives", headers={"Accept-Language": "zh-CN"}).text
            assert "试点 pilot" in shown
            assert "/incentives/exceptions" not in shown
            assert own.post("/incentives/exceptions", data=decision | {"reason": "x"}).status_code == 403
            told = own.get("/api/v1/incentives").json()["suppliers"][0]["incentives"]
        assert [(one["incentive"], one["amount"], one["state"]) for one in told] == [
            ("bonus", "1.5", "not_earned"), ("incentive-1", "10", "granted"),
        ]  # fmt: skip
        assert 'value="提前付款"' in client.get("/incentives/rules").text

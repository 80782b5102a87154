"""Targets over HTTP: filled in by forms, followed, warned of; tasks opened, answered, closed; whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.log.proof import record_of
from tests.api.house import House, served

PAGE = {"accept": "text/html", "accept-language": "en"}
TARGET = {
    "target": "saving-2025",
    "metric": "saving",
    "boundary": "全国",
    "unit": "亿度",
    "base_year": "2020",
    "target_year": "2025",
    "total": "400",
    "path": "linear",
    "owner": "网络部",
    "stated_at": "2021-01-05",
}
ACTUAL = {"target": "saving-2025", "measured_in": "亿度", "source": "report 2023", "stated_at": "2024-03-21"}
FILLED: tuple[tuple[str, dict[str, str]], ...] = (
    ("target", TARGET),
    ("target_actual", ACTUAL | {"period": "2021-01/2022-12", "value": "107.8"}),
    ("target_actual", ACTUAL | {"period": "2023", "value": "89.9"}),
    ("target_actual", ACTUAL | {"target": "nosuch", "period": "2023", "value": "1"}),
    ("target_actual", ACTUAL | {"period": "2024-01", "value": "1", "measured_in": "度"}),
    (
        "target",
        TARGET
        | {
            "target": "intensity-2025",
            "metric": "intensity",
            "unit": "kgce/万元",
            "total": "",
            "base_value": "80",
            "reduction": "20",
        },
    ),
    (
        "scenario",
        {
            "scenario": "plan",
            "target": "intensity-2025",
            "year": "2025",
            "forecast": "830",
            "activity": "12.5",
            "reductions": "15; 20",
            "source": "budget",
            "stated_at": "2024-03-21",
        },
    ),
    (
        "ets_quarter",
        {
            "scheme": "全国碳市场",
            "installation": "南京",
            "quarter": "2023-Q1",
            "allocation": "1000",
            "emissions": "1200.5",
            "price": "68.15",
            "verified_by": "CQC",
            "stated_at": "2023-04-20",
        },
    ),
    (
        "energy_measure",
        {
            "measure": "液冷",
            "site": "福州",
            "stage": "executed",
            "saved_kwh": "6.8亿",
            "saved_cny": "4.6亿",
            "period_start": "2023-01-01",
            "period_end": "2023-12-31",
            "pue_before": "1.7",
            "pue_after": "1.36",
            "owner": "网络部",
            "stated_at": "2024-01-15",
        },
    ),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own."""
    with served(tmp_path_factory.mktemp("targets")) as house:
        yield house


def found(house: House, holder: str = "owner") -> dict[str, Any]:
    with house.client(holder) as client:
        answer: dict[str, Any] = client.get("/api/v1/targets").json()
        return answer


def test_before_anything_is_said_the_page_says_how_to_begin(house: House) -> None:
    """No target: the first steps, and nothing in any list."""
    with house.client("owner", **PAGE) as client:
        page = client.get("/targets")
        assert page.status_code == 200
        assert "/records/new/target" in page.text
    assert found(house)["targets"] == []


def test_filled_in_and_then_the_same_figures_everywhere(house: House) -> None:
    """49.4 % at 60 % of the time; 0.676 CNY/kWh; -20.0 %; 13,664.08 CNY; what is not usable is listed, not used."""
    with house.client("owner") as client:
        for kind, said in FILLED:
            made = client.post(f"/records/new/{kind}", data=said | {"act": "record"})
            assert made.status_code == 303, (kind, re.findall(r'class="fault".*?</p>', made.text))
    house.settled()
    all_of_it = found(house, "auditor")
    intensity, saving = sorted(all_of_it["targets"], key=lambda one: str(one["target"]))
    assert saving["pace"]["value"] == "197.7"
    assert saving["pace"]["progress"] == "0.49425"
    assert saving["pace"]["behind"] is True
    assert saving["pace"]["needed"] == "101.15"
    assert [one["key"] for one in saving["warnings"]] == ["behind:2023"]
    assert intensity["pace"] is None
    assert [room["needed"] for room in intensity["scenarios"][0]["reductions"]] == ["-20", "30"]
    assert all_of_it["ets"][0]["cost"] == "13664.075"
    assert all_of_it["measures"][0]["stages"]["executed"]["pue_change"] == "-0.2"
    assert all_of_it["measures_kwh"] == {"planned": "0", "executed": "680000000", "verified": "0"}
    assert [one["code"] for one in all_of_it["not_used"]] == ["target.unknown", "target.unit"]
    with house.client("auditor", **PAGE) as client:
        page = client.get("/targets").text
        for said in (
            "49.4 %",
            "60.0 %",
            "+12.5 %",
            "101.15",
            "0.676 CNY/kWh",
            "PUE -20.0 %",
            "13,664.0",
            "−20 % · 2025",
        ):
            assert said in page, said
        assert "/targets/tasks" not in page


def test_a_warning_becomes_one_task_that_is_answered_and_closed(house: House) -> None:
    """Opened twice it is one; every step is an entry; the owner closes, a unit answers, an auditor does neither."""
    with house.client("owner") as client:
        for _ in range(2):
            assert client.post("/targets/tasks").status_code == 303
    (task,) = found(house)["tasks"]
    assert (task["state"], task["owner"], task["warning_stands"]) == ("opened", "网络部", True)
    opened = record_of(house.ledger.entries.entry(task["steps"][0]["entry"]))
    assert opened["kind"] == "task"
    words = {"task": task["task"], "words": "空调改造推迟到九月"}
    for holder, address, status in (
        ("auditor", "answer", 403),
        ("supplier", "answer", 403),
        ("warehouse", "close", 403),
        ("warehouse", "answer", 303),
        ("owner", "close", 303),
        ("owner", "answer", 422),
    ):
        with house.client(holder) as client:
            assert client.post(f"/targets/tasks/{address}", data=words).status_code == status, (holder, address)
    (task,) = found(house)["tasks"]
    assert [step["step"] for step in task["steps"]] == ["opened", "answered", "closed"]
    assert task["steps"][1]["words"] == words["words"]
    with house.client("owner", **PAGE) as client:
        assert words["words"] in client.get("/targets").text
    with house.client("owner") as client:
        assert client.post("/targets/tasks/answer", data={"task": task["task"]}).status_code in {400, 422}


def test_targets_are_their_tenants(house: House) -> None:
    """Another tenant sees none of it and cannot answer its tasks."""
    assert found(house, "other")["targets"] == []
    with house.client("other") as client:
        said = {"task": "task:saving-2025:behind:2023", "words": "x"}
        assert client.post("/targets/tasks/answer", data=said).status_code == 422
        assert "saving-2025" not in client.get("/targets", headers=PAGE).text


def test_years_of_emissions_come_from_the_inventory(house: House) -> None:
    """1,000 kWh in 江苏 in 2023 are 0.5827 t of scope 2; the open year is no value; what is not counted is told."""
    boundary = {
        "company": "us",
        "approach": "operational_control",
        "valid_from": "2023-01-01",
        "sites": "溧水; 南京",
        "purchased": "nothing",
        "stated_at": "2023-01-05",
    }
    reading = {
        "meter": "D01",
        "site": "溧水",
        "carrier": "电力",
        "energy": "1000kWh",
        "period_start": "2023-01-01T00:00",
        "period_end": "2024-01-01T00:00",
        "region": "江苏",
    }
    aim = TARGET | {
        "metric": "emissions",
        "unit": "t",
        "total": "",
        "base_value": "0.6",
        "reduction": "10",
        "part": "2",
    }
    with house.client("other") as client:
        for kind, said in (
            ("inventory_boundary", boundary),
            ("energy_use", reading),
            ("target", aim | {"base_year": "2022"}),
        ):
            made = client.post(f"/records/new/{kind}", data=said | {"act": "record"})
            assert made.status_code == 303, re.findall(r'class="fault".*?</p>', made.text)
    house.settled()
    (target,) = found(house, "other")["targets"]
    assert target["pace"]["value"] == "0.5827"
    assert (target["pace"]["origin"], target["pace"]["year"], target["pace"]["inventory_gaps"]) == (
        "inventory",
        2023,
        1,
    )
    assert target["pace"]["behind"] is True  # the path of 2023 is 0.58
    with house.client("other", **PAGE) as client:
        assert "not counted in this inventory: 1" in client.get("/targets").text


@pytest.mark.parametrize("holder", ["supplier", "warehouse", "procurement"])
def test_only_the_owner_says_what_the_company_aims_at(house: House, holder: str) -> None:
    """Targets and what was reached decide who is warned; steps of tasks have a way of their own."""
    with house.client(holder) as client:
        for kind, said in FILLED:
            assert client.post(f"/records/new/{kind}", data=said | {"act": "record"}).status_code == 403, kind
        step = {
            "kind": "task",
            "id": "task:t:opened",
            "occurred_at": "2024-01-01T00:00:00Z",
            "owner": "o",
            "step": "opened",
            "target": "t",
            "task": "task:t",
            "version": 1,
            "warning": "w",
            "words": "w",
        }
        answer = client.post("/api/v1/records", json=[step])
        assert answer.status_code == 403 or answer.json()["rows"][0]["problem"]["code"] == "access.role"

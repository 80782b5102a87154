"""The designer of schemes: kept, checked, changed row by row, tried in the lab, published and locked."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from ledger.services.scheme_drafts import scheme_draft, scheme_drafts
from ledger.services.tender_desk import Desk, scheme_of
from tests.api.house import House, served
from tests.builders import TENANT
from tests.e2e.drafted import drafted


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with house.client("procurement", Accept="text/html", Accept_Language="zh-CN") as client:
        yield client


def begun(client: httpx.Client, template: str = "router") -> str:
    """The id of a new draft."""
    answer = client.post("/schemes", data={"template": template})
    assert answer.status_code == 303
    return answer.headers["location"].rpartition("/")[2]


def sent(house: House, draft: str, said: dict[str, str]) -> dict[str, str]:
    """The form as the browser would send it: on the draft as it is now."""
    return said | {"seen": str(scheme_draft(house.ledger, TENANT, draft).changed_at)}


def act(house: House, client: httpx.Client, draft: str, said: dict[str, str], of: str) -> httpx.Response:
    return client.post(f"/schemes/{draft}", data=sent(house, draft, said) | {"act": of})


def test_from_a_template_to_a_locked_scheme(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    page = client.get(f"/schemes/{draft}").text
    assert "ITU-T L.1310" in page
    assert 'role="alert"' not in page, "what nobody asked to check is not held against who has just begun"
    wrong = act(house, client, draft, drafted() | {"criteria.0.weight": "40", "quantity": ""}, "publish")
    assert wrong.status_code == 422
    assert "有 2 处问题" in wrong.text
    assert "权重" in wrong.text
    answer = act(house, client, draft, drafted(), "publish")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tenders/T-2027-ROUTER-01")
    assert client.get(f"/schemes/{draft}").status_code == 404, "it is no draft any more"
    scheme = scheme_of(Desk.of(house.ledger, TENANT, "procurement"), "T-2027-ROUTER-01")
    assert (scheme.version, len(scheme.criteria), scheme.quantity) == (1, 3, 120)
    # the next version begins from it
    again = client.post("/schemes", data={"tender": "T-2027-ROUTER-01"}).headers["location"]
    shown = client.get(again).text
    assert "第 2 版" in shown
    assert 'value="9000"' in shown
    assert "T-2027-ROUTER-01" in client.get("/schemes").text


def test_questions_of_the_page_are_answered_by_the_schemes_own_rules(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    said = drafted() | {"criteria.1.p.best": "2000", "criteria.2.weight": "25.5"}
    found = client.post(f"/schemes/{draft}/check", data=sent(house, draft, said)).json()
    assert (found["weights"], found["points"], found["level"]) == ("105.5", "100", False)
    assert set(found["faults"]) == {"criteria", "criteria.1"}
    good = client.post(f"/schemes/{draft}/check", data=sent(house, draft, drafted())).json()
    assert (good["faults"], good["level"]) == ({}, True)


def test_rows_are_added_moved_removed_and_come_back(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    assert act(house, client, draft, drafted(), "add:criteria").headers["location"] == f"/schemes/{draft}#criteria"
    said = dict(scheme_draft(house.ledger, TENANT, draft).said)
    assert said["criteria.3.key"] not in {said[f"criteria.{number}.key"] for number in range(3)}
    act(house, client, draft, said, "up:criteria.1")
    said = dict(scheme_draft(house.ledger, TENANT, draft).said)
    assert said["criteria.0.source"] == "footprint"
    act(house, client, draft, said, "remove:criteria.0")
    shown = client.get(f"/schemes/{draft}").text
    assert "已删除一行" in shown
    gone = {key: value for key, value in said.items() if not key.startswith("criteria.0.")}
    act(house, client, draft, gone, "undo")
    assert dict(scheme_draft(house.ledger, TENANT, draft).said) == said


def test_what_another_kept_since_is_not_overwritten(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    mine = sent(house, draft, drafted())
    act(house, client, draft, drafted() | {"basis": "另一人"}, "save")
    assert client.post(f"/schemes/{draft}/draft", data=mine | {"basis": "mine"}).status_code == 409
    assert scheme_draft(house.ledger, TENANT, draft).said["basis"] == "另一人"


def test_the_lab_tries_invented_bids_by_every_formula(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    act(house, client, draft, drafted(), "save")
    page = client.get(f"/schemes/{draft}/lab").text
    for words in ("平均价基准法", "预设区间线性法", "陪标", "排序悖论", "仅为试算"):
        assert words in page
    said = dict(scheme_draft(house.ledger, TENANT, draft).said)
    bids = {key: value for key, value in said.items() if key.startswith("bids.")}
    for number in (1, 2, 3):
        bids[f"bids.{number}.price"] = "-1"
    client.post(f"/schemes/{draft}/lab", data=sent(house, draft, bids) | {"act": "try"})
    assert "有 3 处问题" in client.get(f"/schemes/{draft}/lab").text
    client.post(f"/schemes/{draft}/lab", data=sent(house, draft, bids) | {"act": "remove:bids.1"})
    assert "bids.1.price" not in scheme_draft(house.ledger, TENANT, draft).said
    client.post(f"/schemes/{draft}/lab", data=sent(house, draft, {}) | {"act": "invent"})
    assert scheme_draft(house.ledger, TENANT, draft).said["bids.1.price"] != "-1"
    assert scheme_draft(house.ledger, TENANT, draft).said["basis"] == drafted()["basis"], "the scheme is as it was"


def test_a_draft_is_the_desks_and_nobody_elses(house: House, client: httpx.Client) -> None:
    draft = begun(client)
    with house.client("admin") as admin:
        assert admin.get(f"/schemes/{draft}").status_code == 200, "the desk is everyone's who designs"
    for holder, status in (("supplier", 403), ("warehouse", 403), ("auditor", 403), ("other", 404)):
        with house.client(holder) as other:
            assert other.get(f"/schemes/{draft}").status_code == status
            assert other.post(f"/schemes/{draft}/discard").status_code == status
    assert client.post(f"/schemes/{draft}/discard").status_code == 303
    assert client.get(f"/schemes/{draft}").status_code == 404
    assert client.post(f"/schemes/{draft}/discard", data={"undo": "yes"}).status_code == 303
    assert client.get(f"/schemes/{draft}").status_code == 200
    assert any(one.id == draft for one in scheme_drafts(house.ledger, TENANT))

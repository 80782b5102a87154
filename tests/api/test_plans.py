"""A day planned beside the answer, compared, planned otherwise, recorded; cartons; a drum: without a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from html import unescape
from io import BytesIO
from typing import Any

import httpx
import msgspec
import pytest
from openpyxl import load_workbook

from api.plan_example import example_day
from ledger.services.plan_drafts import day_of
from ledger.services.plan_rates import not_following
from ledger.services.route_plans import find_plan, journeys
from tests.api.house import House, served
from tests.builders import TENANT
from tests.driven import AFTER, BEFORE, driven_leg, driven_round, route_plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with house.client("manager", Accept="text/html", Accept_Language="zh-CN") as client:
        yield client


def planned(house: House, day: str) -> None:
    """Wait until every plan of the day is there."""
    while any(one.open for one in day_of(house.ledger, TENANT, day)):
        time.sleep(0.02)


@pytest.fixture(scope="module")
def day(house: House, client: httpx.Client) -> str:
    """The example, handed in: as it is driven today, and a first plan."""
    sent = {"file": ("七月一日.xlsx", example_day(6), XLSX)}
    answer = client.post("/plans", files=sent, data={"iterations": "40"})
    assert answer.status_code == 303, answer.text
    name = answer.headers["location"].rpartition("/")[2]
    planned(house, name)
    return str(name)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text.replace("<wbr>", ""))))


def test_a_day_is_planned_beside_today_and_the_row_that_cannot_be_is_named(
    house: House, client: httpx.Client, day: str
) -> None:
    today, draft = day_of(house.ledger, TENANT, day)
    assert (today.stage, draft.stage) == ("done", "done"), (today.fault, draft.fault)
    shown = client.get(f"/plans/drafts/{draft.id}").text
    assert shown.count('class="card rounds"') == 2
    told = words(shown)
    assert "订单 Orders 26" in told, "the row as the spreadsheet counts it"
    assert "质量 kg mass kg" in told
    assert "planning.too-large" in told
    assert "请" in told
    errors = load_workbook(BytesIO(client.get(f"/plans/drafts/{draft.id}/errors").content)).active
    assert errors is not None
    assert [cell.value for cell in errors["A"]][1:] == ["SO-025"]
    assert client.get(f"/plans/drafts/{draft.id}/file?as=pdf").content.startswith(b"%PDF")
    assert words(client.get("/plans").text).count("七月一日.xlsx") == 1


def test_the_plan_on_the_page_is_the_one_that_was_found(house: House, client: httpx.Client, day: str) -> None:
    """What is worked out anew from who drives where has the grams that the search's own plan had, to the last digit."""
    for draft in day_of(house.ledger, TENANT, day)[:2]:
        found = client.get(f"/plans/drafts/{draft.id}/file?as=json").json()
        assert Fraction(found["grams"]) == Fraction(draft.figures["grams"])
        assert sum(len(route["orders"]) for route in found["routes"]) == 24
        assert [one["name"] for one in found["left_out"]] == ["SO-025"]


def test_loads_are_drawn_with_what_each_axle_carries(house: House, client: httpx.Client, day: str) -> None:
    draft = day_of(house.ledger, TENANT, day)[1]
    page = client.get(f"/plans/drafts/{draft.id}/loads").text
    pictures = re.findall(r'<a href="([^"]+\.svg)"', page)
    assert pictures
    assert "后轴（含自重）" in page
    assert "未写箱件，不在以上图和数中" in words(page), "of the other orders on board nothing is known"
    drawn = client.get(pictures[0])
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert re.search(r"<title>SO-00\d 半托盘: 站点 stop \d", drawn.text)
    assert client.get(f"/plans/drafts/{draft.id}/loads/99.svg").status_code == 404


def test_the_same_day_otherwise_stands_beside_and_is_taken_back(house: House, client: httpx.Client, day: str) -> None:
    wrong = client.post(f"/plans/days/{day}", data={"closes": "halb fünf", "name": "早收"})
    assert wrong.status_code == 422
    assert 'value="早收"' in wrong.text, "what was typed is still there"
    said = {"name": "少一辆", "fleet.卡车 6.8 m.count": "2", "iterations": "40"}
    assert client.post(f"/plans/days/{day}", data=said).status_code == 303
    planned(house, day)
    draft = day_of(house.ledger, TENANT, day)[-1]
    shown = words(client.get(f"/plans/days/{day}").text)
    assert "卡车 6.8 m：2 辆" in shown
    routes = client.get(f"/plans/drafts/{draft.id}/file?as=json").json()["routes"]
    assert sum(route["vehicle"] == "卡车 6.8 m" for route in routes) <= 2
    assert client.post(f"/plans/drafts/{draft.id}/discard").status_code == 303
    assert client.get(f"/plans/drafts/{draft.id}").status_code == 404
    client.post(f"/plans/drafts/{draft.id}/undo")
    assert client.get(f"/plans/drafts/{draft.id}").status_code == 200
    client.post(f"/plans/drafts/{draft.id}/discard")


def test_rates_out_of_the_factor_set_stay_those_that_were_pinned(house: House, client: httpx.Client) -> None:
    """The page says from which factors and what is assumed; what-if keeps them; the entry has them without the file."""
    book = load_workbook(BytesIO(example_day(0)))
    sheet = book["车辆"]
    where = {str(cell.value): cell.column for cell in sheet[1]}
    for row in (2, 3):
        sheet.cell(row, where["空驶 gCO2e/km"]).value = sheet.cell(row, where["载重 gCO2e/tkm"]).value = None
        sheet.cell(row, where["因子"]).value = "road.hgv.rigid-17t.diesel.avg"
    out = BytesIO()
    book.save(out)
    sent = {"file": ("七月二日.xlsx", out.getvalue(), XLSX)}
    missing = client.post("/plans", files=sent, data={"iterations": "20"})
    assert missing.status_code == 422
    assert "请填写计划日期" in words(missing.text)
    answer = client.post("/plans", files=sent, data={"iterations": "20", "day": "2026-07-02"})
    assert answer.status_code == 303, answer.text
    name = answer.headers["location"].rpartition("/")[2]
    half = client.post(f"/plans/days/{name}", data={"fleet.卡车 6.8 m.empty": "400"})
    assert half.status_code == 422
    assert "两项排放率" in words(half.text)
    assert client.post(f"/plans/days/{name}", data={"fleet.卡车 6.8 m.count": "2", "iterations": "20"}).is_redirect
    planned(house, name)
    drafts = day_of(house.ledger, TENANT, name)
    pinned = house.ledger.factors.current()
    assert {one.said["factor_set"] for one in drafts} == {pinned.hash}
    for one in drafts:
        shown = words(client.get(f"/plans/drafts/{one.id}").text)
        assert "DEFRA25-27_304_3114_14_1" in shown
        assert "假定满载即本车载重 6000 kg" in shown
    links = re.findall(r'href="(/factors/[^"]+)"', client.get(f"/plans/drafts/{drafts[0].id}").text)
    assert client.get(links[0]).status_code == 200
    said = {"id": "BASE-0702", "day": "2026-07-03"}
    other = client.post(f"/plans/drafts/{drafts[0].id}/record", data=said)
    assert other.status_code == 422
    assert "2026-07-02" in words(other.text)
    assert client.post(f"/plans/drafts/{drafts[0].id}/record", data=said | {"day": "2026-07-02"}).is_redirect
    record = find_plan(house.ledger.entries, TENANT, "BASE-0702")
    assert record.factor_set == pinned.hash
    assert not list(not_following(record, house.ledger.factors))
    assert sum(one.grams for one in journeys(record)) == Fraction(drafts[0].figures["grams"])


def test_a_baseline_is_recorded_before_the_plan_that_names_it(house: House, client: httpx.Client, day: str) -> None:
    today, draft = day_of(house.ledger, TENANT, day)[:2]
    said = {"id": "BASE-0701", "day": "2026-07-01", "rates_source": "油耗台账 2026-06"}
    early = client.post(f"/plans/drafts/{draft.id}/record", data=said | {"id": "PLAN-0701", "baseline": "BASE-0701"})
    assert early.status_code == 422
    assert "BASE-0701" in early.text
    assert client.post(f"/plans/drafts/{today.id}/record", data=said).status_code == 303
    assert client.post(
        f"/plans/drafts/{draft.id}/record", data=said | {"id": "PLAN-0701", "baseline": "BASE-0701"}
    ).is_redirect
    record = find_plan(house.ledger.entries, TENANT, "PLAN-0701")
    assert (record.role, record.baseline, record.left_out) == ("plan", "BASE-0701", ("SO-025",))
    shown = words(client.get("/plans").text)
    assert "PLAN-0701" in shown
    again = client.post(f"/plans/drafts/{draft.id}/record", data=said | {"id": "PLAN-0701-2"})
    assert again.status_code == 422
    assert "已记录为" in words(again.text)


def test_a_plan_that_was_not_driven_is_refused_in_words_and_one_that_was_is_counted(
    house: House, client: httpx.Client
) -> None:
    """4.8 kg by load, worked out in ``tests.driven``; what is planned is in no sum before."""
    day = date.today() + timedelta(days=2)  # noqa: DTZ011 - after its baseline was recorded
    whole: dict[str, Any] = {"occurred_at": f"{day}T08:00:00+08:00"}
    arrived = {"arrived_at": f"{day}T18:00:00+08:00"}
    plans = [route_plan("base:1", BEFORE, day=str(day)), route_plan("plan:1", AFTER, "base:1", day=str(day))]
    legs = [driven_leg(order, metres, **whole, **arrived) for order, metres in (("a", 20_000), ("b", 100_000))]
    said = {"plan": "plan:1", "activity": "0.02", "rates": "0.05", "start": str(day), "end": str(day)}
    with house.client("owner") as owner:
        owner.post("/api/v1/records", content=msgspec.json.encode(plans)).raise_for_status()
        refused = client.post("/savings", data=said)
        assert refused.status_code == 422
        told = words(refused.text)
        assert "没有行驶" in told or "未执行" in told or "未行驶" in told, told
        assert "计划减少 4.80 kg CO₂e，不计入。" in told
        assert "已入账减排 0.00" in told
        driven = [*legs, driven_round("ab", returned_at=f"{day}T18:00:00+08:00", **whole)]
        owner.post("/api/v1/records", content=msgspec.json.encode(driven)).raise_for_status()
    booked = client.post("/savings", data=said)
    assert booked.status_code == 303, words(booked.text)
    told = words(client.get(booked.headers["location"].partition("#")[0]).text)
    assert "已入账减排 4.80" in told
    assert "减排 4.80 kg CO₂e" in told
    assert client.post("/savings", data=said).status_code == 422, "once"


def test_a_reader_may_look_and_another_tenant_sees_nothing(house: House, day: str) -> None:
    with house.client("auditor", Accept="text/html") as auditor:
        assert auditor.get(f"/plans/days/{day}").status_code == 200
        assert auditor.post(f"/plans/days/{day}", data={}).status_code == 403
    with house.client("other", Accept="text/html") as other:
        assert other.get(f"/plans/days/{day}").status_code == 404
        assert "七月一日" not in other.get("/plans").text


def test_cartons_for_a_mix_over_how_many_are_kept(house: House, client: httpx.Client) -> None:
    """The published optima, 39,600,000, 13,968,000, 8,973,000 and 7,989,000 cm3 for one to four cartons."""
    mix = client.post("/cartons/example").headers["location"]
    planned(house, mix.rpartition("/")[2])
    shown = words(client.get(f"{mix}?k=3").text)
    assert all(figure in shown for figure in ("39,600,000", "13,968,000", "8,973,000", "7,989,000"))
    assert "3 种纸箱时的装箱" in shown
    table = load_workbook(BytesIO(client.get(f"{mix}/file").content))["曲线 Curve"]
    assert [table.cell(row, 2).value for row in range(2, 6)] == [39_600_000, 13_968_000, 8_973_000, 7_989_000]
    assert client.get(mix.replace("/cartons/", "/plans/drafts/")).status_code == 404, "it is no plan of routes"


def test_a_drum_wound_tightly_takes_less_room(client: httpx.Client) -> None:
    """4.89 % less, as the source reports it; what cannot be is said beside what was typed."""
    shown = client.get("/cartons/drum").text
    assert "−4.89 %" in shown
    wrong = client.get("/cartons/drum?loose=12&length=1450")
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    assert client.get("/cartons/drum?length=99999&traverse=13").status_code == 422, "more layers than are worked out"

"""A planner's day in a real browser, in Chinese: handed in, watched, compared, asked otherwise, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api import plan_work
from api.plan_example import example_day
from ledger.services.errand import Errand
from ledger.services.route_plans import find_plan
from tests.e2e.served import PHONE, Served, context_of
from tests.e2e.test_labels import sound


@pytest.fixture
def planning(served: Served) -> Iterator[None]:
    """The served sample has no background work; here a process takes plans up."""
    errand = Errand("plans", lambda stopped: plan_work.work(served.ledger, stopped), pause=0.05)
    errand.start()
    yield
    errand.stop()


@pytest.mark.usefixtures("planning")
def test_a_day_is_handed_in_watched_asked_otherwise_and_recorded(
    browser: Browser, served: Served, cookies: list[object], tmp_path: Path
) -> None:
    file = tmp_path / "七月二日.xlsx"
    file.write_bytes(example_day(2))
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/plans")
    page.set_input_files("#file", file)
    page.locator("summary", has_text="搜索设置").click()
    page.fill("#iterations", "200000")
    page.get_by_role("button", name="开始计划").click()
    # the search of 200,000 steps would take minutes; it is watched, and ended with the best so far
    draft = page.locator("article", has_text="草案 2")
    draft.get_by_text("目前最优（搜索估计值）").wait_for()
    draft.get_by_text("约剩").wait_for()
    sound(page, "watched")
    draft.get_by_role("button", name="采用目前最优").click()
    draft.get_by_text("提前结束").wait_for()
    draft.get_by_role("link", name="查看原因").click()
    assert "订单 Orders 26" in page.locator("#left-out ~ .scroll").inner_text()
    assert page.locator(".rounds svg").count() == 2
    sound(page, "result")
    page.go_back()
    page.locator("fieldset", has_text="卡车 6.8 m").get_by_label("辆数").fill("1")
    page.fill("#name", "只用一辆卡车")
    page.locator("#what-if ~ form [name=iterations]").fill("20")
    page.get_by_role("button", name="按此计划").click()
    otherwise = page.locator("article", has_text="只用一辆卡车")
    otherwise.get_by_role("link", name="线路与地图").wait_for()
    assert "卡车 6.8 m：1 辆" in otherwise.inner_text()
    otherwise.get_by_role("button", name="丢弃").click()
    page.get_by_text("已丢弃 只用一辆卡车。").wait_for()
    page.get_by_role("button", name="撤销丢弃").click()
    for row, name, against in (("现行做法", "基准 0702", ""), ("只用一辆卡车", "计划 0702", "基准 0702")):
        page.locator("article", has_text=row).get_by_role("link", name="线路与地图").click()
        page.fill("#id", name)
        page.fill("#day", "2026-07-02")
        page.fill("#rates_source", "油耗台账 2026-06")
        page.select_option("#baseline", against)
        page.get_by_role("button", name="录入", exact=True).click()
        page.get_by_text("已录入为").wait_for()
        page.goto(page.url.partition("/plans/")[0] + "/plans")
        page.get_by_role("link", name="七月二日.xlsx").click()
    record = find_plan(served.ledger.entries, served.ledger.settings.tenant, "计划 0702")
    assert (record.role, record.baseline) == ("plan", "基准 0702")
    context.close()

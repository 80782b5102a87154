"""A tender between closing and award in a real browser, in Chinese: marks before prices, score, card, what if, desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser

from tests.e2e.sealing import JUDGED, closed_at
from tests.e2e.served import DESKTOP, Served, context_of
from tests.e2e.test_labels import sound
from tests.unit.scoring.tender import CLOSES

AT = f"/tenders/{quote(JUDGED)}"
PRICES = ("900,000", "970,000", "900000", "970000")


def test_quality_before_price_then_score_card_and_what_if(browser: Browser, served: Served, cookies: list[Any]) -> None:
    """No price on any page until the marks are recorded; the winner follows from them; a slider moves the picture."""
    context = context_of(browser, cookies, DESKTOP, "zh-CN")
    page = context.new_page()
    with closed_at(CLOSES + timedelta(hours=2)):
        for path in (AT, f"{AT}/panel", f"/bids/{quote(JUDGED)}", f"{AT}/gaming"):
            page.goto(served.url + path)
            assert not [price for price in PRICES if price in page.content()], path
        page.goto(f"{served.url}{AT}/panel")
        page.fill("#m0\\.0", "40")
        page.fill("#m1\\.0", "1e3")
        page.click("#main form button")
        assert "不可用" in page.inner_text("[role=alert]")
        assert page.input_value("#m0\\.0") == "40"
        page.fill("#m1\\.0", "95")
        page.fill("#r1\\.0", "图纸完整")
        sound(page, "panel")
        page.click("#main form button")
        assert "其时本系统尚未显示任何报价" in page.inner_text("#main")
        page.goto(served.url + AT)
        page.click("form[action$='/score'] button")
        assert "Boyuan 博远" in page.inner_text("#main .notice")
        sound(page, "award")
        page.click("a[href$='/card']")
        page.click("#main form button")
        page.wait_for_selector(".heat", timeout=60_000)
        assert "Boyuan 博远" in page.inner_text(".heat")
        sound(page, "card")
        page.goto(f"{served.url}{AT}/what-if")
        assert "这不是评标结果" in page.inner_text("#main")
        page.evaluate(
            "(at) => { const one = document.querySelector(at); one.value = 0;"
            " one.dispatchEvent(new Event('input', { bubbles: true })); }",
            "#w1",
        )
        page.wait_for_selector("#outcome .notice.warn")
        assert "Anhe 安和" in page.inner_text("#outcome .notice")
        sound(page, "what-if")
    context.close()

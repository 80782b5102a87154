"""The label desk in a browser, with the fingers of a person: a range, its preview, the job, a void."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.served import DESKTOP, PHONE, Served, context_of
from tests.e2e.test_pages import AXE, RUN_AXE


def sound(page: Page, where: str) -> None:
    """No serious axe finding, nothing wider than the window."""
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


@pytest.mark.parametrize(("size", "locale"), [(PHONE, "zh-CN"), (DESKTOP, "en")])
def test_a_range_is_previewed_printed_and_partly_voided(
    browser: Browser, served: Served, cookies: list[object], size: tuple[int, int], locale: str
) -> None:
    """Opening a source chooses it; the job's page follows until every label was read; a void shows in the story."""
    context = context_of(browser, cookies, size, locale)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.url}/labels")
    page.click("label[for=source-range]")
    assert page.is_checked("input[value=range]")
    page.fill("[name=first]", "(8004)95211416000")
    page.fill("[name=count]", "24")
    page.fill("[name=title]", "GPON 光网络终端")
    page.click("form.desk button[type=submit]")
    assert page.locator(".sheet img").evaluate("image => image.naturalWidth > 500")
    sound(page, "checked")
    page.click("main form button[type=submit]")
    page.wait_for_selector(".verdict[data-verdict='0']")
    with page.expect_download() as download:
        page.click("main .actions a.button")
    assert download.value.suggested_filename.endswith("-1.pdf")
    page.fill("form[action$=void] [name=numbers]", "2-3")
    page.fill("form[action$=void] [name=reason]", "污损 smudged")
    page.click("form[action$=void] button")
    assert page.locator(".timeline li").count() == 2
    assert page.input_value("form[action$=reprint] [name=numbers]") == "2-3"
    sound(page, "job")
    assert complaints == []
    context.close()

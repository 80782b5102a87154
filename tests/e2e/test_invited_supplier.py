"""A supplier's person on a phone, in Chinese: from the link in the letter to the tasks that are open."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from ledger.services.organisations import add_organisation
from ledger.services.people import invite
from tests.e2e.served import PHONE, Served, context_of

PASSWORD = "四匹灰马站在湖边吃青草呢"


def test_an_invited_supplier_arrives_at_its_tasks(browser: Browser, served: Served) -> None:
    """Opens the link, is told what is wrong with a short password, sets one, sees its start page; signs in again."""
    ledger, tenant = served.ledger, served.ledger.settings.tenant
    party = {"tenant": tenant, "name": "华东电缆有限公司", "kind": "supplier"}
    made = add_organisation(ledger.organisations, ledger.clock, ledger.random, **party)
    person = {"tenant": tenant, "email": "wang@example.com", "name": "王芳", "role": "supplier"}
    _, secret = invite(ledger, **person, organisation=made.id)
    context = context_of(browser, [], PHONE, "zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/welcome/{secret}")
    expect(page.locator("h1")).to_have_text("王芳，欢迎")
    assert "华东电缆有限公司" in page.inner_text("main")
    assert page.input_value("#email") == "wang@example.com"
    page.eval_on_selector("#password", "field => field.removeAttribute('minlength')")
    page.fill("#password", "太短")
    page.click("main button[type=submit]")
    assert "至少" in page.inner_text("main")
    assert "12 个字符" in page.inner_text("[role=alert]")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    assert page.url == f"{served.url}/supplier"
    assert "华东电缆有限公司" in page.inner_text("h1")
    expect(page.locator(".tasks a", has_text="提交第一条记录")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE[0]
    page.click("header a[href='/account']")
    assert "王芳" in page.inner_text("h1")
    page.click("form[action='/account/sessions/end'] button")
    assert page.url == f"{served.url}/login"
    page.fill("#email", "wang@example.com")
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit] >> nth=0")
    assert page.url == f"{served.url}/supplier"
    page.click(".tasks a >> text=提交第一条记录")
    assert page.url == f"{served.url}/records/new"
    context.close()

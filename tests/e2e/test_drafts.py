"""A footprint filled in over a session that ends: nothing typed is lost, and another device goes on with it."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from ledger.services.gate import Gate
from ledger.services.organisations import add_organisation
from ledger.services.people import accept, invite
from tests.e2e.served import DESKTOP, PHONE, Served, context_of

PASSWORD = "四匹灰马站在湖边吃青草呢"


def test_a_draft_outlives_its_session(browser: Browser, served: Served) -> None:
    """Typed, kept, signed out, typed on, signed in in another tab: kept again, and open on a phone."""
    ledger = served.ledger
    tenant = ledger.settings.tenant
    parts = (ledger.organisations, ledger.clock, ledger.random)
    made = add_organisation(*parts, tenant=tenant, name="草稿电缆", kind="supplier")
    person = {"tenant": tenant, "email": "draft@example.com", "name": "李", "role": "supplier"}
    _, secret = invite(ledger, **person, organisation=made.id)
    accept(ledger, Gate(ledger.principals, ledger.clock), secret, PASSWORD)
    context = context_of(browser, [], DESKTOP, "zh-CN")

    def sign_in(page: Page) -> None:
        page.goto(f"{served.url}/login")
        page.fill("#email", "draft@example.com")
        page.fill("#password", PASSWORD)
        page.click("main form button[type=submit] >> nth=0")

    page = context.new_page()
    sign_in(page)
    page.goto(f"{served.url}/pcf/form")
    page.fill("#f-productNameCompany", "铜线")
    expect(page.locator("#draft-state")).to_have_text("草稿已保存。")
    context.clear_cookies()
    page.fill("#f-productNameCompany", "铜线 4 平方")
    expect(page.locator("#draft-state")).to_contain_text("登录已过期")
    tab = context.new_page()
    sign_in(tab)
    tab.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#draft-state")).to_have_text("草稿已保存。")
    context.close()
    phone = context_of(browser, [], PHONE, "zh-CN")
    page = phone.new_page()
    sign_in(page)
    page.goto(f"{served.url}/desk")
    page.click("text=铜线 4 平方")
    assert page.input_value("#f-productNameCompany") == "铜线 4 平方"
    page.goto(f"{served.url}/desk")
    page.click('button:text("丢弃")')
    page.click('button:text("恢复")')
    expect(page.locator("main a", has_text="铜线 4 平方")).to_be_visible()
    phone.close()

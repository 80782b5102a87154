"""Pages in a real browser: accessible, within policy, operable by keyboard, and deaf to hostile names."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from api.pages.words import visible
from ledger.services.worker import settle
from tests.builders import captured
from tests.e2e.browser import ROOT
from tests.e2e.conftest import Visit
from tests.e2e.sample import HOSTILE, leg
from tests.e2e.served import DESKTOP, PHONE, Served, context_of, pages_of, sign_in, supplier_pages_of

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.map((node) => node.target + " " + node.failureSummary).join(" | ")}`))"""
CONTROLS = "button, .button, header nav a, .account a, summary, input:not([type=hidden])"
EXPECTED = {"not-found": "404", "passport-unknown": "404"}


@pytest.mark.parametrize("look", [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_page_is_accessible_within_policy_and_as_wide_as_the_window(
    browser: Browser, served: Served, cookies: list[Any], look: tuple[tuple[int, int], Any], locale: str
) -> None:
    """
    Every page, both languages, phone and desktop: no console complaint, no overflow.

    No serious axe finding either; axe looks at phones in Chinese and at desktops in English, its rules know no words.
    """
    size, scheme = look
    faults = []
    own = sign_in(browser, served, served.sample.supplier_key)
    for who, pages in ((cookies, pages_of(served.sample)), (own, supplier_pages_of(served.sample))):
        context = context_of(browser, who, size, locale, scheme)
        axed = (size, locale) in {(PHONE, "zh-CN"), (DESKTOP, "en")}
        faults += _faults(context.new_page(), served, pages, size[0], locale, axed=axed)
        context.close()
    assert faults == []


def _faults(
    page: Page, served: Served, pages: dict[str, str], wide: int, locale: str, *, axed: bool
) -> list[str]:  # fmt: skip
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    faults = []
    for name, path in pages.items():
        heard.clear()
        page.goto(served.url + path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        if axed:
            page.evaluate(AXE)
            faults += [f"{name}: {finding}" for finding in page.evaluate(RUN_AXE)]
        faults += [f"{name}: {said}" for said in heard if EXPECTED.get(name, "\0") not in said]
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > wide:
            faults.append(f"{name}: {width} px wide")
        if page.evaluate("document.documentElement.lang") != locale:
            faults.append(f"{name}: not in {locale}")
    return faults


def test_names_are_text_wherever_they_are_shown(visit: Visit, served: Served) -> None:
    """Markup, template code and turning controls in names come out as the same characters, and nothing runs."""
    for text in HOSTILE:
        page = visit.open(f"/routes/{quote(text, safe='')}")
        assert page.inner_text("h1") == str(visible(text)).strip()
    for path in (
        "/entries",
        "/routes",
        f"/tenders/{served.sample.tender}",
        "/entries/20",
        "/find?code=" + quote(HOSTILE[0]),
    ):
        page = visit.open(path)
        assert "owned" not in page.title()
        foreign = (
            "[...document.querySelectorAll('main script, main img, main [onerror], main [onload], main [onfocus]')]"
        )
        assert page.evaluate(f"{foreign}.length") == 0
        assert "\u202e" not in page.inner_text("body")
    assert [said for said in visit.complaints if "400" not in said] == []


def test_the_keyboard_reaches_everything_in_order(visit: Visit) -> None:
    """The first stop skips to the content; then come brand, navigation, language and the page's own controls."""
    page = visit.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.type("(01)09506000134352(21)OC-2026-000117")
    page.keyboard.press("Enter")
    page.wait_for_url("**/01/09506000134352/21/OC-2026-000117")
    hrefs = []
    for _ in range(12):
        page.keyboard.press("Tab")
        hrefs.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert hrefs[:3] == ["#main", "/", "/"]
    groups = ["/scan", "/desk", "/assets", "/routes", "/plans", "/factors", "/tenders", "/organisations", "/entries"]
    assert hrefs[3:12] == groups


def test_controls_are_large_enough_for_gloves(browser: Browser, served: Served, cookies: list[Any]) -> None:
    """On a phone, navigation, buttons, fields and summaries are at least 44 px high; a tick counts with its label."""
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    small = []
    for name, path in pages_of(served.sample).items():
        page.goto(served.url + path)
        small += [
            f"{name}: {found}"
            for found in page.evaluate(
                f"[...document.querySelectorAll('{CONTROLS}')]"
                ".filter((e) => e.offsetHeight)"
                ".map((e) => [e, e.type === 'checkbox' ? (e.closest('label')?.offsetHeight ?? 0) : 0])"
                ".filter(([e, label]) => Math.max(e.offsetHeight, label) < 44).map(([e]) => e)"
                ".map((e) => e.outerHTML.slice(0, 80))"
            )
        ]
    context.close()
    assert small == []


def test_language_is_chosen_kept_and_leads_nowhere_else(visit: Visit) -> None:
    """The switch keeps the reader on the page; a foreign address in it is not followed."""
    page = visit.open("/checkpoints")
    page.click("text=中文")
    assert page.url.endswith("/checkpoints")
    assert page.inner_text("h1") == "检查点"
    assert visit.open("/language/en?next=//evil.example").url == f"{visit.url}/"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_wrong_key_shows_the_form_again_with_what_to_do(browser: Browser, served: Served) -> None:
    """Signing in with a wrong key says so beside the form, in the reader's language."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/entries")
    assert "登录" in page.inner_text("main")
    page.click("main a.button[href^='/login']")
    page.click(".with-key summary")
    page.fill("#key", "ocl_owner_wrong")
    page.click(".with-key button")
    assert "密钥无效" in page.inner_text("[role=alert]")
    assert page.input_value("input[name=next]") in {"/", "/entries"}
    context.close()


def test_a_passport_shows_the_public_no_place_and_no_proof(browser: Browser, served: Served) -> None:
    """Without a session the passport has code, symbol, steps and times, but neither places nor links to entries."""
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(served.url + pages_of(served.sample)["passport"])
    text = page.inner_text("main")
    assert "inspecting" in text
    assert "active" in text
    assert "(414)" not in text
    assert page.evaluate("document.querySelectorAll('main a[href^=\"/entries\"]').length") == 0
    context.close()


def test_states_move_while_the_page_is_open(visit: Visit, served: Served) -> None:
    """An open entry page shows confirmation by itself once the chain has it."""
    (receipt,) = captured(served.ledger, [leg(900)], served.ledger.settings.tenant)  # other tests anchor as well
    page = visit.open(f"/entries/{receipt.seq}")
    assert page.locator(".life .done").count() < 4
    settled = settle(served.ledger.worker())
    assert settled
    assert settled.state == "confirmed"
    page.locator(".life .done").nth(4).wait_for(timeout=40_000)
    assert visit.complaints == []
    assert json.loads(page.request.get(f"{served.url}/entries/0/proof").text())["format"] == "onecode/proof/1"

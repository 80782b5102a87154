"""A sealed tender in a real browser, in Chinese: keys made, a bid sealed there, opened by what the ledger holds."""

from __future__ import annotations

import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from api import bidding
from ledger.services.access import Role
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme, score_tender
from ledger.wiring import Ledger
from tests.e2e.sample import Stopped
from tests.e2e.served import DESKTOP, PHONE, Served, context_of
from tests.e2e.test_labels import sound
from tests.unit.scoring.tender import CLOSES, criterion, scheme

TENDER = "T-密封-1"
FAR = CLOSES.replace(year=2099)


def signed_in(browser: Browser, served: Served, role: Role, organisation: str, size: tuple[int, int]) -> Page:
    """A page of a holder of a key of this role, in Chinese."""
    ledger = served.ledger
    terms: Any = {"tenant": ledger.settings.tenant, "name": organisation or role, "role": role, "days": 1}
    key = issue_key(ledger.principals, ledger.clock, ledger.random, **terms, organisation=organisation)[1]
    page = context_of(browser, [], size, "zh-CN").new_page()
    page.goto(f"{served.url}/login")
    page.click(".with-key summary")
    page.fill("#key", key)
    page.click(".with-key button")
    page.goto(f"{served.url}/bids/{TENDER}")
    return page


def saved(page: Page, selector: str, to: Path) -> Path:
    """The file that a click saves, once the ledger has taken what belongs to it."""
    with page.expect_download() as download:
        page.click(selector)
    download.value.save_as(to)
    page.wait_for_selector("#outcome .good")
    return to


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tender has closed."""

    def of(ledger: Ledger, tenant: str, submitter: str) -> Desk:
        parts: Any = (ledger.entries, ledger.projections, Stopped(FAR + timedelta(hours=1)), ledger.random)
        return Desk(*parts, tenant, submitter, ledger.organisations, ledger.sight)

    monkeypatch.setattr(bidding.Desk, "of", of)


def test_a_bid_is_sealed_in_the_browser_and_opened_after_closing(
    browser: Browser, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two holders, one phone; the price is in no request and no file of the ledger before both released their keys."""
    ledger, tenant = served.ledger, served.ledger.settings.tenant
    parts = (ledger.organisations, ledger.clock, ledger.random)
    add_organisation(*parts, tenant=tenant, name="封标有限公司", kind="supplier", organisation_id="fengbiao")
    asked = (criterion("price", "80", "lowest-price", unit="CNY"), criterion("功耗", "20", "lowest-price", unit="W"))
    desk = Desk.of(ledger, tenant, "采购部")
    publish_scheme(desk, scheme(*asked, id=TENDER, closes_at=FAR, quantity=Fraction(400)))
    catch_up(ledger.entries, ledger.projections)
    buyer = signed_in(browser, served, "procurement", "", DESKTOP)
    auditor = signed_in(browser, served, "auditor", "", DESKTOP)
    keys = [saved(page, "[data-make-key]", tmp_path / f"{n}.json") for n, page in enumerate((buyer, auditor))]
    bidder = signed_in(browser, served, "supplier", "fengbiao", PHONE)
    sound(bidder, "bid")
    sent: list[str] = []
    bidder.on("request", lambda request: sent.append(request.post_data or ""))
    bidder.fill("#unit_price", "8642.5")
    bidder.fill("[data-quality]", "3.2")
    assert "3457000" in bidder.inner_text("#total")
    kept = json.loads(saved(bidder, "form[data-seal] button", tmp_path / "bid.json").read_text())
    assert json.loads(kept["body"])["price"] == "3457000"
    assert "3457000" not in "".join(sent)
    files = [path for path in ledger.settings.home.rglob("*") if path.is_file()]
    assert not [path for path in files if b"3457000" in path.read_bytes()]
    bidder.reload()
    assert "计入" in bidder.inner_text("#main")
    later(monkeypatch)
    for page, key in zip((buyer, auditor), keys, strict=True):
        page.reload()
        page.set_input_files("#key-file", key)
        page.click("form[data-release] button")
        page.wait_for_selector("form[data-release]", state="detached")
    buyer.reload()
    shown = buyer.inner_text("#main")
    assert "封标有限公司" in shown
    assert "3,457,000" in shown
    sound(buyer, "opened")
    sheet, _ = score_tender(bidding.Desk.of(ledger, tenant, "采购部"), TENDER)
    assert (sheet.winner, sheet.bids[0].price) == ("封标有限公司", 3_457_000)
    for page in (buyer, auditor, bidder):
        page.context.close()

"""A file handed in by a person: dropped connection, all errors, the good rows submitted, the receipt, taken back."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, Route

from api import intake_work
from ledger.services.errand import Errand
from tests.e2e.served import PHONE, Served, context_of
from tests.e2e.test_labels import sound
from tests.unit.files.tables import HEADINGS, book, row


@pytest.fixture
def working(served: Served) -> object:
    """The served sample has no background work; here a process takes jobs up."""
    errand = Errand("intake", lambda stopped: intake_work.work(served.ledger, stopped), pause=0.05)
    errand.start()
    yield errand
    errand.stop()


def _cut_once(page: Page) -> list[str]:
    """The first part never arrives."""
    seen: list[str] = []

    def handle(route: Route) -> None:
        seen.append(route.request.url)
        if len(seen) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/content?*", handle)
    return seen


@pytest.mark.usefixtures("working")
def test_a_supplier_uploads_corrects_and_submits_in_chinese(
    browser: Browser, served: Served, cookies: list[object], tmp_path: Path
) -> None:
    """On a phone, from the list of templates to entries and back; nothing is lost with the connection."""
    file = tmp_path / "运单.xlsx"
    bad = [row(waybill="E-2", distance=""), row(waybill="E-3", gross_mass="１２，５")]
    file.write_bytes(book([HEADINGS, row(waybill="E-1"), *bad, row(waybill="E-4")]))
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/intake")
    sound(page, "intake")
    parts = _cut_once(page)
    page.set_input_files("#file", file)
    page.click("#upload button")
    page.get_by_role("button", name="提交 2 行合格数据").wait_for()
    assert len(parts) == 2
    shown = page.locator("#main").inner_text()
    assert hashlib.sha256(file.read_bytes()).hexdigest()[:12] in shown
    assert "未通过的行：2" in shown
    assert "里程（公里）" in shown
    assert "record.amount" in shown
    sound(page, "checked")
    with page.expect_download() as download:
        page.get_by_text("错误文件（xlsx）").click()
    errors = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    assert [cell.value for cell in errors["A"]] == ["运单号", "E-2", "E-3"]
    before = served.ledger.entries.size()
    page.get_by_role("button", name="提交 2 行合格数据").click()
    page.get_by_text("新增 2 条。").wait_for()
    assert served.ledger.entries.size() == before + 2
    assert "已排序" in page.locator("#main").inner_text()
    sound(page, "receipt")
    page.locator("summary", has_text="撤回这次提交").click()
    page.get_by_role("button", name="确认撤回").click()
    page.get_by_text("已撤回 2 个条目。").wait_for()
    assert served.ledger.entries.size() == before + 4
    context.close()


def test_evidence_is_hashed_in_the_browser(
    browser: Browser, served: Served, cookies: list[object], tmp_path: Path
) -> None:
    """The hash shown before it is sent is the one that is recorded."""
    file = tmp_path / "证书.pdf"
    file.write_bytes(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/evidence?about=cert-1")
    page.set_input_files("#file", file)
    page.get_by_text(digest).wait_for()
    assert page.input_value("[name=sha256]") == digest
    page.click("#evidence button")
    page.get_by_text("文件已保存，并已录入账本。").wait_for()
    assert digest in (page.locator(".notice").text_content() or "")
    sound(page, "evidence")
    context.close()

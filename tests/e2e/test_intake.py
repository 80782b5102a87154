"""A file handed in by a person: cut connection, all errors, the good rows, the receipt, the mended rows, taken back."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, Route

from api import intake_work
from ledger.services.errand import Errand
from ledger.services.organisations import add_organisation
from ledger.services.people import invite
from tests.e2e.served import PHONE, Served, context_of
from tests.e2e.test_labels import sound


@pytest.fixture
def working(served: Served) -> object:
    """The served sample has no background work; here a process takes jobs up."""
    errand = Errand("intake", lambda stopped: intake_work.work(served.ledger, stopped), pause=0.05)
    errand.start()
    yield errand
    errand.stop()


def _cut_once(page: Page) -> list[str]:
    """The second part never arrives."""
    seen: list[str] = []

    def handle(route: Route) -> None:
        seen.append(route.request.url)
        if len(seen) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/content?*", handle)
    return seen


def _invited(served: Served) -> tuple[str, str]:
    """A supplier that was never here: its organisation's id, and the link in its letter."""
    ledger, tenant = served.ledger, served.ledger.settings.tenant
    party = {"tenant": tenant, "name": "江南线缆有限公司", "kind": "supplier"}
    made = add_organisation(ledger.organisations, ledger.clock, ledger.random, **party)
    person = {"tenant": tenant, "email": "zhou@example.com", "name": "周敏", "role": "supplier"}
    _, secret = invite(ledger, **person, organisation=made.id)
    return made.id, f"{served.url}/welcome/{secret}"


def _sheet(page: Page, link: Locator) -> Any:
    """The workbook behind a link, opened as its reader's spreadsheet does."""
    with page.expect_download() as download:
        link.click()
    return load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active


def _hand_in(page: Page, sheet: Any, file: Path) -> None:
    sheet.parent.save(file)
    page.set_input_files("#file", file)
    page.click("#upload button")


def _take_back(page: Page, count: int) -> None:
    page.locator("summary", has_text="撤回这次提交").click()
    page.get_by_role("button", name="确认撤回").click()
    page.get_by_text(f"已撤回 {count} 个条目。").wait_for()


@pytest.mark.usefixtures("working")
def test_an_invited_supplier_hands_in_a_workbook_mends_three_rows_and_takes_both_back(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    """From the link in the letter, in Chinese, with a spreadsheet alone."""
    organisation, link = _invited(served)
    context = context_of(browser, [], PHONE, "zh-CN")
    page = context.new_page()
    page.goto(link)
    page.fill("#password", "三只白鹭停在田埂上看云呢")
    page.click("main button[type=submit]")
    page.goto(f"{served.url}/intake")
    sound(page, "intake")
    card = page.locator("li.card", has_text="产品碳足迹声明")
    sheet = _sheet(page, card.get_by_role("link", name="中文 xlsx"))
    example = [cell.value for cell in sheet[5]]
    assert example[1] == organisation
    at = {cell.value: number for number, cell in enumerate(sheet[3], 1)}
    for number in range(40):
        for column, said in enumerate([f"PCF-{number}", *example[1:]], 1):
            sheet.cell(5 + number, column, said)
    wrong = {
        14: ("pcf", "", "8.4"),
        25: ("boundary", "大门到大门", "从摇篮到大门"),
        36: ("valid_to", "2024-02-30", "2024-02-29"),
    }
    for row, (column, bad, _) in wrong.items():
        sheet.cell(row, at[column]).value = bad
    _hand_in(page, sheet, tmp_path / "碳足迹.xlsx")
    page.get_by_role("button", name="提交 37 行合格数据").wait_for()
    shown = page.locator("#main").inner_text()
    assert hashlib.sha256((tmp_path / "碳足迹.xlsx").read_bytes()).hexdigest()[:12] in shown
    assert "未通过的行：3" in shown
    told = [line.inner_text() for line in page.locator("#errors ~ .scroll tbody tr").all()]
    for said, (row, words) in zip(
        told,
        {14: ("碳足迹", "缺少"), 25: ("系统边界", "不在可选项中"), 36: ("有效期止", "不是日期")}.items(),
        strict=True,
    ):
        assert str(row) in said
        assert all(word in said for word in words), said
    sound(page, "checked")
    errors = _sheet(page, page.get_by_text("错误文件（xlsx）"))
    assert [cell.value for cell in errors["A"]][1:] == ["PCF-9", "PCF-20", "PCF-31"]
    assert "不是日期" in str([cell.value for cell in errors[4]])
    before = served.ledger.entries.size()
    page.get_by_role("button", name="提交 37 行合格数据").click()
    page.get_by_text("新增 37 条。").wait_for()
    assert served.ledger.entries.size() == before + 37
    assert "已排序" in page.locator("#main").inner_text()
    sound(page, "receipt")
    first = page.url
    for row, (column, _, right) in enumerate(wrong.values(), 2):
        errors.cell(row, at[column], right)
    page.goto(f"{served.url}/intake")
    _hand_in(page, errors, tmp_path / "改正.xlsx")
    page.get_by_role("button", name="提交 3 行合格数据").click()
    page.get_by_text("新增 3 条。").wait_for()
    assert "未读取的列" not in page.locator("#main").inner_text()
    assert served.ledger.entries.size() == before + 40
    _take_back(page, 3)
    page.goto(first)
    _take_back(page, 37)
    assert served.ledger.entries.size() == before + 80
    context.close()


def test_a_cut_upload_goes_on_by_itself_and_says_how_fast(
    browser: Browser, served: Served, cookies: list[object], tmp_path: Path
) -> None:
    """The part that was lost is sent again, none before it; what is there, the rate and the time left are told."""
    file = tmp_path / "大文件.csv"
    file.write_bytes(b"A,B\n" + b"1,2\n" * 650_000)
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    said: list[str] = []
    page.expose_function("told", lambda line: said.append(line))  # noqa: PLW0108
    page.goto(f"{served.url}/intake")
    page.evaluate(
        """() => { const line = document.querySelector("#sending p");
        new MutationObserver(() => told(line.textContent)).observe(line, {childList: true}); }"""
    )
    parts = _cut_once(page)
    page.set_input_files("#file", file)
    page.click("#upload button")
    page.wait_for_url("**/intake/*")
    assert [part.partition("offset=")[2] for part in parts] == ["0", "1048576", "1048576", "2097152"]
    assert any(line.startswith("连接中断") for line in said)
    assert any(re.fullmatch(r"正在上传：2.1 / 2.6 MB，每秒 \d+\.\d MB，约剩 \d+ 秒", line) for line in said), said
    context.close()


def test_evidence_is_hashed_in_the_browser(
    browser: Browser, served: Served, cookies: list[object], tmp_path: Path
) -> None:
    """Chosen by keyboard in the page's language; the hash shown before it is sent is the one that is recorded."""
    file = tmp_path / "证书.pdf"
    file.write_bytes(b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    context = context_of(browser, cookies, PHONE, "zh-CN")
    page = context.new_page()
    page.goto(f"{served.url}/evidence?about=cert-1")
    chooser = page.locator(".file")
    assert chooser.inner_text().split() == [
        "选择文件",
        "尚未选择文件",
    ]  # the page's language, whatever the browser's is
    page.focus("#file")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Enter")
    chosen.value.set_files(file)
    page.get_by_text(digest).wait_for()
    assert chooser.inner_text().split() == ["选择文件", "证书.pdf"]
    assert page.input_value("[name=sha256]") == digest
    page.click("#evidence button")
    page.get_by_text("文件已保存，并已录入账本。").wait_for()
    assert digest in (page.locator(".notice").text_content() or "")
    sound(page, "evidence")
    context.close()

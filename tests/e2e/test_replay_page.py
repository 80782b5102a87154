"""A loser computes the award again in a browser, without the server: the same digits as the ledger's own command."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page

from ledger.log.canonical import canonical_bytes
from ledger.log.proof import Proof
from ledger.scoring.award import score
from ledger.scoring.replaying import read_sheet, replayed
from ledger.services.prove import prove
from tests.e2e.served import PHONE, Served, award_of, context_of
from tests.unit.scoring.test_same_bytes import TENDERS

ASKED = "(sheets) => Promise.all(sheets.map((sheet) => onecodeReplay(sheet)))"
PATIENT = 120_000
"""Milliseconds for a Python to start beside other tests."""


def dropped(page: Page, folder: Path, data: bytes) -> None:
    """Choose a file with these bytes and wait until it was computed again."""
    file = folder / "award.json"
    file.write_bytes(data)
    page.evaluate("document.getElementById('outcome').replaceChildren()")  # what came of the last one
    page.set_input_files("#sheet", [])
    page.set_input_files("#sheet", file)
    page.wait_for_selector("[data-replay]", timeout=PATIENT)


def verdicts(page: Page) -> tuple[str | None, str | None]:
    """Of the computation and of the record."""
    return (
        page.get_attribute("[data-replay]", "data-replay"),
        page.get_attribute("section .verdict", "data-verdict"),
    )


def in_python(sheets: list[bytes]) -> list[Any]:
    """What the same module says here."""
    return [msgspec.to_builtins(replayed(sheet, "zh-CN")) for sheet in sheets]


def test_a_loser_computes_the_award_again_without_a_network(browser: Browser, served: Served, tmp_path: Path) -> None:
    """
    In Chinese on a phone, nobody signed in, the network off: the award file holds and gives the same to the last digit;
    a changed digit is named; a sheet alone is nobody's word; and what the browser says of seven tenders and their
    forgeries is what Python says here, value for value.
    """
    context = context_of(browser, [], PHONE, "zh-CN")
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.url}/replay")
    page.wait_for_selector("#engine[data-state=ready]", timeout=PATIENT)
    context.set_offline(True)

    award = award_of(served)
    dropped(page, tmp_path, award)
    assert verdicts(page) == ("0", "0")
    assert page.inner_text("[data-replay] h2").strip() == "复算一致，逐位相同"
    sheet = read_sheet(Proof.from_bytes(award).entry.body)
    ranked = page.locator("section:has(> h2:text-is('本页复算的评分结果')) tbody tr")
    assert ranked.count() == len(sheet["ranks"])
    assert sheet["totals"][0]["shown"] in ranked.first.inner_text()

    page.locator("#outcome details > summary").last.click()
    page.locator("#outcome details[open] td", has_text=sheet["cells"][-1]["working"]).first.wait_for()
    page.fill("#key", "")
    assert verdicts(page) == ("0", "2")

    at = next(at for at, cell in enumerate(sheet["cells"]) if cell["shown"] == "38.92")
    sheet["cells"][at]["shown"] = "38.93"
    dropped(page, tmp_path, canonical_bytes(sheet))
    assert verdicts(page) == ("1", "2")
    assert f"/cells/{at}/shown" in page.inner_text("section:has(> h2:text-is('不一致之处'))")
    assert sheet["cells"][at]["bidder"] in page.inner_text("[data-replay]")

    dropped(page, tmp_path, prove(served.ledger.entries, served.ledger.checkpoints, 3).to_bytes())
    assert verdicts(page) == ("2", "2")

    asked = list(_sheets_and_forgeries())
    found = page.evaluate(ASKED, [b64encode(one).decode() for one in asked])
    assert found == in_python(asked)
    assert {one["verdict"] for one in found} == {0, 1, 2}
    assert complaints == []
    context.close()


def _sheets_and_forgeries() -> list[bytes]:
    """Each kept tender as it is, with a changed result, with a changed input; and files that are no sheet."""
    made = [b"", b"[]", b"[" * 100_000, b'{"a":' * 33 + b"1" + b"}" * 33, b'{"record":{"kind":"bid","content":{}}}']
    for scheme, bids, *more in TENDERS.values():
        record = score(scheme, bids, *more).to_record()
        made.append(canonical_bytes(record))
        text = json.dumps(record)
        made.append(text.replace('"winner":', '"winnner":').encode())
        made.append(canonical_bytes(record | {"bids": record["bids"][1:]}))
    return made

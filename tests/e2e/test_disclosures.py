"""A supplier commits to a document, shows one stage of it, and a buyer checks that; the document leaves no browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Request

from ledger.log.disclosure import Disclosure
from ledger.log.fields import Opening
from ledger.log.sealed import verify_file
from ledger.services.worker import settle
from tests.e2e.conftest import Visit
from tests.e2e.served import Served

SECRET = "8.125 kg of a secret alloy"


def test_a_stage_is_shown_and_nothing_else(visit: Visit, served: Served, tmp_path: Path) -> None:
    """Typed fields, the opening saved, one field shown, the file verified here and by the page; in Chinese."""
    sent: list[str] = []

    def heard(request: Request) -> None:
        sent.append(request.url + (request.post_data or ""))

    page = visit.open("/disclosures")
    page.on("request", heard)
    page.fill("[name=supplier]", "supplier-1")
    page.fill("[name=about]", "PCF 2026")
    page.click("[data-more]")
    for at, (name, value) in enumerate(
        [("pcf_kg_co2e", "12.50"), ("stage.raw", "8.1"), ("stage.use", "4.4"), ("inputs", SECRET)]
    ):
        page.locator("[name=field]").nth(at).fill(name)
        page.locator("[name=value]").nth(at).fill(value)
    page.locator("[name=field]").nth(4).fill("")
    with page.expect_download() as saved:
        page.click("form[data-commit] button[type=submit]")
    kept = tmp_path / "opening.json"
    saved.value.save_as(kept)
    assert page.locator("#committed .good").count() == 1
    opening = Opening.from_bytes(kept.read_bytes())
    assert [(one.path, one.value) for one in opening.fields][3] == ("/inputs", SECRET)

    settle(served.ledger.worker())
    page.reload()
    page.set_input_files("form[data-disclose] input[type=file]", kept)
    page.check("input[value='/stage.raw']")
    with page.expect_download() as made:
        page.click("form[data-disclose] button[type=submit]")
    shown = tmp_path / "disclosure.json"
    made.value.save_as(shown)
    found = verify_file(shown.read_bytes(), key=served.ledger.note_key.verifier)
    assert isinstance(found, Disclosure)
    assert [(one.field.path, one.field.value) for one in found.fields] == [("/stage.raw", "8.1")]
    for secret in (SECRET, "12.50", *(one.salt.hex() for one in opening.fields)):
        assert secret not in "".join(sent)

    page.goto(served.url + "/verify")
    page.set_input_files("#proof", shown)
    page.wait_for_selector("[data-verdict='0']")
    assert "8.1" in page.inner_text("#outcome")

"""Reports as page, PDF and JSON: the same items and digits in both languages, numbered pages, the tenant's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import get_args

import pypdfium2
import pytest
import zxingcpp

from api.pages.catalogue import messages
from ledger.errors import Locale
from ledger.footprint.product import STAGES
from ledger.log.pin import Pin, read_pin
from ledger.records.transport_operation import Mode
from tests.api.house import House, served
from tests.e2e.sample import HOSTILE, Sample, fill
from tests.e2e.served import pages_of

LANGUAGES: tuple[Locale, ...] = get_args(Locale)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Sample]]:
    """A served ledger with the sample in it, hostile names among them."""
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house, fill(house.ledger)


def text_of(data: bytes) -> list[str]:
    """The text of each page, without blanks: a line that is wrapped is the same text."""
    pages = pypdfium2.PdfDocument(data)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("name", ["report", "report-route"])
def test_page_pdf_and_json_say_the_same(filled: tuple[House, Sample], name: str, locale: Locale) -> None:
    """Every item of the JSON by its name on the page and in the PDF; the total; each PDF page numbered."""
    house, sample = filled
    path = pages_of(sample)[name]
    with house.client("owner", accept="text/html", accept_language=locale) as client:
        shown = client.get(path).text
        file = client.get(path, params={"as": "pdf"})
        record = client.get(path, params={"as": "json"}).json()
        figures = client.get(f"/api/v1{path.removeprefix('/reports')}/footprint").json()
    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-")
    printed = text_of(file.content)
    known, whole = messages(locale), "".join(printed)
    for section in record["sections"]:
        assert known[f"report.section.{section['section']}"] in shown
        for item in section["items"]:
            label = known[f"report.item.{item['item']}"]
            assert label in shown
            assert re.sub(r"\s", "", label) in whole
    unstated = re.sub(r"\s", "", known["report.none-stated"])
    assert whole.count(unstated) >= len(record["not_stated"]) > 0
    assert record["wtw_kg"] == figures["wtw_kg"]
    assert f"{float(Fraction(record['wtw_kg'])):,.3f}" in whole
    for number, page in enumerate(printed, 1):
        said = known["report.page"].format(page=number, pages=len(printed))
        assert re.sub(r"\s", "", said) in page


def test_paper_pins_the_log(filled: tuple[House, Sample]) -> None:
    """The code on the last page, read back from its picture, is a pin of the log; its words stand beside it."""
    house, sample = filled
    stored = house.ledger.checkpoints.reached("confirmed")
    assert stored is not None
    with house.client("owner", accept="text/html", accept_language="zh") as client:
        file = client.get(pages_of(sample)["report"], params={"as": "pdf"}).content
        passport = client.get(pages_of(sample)["passport"]).text
    (last,) = list(pypdfium2.PdfDocument(file))[-1:]
    (code,) = zxingcpp.read_barcodes(last.render(scale=3, grayscale=True).to_pil())
    assert read_pin(code.text) == Pin(house.ledger.note_key.verifier, stored.checkpoint)
    words = text_of(file)[-1]
    for said in (stored.checkpoint.origin, stored.checkpoint.root.hex()[:16], messages("zh-CN")["pin.title"]):
        assert said in words
        assert said in passport


def test_what_others_wrote_is_text_on_paper(filled: tuple[House, Sample]) -> None:
    """Markup in names is printed as it was written, and turned text by its code point; the names are Chinese."""
    house, sample = filled
    with house.client("owner", accept="text/html", accept_language="zh") as client:
        file = client.get(pages_of(sample)["report"], params={"as": "pdf"}).content
        again = client.get(pages_of(sample)["report"], params={"as": "pdf"}).content
        page = client.get(pages_of(sample)["report"]).text
    whole = "".join(text_of(file))
    assert file == again
    assert "<script>document.title='owned'</script>" in whole
    assert "U+202E" in whole
    assert "华东电气" in whole
    assert HOSTILE[0] not in page


def test_words_exist_for_every_mode_and_stage() -> None:
    """A mode that a record may have, and every stage, have a word in reports."""
    known = messages("en")
    assert [mode for mode in get_args(Mode) if f"report.is.mode-{mode}" not in known] == []
    assert [code for code, _, _ in STAGES if f"stage.{code}" not in known] == []


def test_a_report_is_of_ones_own_tenant(filled: tuple[House, Sample]) -> None:
    """Another tenant's product and route are not there; nobody reads without a key."""
    house, sample = filled
    for name in ("report", "report-route"):
        path = pages_of(sample)[name]
        with house.client("other", accept="text/html") as client:
            assert client.get(path).status_code == 404
        assert house.client(accept="text/html").get(path).status_code in {401, 403}

"""The award as files: what a workbook and a printed page of it hold, opened again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from urllib.parse import quote

import pypdfium2
import pytest
from openpyxl import load_workbook

from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme, score_tender, submit_bid
from tests.api.house import House, served
from tests.e2e.sample import Stopped
from tests.unit.scoring.tender import CLOSES, full_bids, full_scheme


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A scored tender."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger = house.ledger

        def desk(hours: int) -> Desk:
            catch_up(ledger.entries, ledger.projections)
            found = Desk.of(ledger, ledger.settings.tenant, "procurement")
            return found._replace(clock=Stopped(CLOSES + timedelta(hours=hours)))

        publish_scheme(desk(-2), full_scheme())
        for one in full_bids():
            submit_bid(desk(-1), full_scheme().id, one)
        score_tender(desk(1), full_scheme().id)
        house.settled()
        yield house


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_workbook_computes_again(house: House, language: str) -> None:
    """Exact points of the cells of each bidder sum to the exact total; who was set aside is there with the reason."""
    address = f"/tenders/{quote(full_scheme().id)}"
    with house.client("procurement", accept_language=language) as client:
        book = load_workbook(BytesIO(client.get(f"{address}?as=xlsx").content))
    ranking, cells, gates, *_ = ([[c.value for c in row] for row in sheet.iter_rows(min_row=2)] for sheet in book)
    for _, bidder, _, exact, _ in ranking:
        assert sum(Fraction(row[5]) for row in cells if row[0] == bidder) == Fraction(exact)
    assert {row[1] for row in ranking} == {"Anhe 安和", "Boyuan 博远", "Chenxi 晨曦"}
    assert {row[0] for row in gates} == {one.bidder for one in full_bids()}
    assert next(row for row in gates if row[0] == "Dazhi 大智")[2]


@pytest.mark.parametrize(("language", "title"), [("en", "Award"), ("zh-CN", "评标结果")])
def test_the_printed_award_names_every_bidder_and_its_working(house: House, language: str, title: str) -> None:
    """The text of the file, read back."""
    with house.client("procurement", accept_language=language) as client:
        answer = client.get(f"/tenders/{quote(full_scheme().id)}?as=pdf")
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert title in text
    assert all(one.bidder.split()[0] in text for one in full_bids())
    assert "max(90, 100) x (1 + 0.1)" in text.replace("\r\n", " ").replace("\n", " ")


def test_others_get_no_file(house: House) -> None:
    """Prices are in it."""
    with house.client("warehouse") as client:
        assert client.get(f"/tenders/{quote(full_scheme().id)}?as=xlsx").status_code == 403

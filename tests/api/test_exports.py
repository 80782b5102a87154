"""Routes and products as files: what the page says, in numbers that a spreadsheet adds up to the same total."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote, unquote

import pytest
from openpyxl import load_workbook

from tests.api.house import House, served
from tests.e2e.sample import HOSTILE, Sample, fill
from tests.e2e.served import pages_of

PAGE = {"accept": "text/html", "accept_language": "en"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Sample]]:
    """A served ledger with the sample in it, hostile names among them."""
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house, fill(house.ledger)


def rows(data: bytes, sheet: int = 0) -> list[list[Any]]:
    """The cells of a sheet."""
    return [list(row) for row in load_workbook(BytesIO(data)).worksheets[sheet].iter_rows(values_only=True)]


@pytest.mark.parametrize("name", ["route", "product"])
def test_a_footprint_as_a_workbook_adds_up(filled: tuple[House, Sample], name: str) -> None:
    """The exact column sums to the API's total; entries, factors and the set's hash are in the file."""
    house, sample = filled
    path = pages_of(sample)[name]
    with house.client("owner", **PAGE) as client:
        answer = client.get(path, params={"as": "xlsx"})
        record = client.get(f"/api/v1{path}/footprint").json()
    figures, sums, factors = (rows(answer.content, sheet) for sheet in range(3))
    exact = figures[0].index("exact")
    assert sum((Fraction(row[exact]) for row in figures[1:]), Fraction(0)) == Fraction(record["wtw_kg"])
    assert record["factor_set"]["hash"] in [row[3] for row in sums]
    used = {name for row in figures[1:] for name in (row[figures[0].index("Factors")] or "").split("; ") if name}
    assert used == {row[0] for row in factors[1:]}
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    if name == "route":
        assert "南京-上海 R01.xlsx" in unquote(disposition)


@pytest.mark.parametrize("kind", ["routes", "products"])
def test_lists_as_files_hold_every_row_and_run_no_formula(filled: tuple[House, Sample], kind: str) -> None:
    """The whole list, its emissions as in each record; names that look like formulas are text."""
    house, _ = filled
    with house.client("owner", **PAGE) as client:
        book = rows(client.get(f"/{kind}", params={"as": "xlsx"}).content)
        text = client.get(f"/{kind}", params={"as": "csv"}).content.decode("utf-8-sig")
        records = client.get(f"/{kind}", params={"as": "json"}).json()
    told = list(csv.reader(StringIO(text)))
    assert len(book) == len(told)
    exact = book[0].index("exact")
    whole = sum((Fraction(record["wtw_kg"]) for record in records), Fraction(0))
    assert sum((Fraction(row[exact]) for row in book[1:] if row[exact]), Fraction(0)) == whole
    assert not [cell for row in told for cell in row if cell.startswith(("=", "+", "@"))]
    if kind == "routes":
        assert {HOSTILE[0], HOSTILE[2]} <= {row[0] for row in book}


def test_pictures_lead_to_figures_and_run_nothing(filled: tuple[House, Sample]) -> None:
    """Every link of a picture is an anchor of its page or a page; a hostile name is text in it."""
    house, sample = filled
    with house.client("owner", **PAGE) as client:
        page = client.get(pages_of(sample)["product"]).text
        listed = client.get("/routes").text
    assert 'href="#stage-transport"' in page
    assert 'id="stage-transport"' in page
    assert HOSTILE[0] not in listed
    assert "/routes/%E5%8D%97%E4%BA%AC-%E4%B8%8A%E6%B5%B7%20R01" in listed


def test_an_unknown_form_is_refused(filled: tuple[House, Sample]) -> None:
    """Nothing is guessed from a form nobody offers."""
    with filled[0].client("owner", **PAGE) as client:
        assert client.get("/routes", params={"as": "exe"}).status_code == 400


def test_a_route_is_on_a_map_and_what_is_not_is_named(filled: tuple[House, Sample]) -> None:
    """Both ends are cities that the gazetteer knows; hostile names are no places, and are text."""
    house, sample = filled
    with house.client("owner", **PAGE) as client:
        page = client.get(pages_of(sample)["route"]).text
        other = client.get(f"/routes/{quote(HOSTILE[0], safe='')}").text
    assert 'class="way"' in page
    assert "Nanjing" in page
    assert HOSTILE[0] not in other
